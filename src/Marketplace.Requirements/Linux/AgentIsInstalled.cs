using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Agent;
using Marketplace.Requirements.Systems.Software;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2001: the Azure Linux Agent is installed and recent.</summary>
internal sealed class AgentIsInstalled : LinuxRequirement
{
    private const int OwnerMayExecute = 0b001_000_000;

    /// <summary>The lowest version Azure supports unless the agent updates itself.</summary>
    internal static readonly Version Minimum = new(2, 2, 53, 1);

    private const string ConfigurationPath = "/etc/waagent.conf";

    /// <summary>What the service of the agent is started with where the configuration is elsewhere.</summary>
    private const string ConfigurationSwitch = "-configuration-path";

    public override string Id => "MKT2001";

    public override string Title => "Azure Linux Agent is installed and recent";

    public override string Section => "2.2";

    public override Criterion Guide { get; } = new(Severity.Error, "the latest Azure Linux Agent is installed, best from the package of the distribution, as an executable /usr/sbin/waagent with its configuration", "Guide, 2.2");

    public override Criterion Current { get; } = new(Severity.Error, "the Azure Linux Agent is installed, version 2.2.53.1 or later unless it updates itself", "Minimum version support for the agent (2025); LISA verify_waagent_version");

    public override string Why => "The agent makes the machine known to the platform and runs extensions";

    // A configuration that comes with the package does not update the agent on Debian.
    private const string Install = """
        install_package walinuxagent waagent WALinuxAgent python3-azure-agent python-azure-agent
        enable_first walinuxagent waagent
        set_conf /etc/waagent.conf AutoUpdate.Enabled y
        set_conf /etc/waagent.conf AutoUpdate.UpdateToLatestVersion y
        set_conf /etc/waagent.conf Provisioning.DeleteRootPassword y
        """;

    // All else has a default. Package managers do not bring back a configuration that was deleted.
    private const string Configure = """
        set_conf /etc/waagent.conf Provisioning.Agent auto
        set_conf /etc/waagent.conf Provisioning.DeleteRootPassword y
        set_conf /etc/waagent.conf Provisioning.RegenerateSshHostKeyPair y
        """;

    public override string Remedy => "apt-get install walinuxagent, dnf install WALinuxAgent, or zypper install python-azure-agent";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        AgentFacts agent = system.Agent;
        if (!agent.IsPresent)
        {
            SystemExtensions.ThrowIfAnyMayBring(system.Tree, "the Azure Linux Agent");
            return CheckResult.From(new Observation(disk, "the Azure Linux Agent is not installed: there is no waagent in /usr/sbin or /usr/bin") { Repair = new Repair(RepairStage.Software, Install) });
        }

        List<Observation> observations = [];
        if ((agent.BinaryMode & OwnerMayExecute) == 0)
        {
            observations.Add(new Observation(disk, $"the agent is not executable: its mode is {Convert.ToString(agent.BinaryMode, 8)}")
            {
                PathInDisk = agent.BinaryPath,
                Remedy = $"chmod 755 {Evidence.Word(agent.BinaryPath)}",
                Repair = RepairCommands.Of(RepairStage.Software, "chmod", "755", agent.BinaryPath),
            });
        }

        if (agent.Configuration is null && !AgentFacts.ServiceNames.Any(name => system.Services.ReadUnit(name + ".service").Contains(ConfigurationSwitch, StringComparison.Ordinal)))
        {
            observations.Add(new Observation(disk, "the agent has no configuration, without which it does not start")
            {
                PathInDisk = ConfigurationPath,
                Remedy = $"restore {ConfigurationPath} from the package of the agent",
                Repair = new Repair(RepairStage.Software, Configure),
            });
        }

        if (agent.Version is not { } version)
        {
            if (observations.Count == 0)
            {
                throw new CannotCheckException("the version of the Azure Linux Agent was not found (looked for azurelinuxagent/common/version.py and for a package of dpkg or RPM)");
            }

            return CheckResult.From(observations);
        }

        if (version < Minimum)
        {
            bool updates = agent.Configuration?.AutoUpdates ?? true;
            observations.Add(new Observation(disk, $"the Azure Linux Agent has version {version}, older than {Minimum}" + (updates ? "; it updates itself after the first boot" : ", and does not update itself"))
            {
                PathInDisk = agent.VersionPath,
                Line = agent.VersionLine,
                Guide = Severity.Warning,
                Current = updates ? Severity.None : Severity.Error,
                Remedy = "upgrade the package of the agent, or set AutoUpdate.UpdateToLatestVersion=y in /etc/waagent.conf",
                Repair = new Repair(RepairStage.Software, Install),
            });
        }
        else
        {
            observations.Add(new Observation(disk, $"the Azure Linux Agent has version {version}; whether it is the latest cannot be seen on the disk")
            {
                PathInDisk = agent.VersionPath,
                Line = agent.VersionLine,
                Guide = Severity.Info,
                Current = Severity.None,
            });
        }

        return CheckResult.From(observations);
    }
}
