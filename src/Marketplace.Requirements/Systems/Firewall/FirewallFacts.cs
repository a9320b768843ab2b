using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Systems.Network;

namespace Marketplace.Requirements.Systems.Firewall;

/// <summary>Rules of a firewall that a service loads at boot.</summary>
/// <param name="Program">What loads them.</param>
/// <param name="Path">The file with the rules, or that switches the service on.</param>
/// <param name="Line">The first rule, from 1; 0 when there is no single one.</param>
/// <param name="Text">The rule as it stands.</param>
/// <param name="IsDefault">Whether the distribution delivers it that way.</param>
/// <param name="Repair">Shell commands that switch it off.</param>
internal sealed record FirewallRules(string Program, string Path, int Line, string Text, bool IsDefault, string Repair);

/// <summary>The firewall of a system: its software, and the rules that are loaded at boot.</summary>
internal static class FirewallFacts
{
    private const int MaxBytes = 1 << 20;

    private static readonly string[] Programs = [.. ((string[])["/usr/sbin/", "/sbin/", "/usr/bin/", "/bin/", "/usr/local/sbin/"])
        .SelectMany(directory => ((string[])["iptables", "iptables-nft", "iptables-legacy", "nft"]).Select(program => directory + program))];

    /// <summary>Whether iptables or its successor is installed: a package whose programs were deleted is not.</summary>
    public static bool IsInstalled(LinuxSystem system) => Programs.Any(system.Tree.FileExists);

    /// <summary>The rules that are loaded at boot.</summary>
    /// <exception cref="DiskImages.DiskFormatException">A file cannot be read.</exception>
    public static IEnumerable<FirewallRules> Find(LinuxSystem system)
    {
        FileTree tree = system.Tree;
        foreach ((string unit, string[] files) in ((string, string[])[])
        [
            ("netfilter-persistent", ["/etc/iptables/rules.v4", "/etc/iptables/rules.v6"]),
            ("iptables-persistent", ["/etc/iptables/rules.v4", "/etc/iptables/rules.v6"]),
            ("iptables", ["/etc/sysconfig/iptables"]),
            ("ip6tables", ["/etc/sysconfig/ip6tables"]),
        ])
        {
            foreach (string file in IsEnabled(system, unit) ? files : [])
            {
                if (FirstSavedRule(tree, file) is { Number: > 0 } rule)
                {
                    yield return new FirewallRules(unit + ".service", file, rule.Number, rule.Text, IsDefault: false, $"disable_service {unit}");
                }
            }
        }

        if (IsEnabled(system, "iptables") && DistributionFamily.IsAzureLinux(system))
        {
            // Its service runs a script of its own, which loads these two.
            foreach (string file in ((string[])["/etc/systemd/scripts/ip4save", "/etc/systemd/scripts/ip6save"]))
            {
                TextLine[] rules = [.. SavedRules(tree.ReadAllText(file, MaxBytes) ?? "")];
                if (rules.FirstOrDefault(rule => !IsOfAzureLinux(rule.Text)) is { Number: > 0 } own)
                {
                    yield return new FirewallRules("iptables.service", file, own.Number, own.Text, IsDefault: false, "disable_service iptables");
                    yield break;
                }

                if (rules.Length > 0)
                {
                    yield return new FirewallRules("iptables.service", file, rules[0].Number, rules[0].Text, IsDefault: true, "");
                }
            }
        }

        if (IsEnabled(system, "nftables"))
        {
            // The service of Debian reads the first, that of Red Hat the second.
            foreach (string file in ((string[])["/etc/nftables.conf", "/etc/sysconfig/nftables.conf"]).Where(tree.FileExists).Take(1))
            {
                if (NftRuleset.FindRule(tree, file) is { } rule)
                {
                    yield return new FirewallRules("nftables.service", rule.Path, rule.Line, rule.Text, IsDefault: false, "disable_service nftables");
                }
            }
        }

        if (IsEnabled(system, "ufw") && ShellAssignments.Read(tree, "/etc/ufw/ufw.conf") is { } ufw && ufw.Get("ENABLED").Equals("yes", StringComparison.OrdinalIgnoreCase))
        {
            yield return new FirewallRules("ufw", "/etc/ufw/ufw.conf", ufw.LineOf("ENABLED"), ufw.TextOf("ENABLED"), IsDefault: false, "set_conf /etc/ufw/ufw.conf ENABLED no");
        }

        if (system.Services.FindEnablement(["firewalld"], [".service"]) is { } enabledBy && (tree.FileExists("/usr/sbin/firewalld") || system.Services.FindUnit("firewalld.service") is not null))
        {
            yield return new FirewallRules("firewalld.service", enabledBy, 0, "", DistributionFamily.IsRedHat(system) || DistributionFamily.IsSuse(system), "disable_service firewalld");
        }

        foreach (FirewallRules commands in FirewallCommands.Find(system))
        {
            yield return commands;
        }
    }

    private static bool IsEnabled(LinuxSystem system, string unit) => system.Services.FindEnablement([unit], [".service"]) is not null;

    /// <summary>
    /// The first line of iptables-save that does something: a rule, or a policy of a chain that drops. Tables, chains that accept
    /// and counters are what an empty set of rules is saved as.
    /// </summary>
    /// <param name="tree">The files of the system.</param>
    /// <param name="path">The file; without one there is no rule.</param>
    /// <exception cref="DiskImages.DiskFormatException">The file cannot be read.</exception>
    internal static TextLine FirstSavedRule(FileTree tree, string path) => SavedRules(tree.ReadAllText(path, MaxBytes) ?? "").FirstOrDefault();

    private static IEnumerable<TextLine> SavedRules(string text) => TextLines.Of(text).Where(line => line.Text.TrimStart() is var rule
        && (rule.StartsWith('-') || (rule.StartsWith('[') && rule.Contains("] -", StringComparison.Ordinal))
            || (rule.StartsWith(':') && rule.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is [_, "DROP" or "REJECT", ..])));

    /// <summary>
    /// Whether a rule can be one of those the package iptables of Azure Linux brings, which differ from version to version: malformed
    /// packets are dropped, and SSH, DHCP, ICMP and answers are let in.
    /// </summary>
    private static bool IsOfAzureLinux(string rule)
    {
        string[] words = rule.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return words[0].StartsWith(':')
            || (words is ["-A", "INPUT" or "OUTPUT" or "FORWARD", .. var rest]
                && !rest.Any(word => word is "REJECT" or "LOG" or "-s" or "--source" or "--sport" or "--dports" or "multiport")
                && Array.IndexOf(rest, "--dport") is var port && (port < 0 || rest.ElementAtOrDefault(port + 1) is "22" or "68" or "546")
                && (!rest.Contains("DROP") || rest.Contains("--tcp-flags") || rest.Contains("--syn")));
    }
}
