using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Systems.Network;

namespace Marketplace.Requirements.Systems.Firewall;

/// <summary>
/// Commands that set firewall rules at boot: in services of the administrator, in rc.local and cron, in the scripts and options of
/// ifupdown. A command whose rules are not plain to see, as they come from a variable or a pipe, is none.
/// </summary>
internal static class FirewallCommands
{
    private static readonly string[] ScriptDirectories = ["/etc/network/if-pre-up.d", "/etc/network/if-up.d"];

    private static readonly string[] Options = ["pre-up", "up", "post-up"];

    private static readonly string[] Talk = ["echo", "printf", "logger"];

    /// <summary>Finds them, one of each file.</summary>
    /// <exception cref="DiskImages.DiskFormatException">A file cannot be read.</exception>
    public static IEnumerable<FirewallRules> Find(LinuxSystem system) =>
        BootCommands.Find(system, text => SetsRules(system.Tree, text)).Concat(NetworkReaders.HasIfupdown(system) ? OfIfupdown(system.Tree) : [])
            .DistinctBy(command => command.Path)
            .Select(command => new FirewallRules(command.Path[(command.Path.LastIndexOf('/') + 1)..], command.Path, command.Line, command.Text, IsDefault: false, command.SwitchOff));

    private static IEnumerable<BootCommand> OfIfupdown(FileTree tree)
    {
        // run-parts(8) takes names of letters, digits, hyphens and underscores.
        IEnumerable<BootCommand> scripts = ScriptDirectories
            .SelectMany(directory => tree.List(directory).Where(name => !name.Contains('.', StringComparison.Ordinal)).Select(name => $"{directory}/{name}"))
            .SelectMany(path => BootCommands.LinesOfScript(tree, path));
        IEnumerable<BootCommand> options = tree.List("/etc/network/interfaces.d").Select(name => "/etc/network/interfaces.d/" + name).Prepend("/etc/network/interfaces")
            .SelectMany(path => BootCommands.LinesOf(tree, path))
            .Where(line => Options.Contains(line.Text.Split([' ', '\t'], 2)[0], StringComparer.Ordinal));
        return scripts.Concat(options).Where(line => SetsRules(tree, line.Text));
    }

    /// <summary>Whether a command adds a rule (iptables(8), iptables-restore(8), nft(8)), or a policy that drops.</summary>
    private static bool SetsRules(FileTree tree, string text)
    {
        if (!text.Contains("tables", StringComparison.Ordinal) && !text.Contains("nft", StringComparison.Ordinal))
        {
            return false;
        }

        foreach (string command in text.Split([';', '&', '|']))
        {
            string[] words = [.. command.Replace("<", " < ", StringComparison.Ordinal).Split([' ', '\t', '(', ')', '{', '}'], StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim('"', '\''))];
            int at = words is [var first, ..] && Talk.Contains(first, StringComparer.Ordinal) ? -1 : Array.FindIndex(words, word => KindOf(word) is not null);
            string[] arguments = at < 0 ? [] : words[(at + 1)..];
            bool sets = at >= 0 && KindOf(words[at]) switch
            {
                "restore" => FileOf(arguments) is { } saved && FirewallFacts.FirstSavedRule(tree, saved).Number > 0,
                "nft" => (arguments.Contains("-f") || arguments.Contains("--file")
                    ? FileOf(arguments) is { } script && tree.FileExists(script) && NftRuleset.FindRule(tree, script) is not null
                    : arguments is ["add" or "insert", "rule", ..]),
                _ => arguments.Any(argument => argument is "-A" or "-I" or "--append" or "--insert") || (arguments.Any(argument => argument is "-P" or "--policy") && arguments.Contains("DROP")),
            };
            if (sets)
            {
                return true;
            }
        }

        return false;
    }

    private static string? KindOf(string word)
    {
        string name = word[(word.LastIndexOf('/') + 1)..];
        return name == "nft" ? "nft"
            : name is "iptables-restore" or "ip6tables-restore" or "iptables-nft-restore" or "iptables-legacy-restore" ? "restore"
            : name is "iptables" or "ip6tables" or "iptables-nft" or "iptables-legacy" ? "iptables"
            : null;
    }

    private static string? FileOf(string[] arguments) =>
        arguments.LastOrDefault(argument => argument.StartsWith('/') && !argument.StartsWith("/dev/", StringComparison.Ordinal) && !argument.Contains('$', StringComparison.Ordinal));
}
