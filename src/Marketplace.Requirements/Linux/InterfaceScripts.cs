using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2021: the network can be controlled by ifup and ifdown.</summary>
internal sealed class InterfaceScripts : LinuxRequirement
{
    private static readonly string[] Directories = ["/usr/sbin", "/sbin", "/usr/bin"];

    public override string Id => "MKT2021";

    public override string Title => "ifup and ifdown";

    public override string Section => "2.7";

    public override Criterion Guide { get; } = new(Severity.Warning, "the network is controlled by the scripts ifup and ifdown", "Guide, 2.7");

    public override Criterion Current { get; } = new(Severity.Info, "ifup and ifdown are no longer needed", "Azure Linux Agent: it restarts the network by the means of each distribution");

    public override bool NewestWins => true;

    public override string Why => "The agent of 2015 called them to restart the network. That of today uses netplan, NetworkManager or systemd-networkd as well";

    public override string Remedy => "apt-get install ifupdown, or dnf install network-scripts, where the level 2015-10 alone is asked for";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        string[] missing = [.. ((string[])["ifup", "ifdown"]).Where(name => !Directories.Any(directory => system.Tree.FileExists($"{directory}/{name}")))];
        return missing.Length == 0
            ? CheckResult.Passed
            : CheckResult.From(new Observation(disk, $"there is no {string.Join(" and no ", missing)} in /usr/sbin"));
    }
}
