using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Reports;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Software;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2039: wicked of SUSE does not take the host name from DHCP.</summary>
internal sealed class SuseDhcpHostName : LinuxRequirement
{
    private const string Path = "/etc/sysconfig/network/dhcp";
    private const string Key = "DHCLIENT_SET_HOSTNAME";
    private const int MaxBytes = 1 << 20;

    private static readonly string[] Distributions = ["sles", "sles_sap", "sle_hpc", "opensuse", "opensuse-leap", "opensuse-tumbleweed"];

    /// <summary>The programs that read the file: wicked, and ifup of the releases before it.</summary>
    private static readonly string[] Readers = ["/usr/sbin/wicked", "/usr/sbin/wickedd", "/sbin/ifup"];

    public override string Id => "MKT2039";

    public override string Title => "Host name is not taken from DHCP (SUSE)";

    public override Criterion Current { get; } = new(Severity.Warning, "where wicked configures the network, /etc/sysconfig/network/dhcp has DHCLIENT_SET_HOSTNAME=\"no\"", "LISA verify_dhcp_file_configuration; Prepare SUSE Linux for Azure");

    public override string Why => "The name from DHCP would replace the one the machine was provisioned with";

    public override string Remedy => "set DHCLIENT_SET_HOSTNAME=\"no\" in /etc/sysconfig/network/dhcp";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        if (!Distributions.Contains(system.OsRelease.Id, StringComparer.Ordinal))
        {
            return CheckResult.NotApplicable("the system is not of the SUSE family");
        }

        if (ConfiguredBy(system) is { } other)
        {
            return CheckResult.NotApplicable(other);
        }

        Observation observation = new(disk, "") { PathInDisk = Path, Repair = new Repair(RepairStage.Configuration, $"set_conf {Path} {Key} {ShellText.Quote("\"no\"")}") };
        if (system.Tree.ReadAllText(Path, MaxBytes) is not { } text)
        {
            return CheckResult.From(observation with { Found = $"there is no {Path}, so {Key} is not set", Repair = null });
        }

        if (SysconfigFile.Find(text, Key) is not { } found)
        {
            return CheckResult.From(observation with { Found = $"{Key} is not set" });
        }

        observation = observation with { Line = found.Line.Number, Evidence = found.Line.Text };
        return found.Value != "no" ? CheckResult.From(observation with { Found = $"{Key} is \"{Evidence.Quote(found.Value)}\"" })
            : text.Contains($"{Key}=\"no\"", StringComparison.Ordinal) ? CheckResult.Passed
            : CheckResult.From(observation with { Found = $"{Key} is no, but not written as {Key}=\"no\", which is what the test of certification looks for", Current = Severity.Info });
    }

    /// <summary>Why nothing reads the file; null when something may.</summary>
    private static string? ConfiguredBy(LinuxSystem system)
    {
        // The alias network.service is the one of the two services that is enabled.
        string alias = system.Tree.ReadLink("/etc/systemd/system/network.service") ?? "";
        string service = alias[(alias.LastIndexOf('/') + 1)..];
        return service == "NetworkManager.service" || (service.Length == 0 && system.Services.FindEnablement(["NetworkManager"], [".service"]) is not null)
                ? "NetworkManager configures the network, which does not read /etc/sysconfig/network/dhcp"
            : service.Length == 0 && !system.Tree.FileExists(Path) && !Readers.Any(path => system.Tree.Stat(path) is not null)
                ? "neither wicked nor ifup is installed, and there is no /etc/sysconfig/network/dhcp"
            : null;
    }
}
