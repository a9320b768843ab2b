using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Accounts;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2028: no shell history is left.</summary>
internal sealed class NoShellHistory : LinuxRequirement
{
    // A shell whose HOME is not set writes to the root; what is in /etc/skel comes to every new account.
    private static readonly string[] OtherPlaces = ["", "/etc/skel"];

    // Where shells keep their history by the XDG base directories: fish by default, zsh and bash by the usual settings.
    private static readonly string[] BelowHome =
        [".local/share/fish/fish_history", ".config/fish/fish_history", ".config/zsh/.zsh_history", ".local/share/zsh/history", ".local/state/zsh/history", ".local/state/bash/history"];

    public override string Id => "MKT2028";

    public override string Title => "Shell histories are cleared";

    public override string Section => "2.8";

    public override Criterion Guide { get; } = new(Severity.Error, "the histories of the shells are cleared", "Guide, 2.8");

    public override Criterion Current { get; } = new(Severity.Error, "every .*sh_history and .history in a home directory is absent or empty", "Self-test 48; LISA verify_bash_history_is_empty; certification policy 200.5.1");

    public override string Why => "Histories hold passwords and addresses";

    public override string Remedy => "rm -f /root/.*sh_history /home/*/.*sh_history, then export HISTSIZE=0 before the last shell ends";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        FileTree tree = system.Tree;
        List<Observation> observations = [];
        foreach (string home in HomeDirectories.Find(tree, system.Accounts).Concat(OtherPlaces))
        {
            foreach (string name in tree.List(home.Length == 0 ? "/" : home).Where(IsHistory).Concat(BelowHome))
            {
                string path = home + "/" + name;
                if (tree.Stat(path) is not { Kind: FileKind.Regular } stat)
                {
                    // A link to /dev/null is a way to have none.
                    continue;
                }

                Observation observation = new(disk, stat.Size > 0 ? $"a shell history of {stat.Size} bytes is left" : "an empty shell history is left") { PathInDisk = Evidence.Quote(path) };
                observations.Add(stat.Size > 0 ? observation with { Remedy = $"rm {Evidence.Word(path)}", Repair = RepairCommands.Of(RepairStage.Cleanup, "remove_path", path) } : observation with { Guide = Severity.Info, Current = Severity.Info });
            }
        }

        return CheckResult.From(observations);
    }

    private static bool IsHistory(string name) =>
        name is ".history" or ".zhistory" or ".histfile" || (name.StartsWith('.') && name.EndsWith("sh_history", StringComparison.Ordinal));
}
