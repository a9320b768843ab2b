using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Windows;

namespace Marketplace.Requirements.Windows;

/// <summary>MKT3015: the Azure VM agent is installed, starts, and is not too old.</summary>
internal sealed class VmAgent : WindowsRequirement
{
    private static readonly Version Minimum = new(2, 7, 41491, 1010);

    private const string InstallCommands = """
        [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
        $msi = Join-Path $env:TEMP 'WindowsAzureVmAgent.msi'
        Invoke-WebRequest -UseBasicParsing -Uri 'https://go.microsoft.com/fwlink/?LinkID=394789' -OutFile $msi
        $setup = Start-Process -FilePath msiexec.exe -ArgumentList '/i', "`"$msi`"", '/quiet', '/norestart' -Wait -PassThru
        Remove-Item -LiteralPath $msi -Force
        if ($setup.ExitCode -notin 0, 3010) { throw "msiexec ended with $($setup.ExitCode)" }
        """;

    public override string Id => "MKT3015";

    public override string Title => "Azure VM agent";

    public override Criterion Current { get; } = new(Severity.Warning, "the Azure VM agent (services RdAgent and WindowsAzureGuestAgent) is installed and enabled, version 2.7.41491.1010 or later", "Azure VM agent for Windows; Minimum version support for the agent (2025)");

    public override string Why => "Extensions, password resets and the health of the machine go through the agent; versions below the minimum are not served";

    public override string Remedy => "install the agent from https://go.microsoft.com/fwlink/?LinkID=394789 before sysprep";

    internal override CheckResult CheckSystem(string disk, WindowsSystem system)
    {
        AzureAgent agent = system.Agent;
        string[] missing = [.. new[] { AzureAgent.RemoteAgent, AzureAgent.GuestAgent }.Where(name => agent.Find(name) is null)];
        if (missing.Length > 0)
        {
            return CheckResult.From(new Observation(disk, missing.Length == 2
                ? "the Azure VM agent is not installed: there is neither the service RdAgent nor WindowsAzureGuestAgent"
                : $"the Azure VM agent is not installed completely: the service {missing[0]} is missing")
            {
                PathInDisk = WindowsSystem.SystemPath,
                Repair = new Repair(RepairStage.Software, InstallCommands),
            });
        }

        // A disk without the kernel has none of the programs of Windows: what is missing there tells nothing of the agent.
        bool hasPrograms = system.Architecture.Kernel is not null;
        List<Observation> observations = [.. agent.Services.Select(service => FindFault(disk, service, hasPrograms)).OfType<Observation>()];
        if (observations.All(observation => observation.Current == Severity.Info) && agent.Version is { } version && version < Minimum)
        {
            observations.Add(new Observation(disk, $"the Azure VM agent has version {version}, older than {Minimum}")
            {
                PathInDisk = agent.VersionSource,
                Repair = new Repair(RepairStage.Software, InstallCommands),
            });
        }
        else if (agent.Version is null)
        {
            observations.Add(new Observation(disk, "the version of the Azure VM agent cannot be seen on the disk; Azure brings it up to date") { PathInDisk = WindowsSystem.SystemPath, Current = Severity.Info });
        }

        return CheckResult.From(observations);
    }

    private static Observation? FindFault(string disk, AzureAgent.Service service, bool hasPrograms) =>
        !service.IsEnabled ? new Observation(disk, $"the service {service.Name} of the Azure VM agent is disabled")
        {
            PathInDisk = WindowsSystem.SystemPath,
            Remedy = $"Set-Service -Name {service.Name} -StartupType Automatic",
            Repair = new Repair(RepairStage.Configuration, $"Set-Service -Name {service.Name} -StartupType Automatic"),
        }
        : service.Program is not null && !service.HasProgram && !hasPrograms ? new Observation(disk, $"the program of the service {service.Name} of the Azure VM agent is not on the disk, and neither is the kernel of Windows, so that tells nothing")
        {
            PathInDisk = service.Program,
            Evidence = service.ImagePath,
            Current = Severity.Info,
        }
        : service.Program is not null && !service.HasProgram ? new Observation(disk, $"the program of the service {service.Name} of the Azure VM agent is missing")
        {
            PathInDisk = service.Program,
            Evidence = service.ImagePath,
            Repair = new Repair(RepairStage.Software, InstallCommands),
        }
        : null;
}
