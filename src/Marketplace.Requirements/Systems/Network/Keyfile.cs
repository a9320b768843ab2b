namespace Marketplace.Requirements.Systems.Network;

/// <summary>
/// A file of groups and keys as GLib's GKeyFile reads it: <c>[group]</c>, <c>key=value</c>, comments that start with <c>#</c>; of a
/// group that stands twice and of a key that stands twice the last value counts.
/// </summary>
internal sealed class Keyfile
{
    private readonly Dictionary<(string Group, string Key), (string Value, int Line)> _values = [];

    /// <summary>Parses a text.</summary>
    public static Keyfile Parse(string text)
    {
        Keyfile file = new();
        string group = "";
        foreach (TextLine line in TextLines.Of(text))
        {
            string trimmed = line.Text.Trim();
            int equals = trimmed.IndexOf('=', StringComparison.Ordinal);
            if (trimmed.Length > 2 && trimmed[0] == '[' && trimmed[^1] == ']')
            {
                group = trimmed[1..^1];
            }
            else if (equals > 0 && trimmed[0] != '#')
            {
                file._values[(group, trimmed[..equals].TrimEnd())] = (trimmed[(equals + 1)..].TrimStart(), line.Number);
            }
        }

        return file;
    }

    /// <summary>The value; empty when it is not set.</summary>
    public string Get(string group, string key) => _values.TryGetValue((group, key), out (string Value, int Line) found) ? found.Value : "";

    /// <summary>The line of the value that counts; 0 when it is not set.</summary>
    public int LineOf(string group, string key) => _values.TryGetValue((group, key), out (string Value, int Line) found) ? found.Line : 0;
}
