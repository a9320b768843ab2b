using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Network;

/// <summary>Files of shell assignments: <c>KEY=value</c>, quotes around values, comments after blanks; the last assignment counts.</summary>
internal sealed class ShellAssignments
{
    private const int MaxBytes = 256 * 1024;

    private readonly Dictionary<string, (string Value, int Line, string Text)> _values = new(StringComparer.Ordinal);

    /// <summary>The names that are set, in no order.</summary>
    public IEnumerable<string> Keys => _values.Keys;

    /// <summary>Reads the file; null when there is none.</summary>
    public static ShellAssignments? Read(FileTree tree, string path) => tree.ReadAllText(path, MaxBytes) is { } text ? Parse(text) : null;

    /// <summary>Parses a text.</summary>
    public static ShellAssignments Parse(string text)
    {
        ShellAssignments assignments = new();
        foreach (TextLine line in TextLines.Of(text))
        {
            string trimmed = line.Text.Trim();
            trimmed = trimmed.StartsWith("export ", StringComparison.Ordinal) ? trimmed[7..].TrimStart() : trimmed;
            int equals = trimmed.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && trimmed[0] != '#' && !trimmed.AsSpan(0, equals).ContainsAny(' ', '\t'))
            {
                assignments._values[trimmed[..equals]] = (Unquote(trimmed[(equals + 1)..]), line.Number, line.Text);
            }
        }

        return assignments;
    }

    /// <summary>The value; empty when it is not set.</summary>
    public string Get(string key) => _values.TryGetValue(key, out (string Value, int Line, string Text) found) ? found.Value : "";

    /// <summary>The line of the value that counts; 0 when it is not set.</summary>
    public int LineOf(string key) => _values.TryGetValue(key, out (string Value, int Line, string Text) found) ? found.Line : 0;

    /// <summary>That line as it stands.</summary>
    public string TextOf(string key) => _values.TryGetValue(key, out (string Value, int Line, string Text) found) ? found.Text : "";

    private static string Unquote(string value)
    {
        if (value.Length > 0 && value[0] is '"' or '\'')
        {
            int close = value.IndexOf(value[0], 1);
            return close < 0 ? value[1..] : value[1..close];
        }

        int end = value.AsSpan().IndexOfAny(' ', '\t', ';');
        return end < 0 ? value : value[..end];
    }
}
