using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Reports;
using Marketplace.Requirements.Systems;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2023: no rule of udev names network cards by their hardware address.</summary>
internal sealed class NoPersistentNetRules : LinuxRequirement
{
    private const int MaxBytes = 1 << 20;
    private const int MaxFiles = 1024;
    private const string Administrator = "/etc/udev/rules.d";
    private const string Generator = "75-persistent-net-generator.rules";

    private const string Generated = "70-persistent-net.rules";

    private static readonly string[] AddressKeys = ["ATTR{address}==", "ATTRS{address}==", "SYSFS{address}=="];

    private static readonly string[] Delivered = ["/usr/lib/udev/rules.d", "/lib/udev/rules.d"];

    public override string Id => "MKT2023";

    public override string Title => "No persistent names of network cards";

    public override string Section => "2.7";

    public override Criterion Current { get; } = new(Severity.Warning, "/etc/udev/rules.d/70-persistent-net.rules and /lib/udev/rules.d/75-persistent-net-generator.rules are absent or masked", "LISA verify_udev_rules_moved");

    public override string Why => "The rule gives the name eth0 to the card of the build machine. The card of a new machine becomes eth1, which nothing configures";

    public override string Remedy => "rm -f /etc/udev/rules.d/70-persistent-net.rules; ln -sf /dev/null /etc/udev/rules.d/75-persistent-net-generator.rules";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        FileTree tree = system.Tree;
        List<Observation> observations = [];
        foreach (string name in tree.List(Administrator).Where(name => name.EndsWith(".rules", StringComparison.Ordinal)).Take(MaxFiles))
        {
            string path = $"{Administrator}/{name}";
            if (tree.Stat(path) is { Kind: FileKind.Regular, Size: > 0 } && FindRule(name, tree.ReadAllText(path, MaxBytes) ?? "") is { Number: > 0 } rule)
            {
                observations.Add(new Observation(disk, "a rule of udev gives a network card a name for good")
                {
                    PathInDisk = Evidence.Quote(path),
                    Line = rule.Number,
                    Evidence = rule.Text,
                    Remedy = $"rm -f {Evidence.Word(path)}",
                    Repair = new Repair(RepairStage.Cleanup, name == Generated ? $"remove_path {ShellText.Quote(path)}" : $"comment_out {ShellText.Quote(path)} {ShellText.Quote(rule.Text.Trim())}"),
                });
            }
        }

        // A file of the administrator hides the one that is delivered; udev reads an empty one and a link to /dev/null as nothing.
        string? generator = tree.LinkStat($"{Administrator}/{Generator}") is not null
            ? (tree.Stat($"{Administrator}/{Generator}") is { Kind: FileKind.Regular, Size: > 0 } ? $"{Administrator}/{Generator}" : null)
            : Delivered.Select(directory => $"{directory}/{Generator}").FirstOrDefault(path => tree.Stat(path) is { Kind: FileKind.Regular, Size: > 0 });
        if (generator is not null)
        {
            observations.Add(new Observation(disk, "udev writes rules that name network cards by their hardware address")
            {
                PathInDisk = generator,
                Repair = new Repair(RepairStage.Configuration, $"mkdir -p {Administrator}\nln -sf /dev/null {Administrator}/{Generator}"),
            });
        }

        return CheckResult.From(observations);
    }

    /// <summary>The first rule that matches the address of a device and gives it a name (udev(7)); in the file of the generator any rule.</summary>
    private static TextLine FindRule(string name, string text) => TextLines.Joined(text).FirstOrDefault(line =>
        line.Text.TrimStart() is { Length: > 0 } rule && rule[0] != '#' && (name == Generated || BindsName(rule.Replace(" ", "", StringComparison.Ordinal))));

    private static bool BindsName(string rule) =>
        AddressKeys.Any(key => rule.Contains(key, StringComparison.Ordinal))
        && (rule.Contains(",NAME=\"", StringComparison.Ordinal) || rule.Contains(",NAME:=\"", StringComparison.Ordinal) || rule.StartsWith("NAME=\"", StringComparison.Ordinal));
}
