using System.Globalization;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>A rule of the Windows firewall as the registry has it: words <c>Name=value</c> between bars, names may be repeated (MS-GPFAS, 2.2.2.19).</summary>
internal sealed class FirewallRule
{
    private const int Tcp = 6;
    private const int AnyProtocol = 256;
    private readonly ILookup<string, string> _fields;

    private FirewallRule(ILookup<string, string> fields) => _fields = fields;

    /// <summary>Whether the rule lets connections in, or keeps them out (Block).</summary>
    public bool Allows => Is("Action", "Allow");

    /// <summary>Whether the rule keeps connections out, which counts before the rules that let them in.</summary>
    public bool Blocks => Is("Action", "Block");

    /// <summary>Reads the data of a value below <c>FirewallRules</c>.</summary>
    public static FirewallRule Parse(string text) => new(text.Split('|')
        .Select(word => word.Split('=', 2))
        .Where(parts => parts.Length == 2)
        .ToLookup(parts => parts[0], parts => parts[1], StringComparer.OrdinalIgnoreCase));

    /// <summary>Whether the rule is in force for remote desktop connections that come in to a port over a public network, as that of Azure is.</summary>
    public bool IsForRemoteDesktop(uint port) =>
        Is("Active", "TRUE") && Is("Dir", "In")
        && IsUnsetOr("Protocol", value => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int protocol) && protocol is Tcp or AnyProtocol)
        && CoversPort(port)
        && IsUnsetOr("Profile", value => value.Equals("Public", StringComparison.OrdinalIgnoreCase))
        && IsUnsetOr("App", value => value.EndsWith(@"\svchost.exe", StringComparison.OrdinalIgnoreCase))
        && IsUnsetOr("Svc", value => value is "*" || value.Equals("TermService", StringComparison.OrdinalIgnoreCase))
        && !_fields["AppPkgId"].Any();

    private bool CoversPort(uint port)
    {
        string[] ports = [.. _fields["LPort"], .. _fields["LPort2_10"]];
        return ports.Length == 0 || ports.Any(value => Covers(value, port));
    }

    private static bool Covers(string ports, uint port)
    {
        string[] ends = ports.Split('-');
        return uint.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out uint first)
            && uint.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out uint last)
            && port >= first && port <= last;
    }

    private bool Is(string name, string value) => _fields[name].Any(found => found.Equals(value, StringComparison.OrdinalIgnoreCase));

    private bool IsUnsetOr(string name, Func<string, bool> fits) => !_fields[name].Any() || _fields[name].Any(fits);
}
