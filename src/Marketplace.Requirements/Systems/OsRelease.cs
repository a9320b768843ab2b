using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems;

/// <summary>The facts of os-release(5).</summary>
/// <param name="Id">ID, lower case: <c>debian</c>, <c>ubuntu</c>, <c>rhel</c>, …; <c>linux</c> when missing.</param>
/// <param name="VersionId">VERSION_ID; empty when missing.</param>
/// <param name="PrettyName">PRETTY_NAME; <c>Linux</c> when missing.</param>
internal sealed record OsRelease(string Id, string VersionId, string PrettyName)
{
    /// <summary>ID_LIKE, lower case: the systems it is made of, the nearest first.</summary>
    public IReadOnlyList<string> Like { get; init; } = [];

    /// <summary>Reads /etc/os-release, else /usr/lib/os-release.</summary>
    public static OsRelease Read(FileTree tree) =>
        Parse(tree.ReadAllText("/etc/os-release", 1 << 20) ?? tree.ReadAllText("/usr/lib/os-release", 1 << 20) ?? "");

    /// <summary>Parses the text; the last assignment of a name counts, as in a shell.</summary>
    public static OsRelease Parse(string text)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (TextLine line in TextLines.Of(text))
        {
            string trimmed = line.Text.Trim();
            int equals = trimmed.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && trimmed[0] != '#')
            {
                values[trimmed[..equals]] = Unquote(trimmed[(equals + 1)..]);
            }
        }

        return new OsRelease(
            values.GetValueOrDefault("ID", "linux").ToLowerInvariant(),
            values.GetValueOrDefault("VERSION_ID", ""),
            values.GetValueOrDefault("PRETTY_NAME", "Linux"))
        {
            Like = values.GetValueOrDefault("ID_LIKE", "").ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries),
        };
    }

    private static string Unquote(string value) =>
        value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0] ? value[1..^1] : value;
}
