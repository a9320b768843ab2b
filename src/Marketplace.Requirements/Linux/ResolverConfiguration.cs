using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2024: no name server of the build network is left in resolv.conf.</summary>
internal sealed class ResolverConfiguration : LinuxRequirement
{
    private const string Path = "/etc/resolv.conf";

    private static readonly string[] MadeByTheSystem = ["/run/", "/var/run/", "/usr/", "/lib/", "/proc/"];

    public override string Id => "MKT2024";

    public override string Title => "resolv.conf is removed";

    public override string Section => "2.7";

    public override Criterion Guide { get; } = new(Severity.Error, "/etc/resolv.conf is removed, or at least names no server; a link to what the system makes at boot is fine", "Guide, 2.7 and 2.9");

    public override Criterion Current { get; } = new(Severity.Error, "/etc/resolv.conf is removed, or at least names no server; a link to what the system makes at boot is fine", "Azure Linux Agent, deprovision");

    public override string Why => "The name server of the build network is not there in Azure";

    public override string Remedy => "rm /etc/resolv.conf as the last step, or waagent -deprovision+user";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        FileTree tree = system.Tree;
        switch (tree.LinkStat(Path))
        {
            case null:
                return CheckResult.Passed;
            case { Kind: FileKind.SymbolicLink } when !LeadsToKeptFile(tree):
                string target = tree.ReadLink(Path) ?? "";
                return CheckResult.From(new Observation(disk, $"/etc/resolv.conf is a link to {Evidence.Quote(target)}, which the system makes at boot") { PathInDisk = Path, Guide = Severity.Info, Current = Severity.Info });
            case { Kind: FileKind.SymbolicLink or FileKind.Regular }:
                foreach (TextLine line in TextLines.Of(tree.ReadAllText(Path, 1 << 20) ?? ""))
                {
                    // resolv.conf(5): the keyword starts the line.
                    if (line.Text.StartsWith("nameserver", StringComparison.Ordinal) && line.Text.Length > 10 && char.IsWhiteSpace(line.Text[10]))
                    {
                        return CheckResult.From(new Observation(disk, "/etc/resolv.conf still names a server") { PathInDisk = Path, Line = line.Number, Evidence = line.Text, Repair = new Repair(RepairStage.Cleanup, $"remove_path {Path}") });
                    }
                }

                return CheckResult.Passed;
            default:
                return CheckResult.Passed;
        }
    }

    // What is below /run is made at boot, and /usr/lib/systemd/resolv.conf names systemd-resolved itself.
    private static bool LeadsToKeptFile(FileTree tree) =>
        tree.Stat(Path) is { Kind: FileKind.Regular } target && !MadeByTheSystem.Any(directory => target.Path.StartsWith(directory, StringComparison.Ordinal));
}
