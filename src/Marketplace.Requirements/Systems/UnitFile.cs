using System.Text;

namespace Marketplace.Requirements.Systems;

/// <summary>
/// Settings of a systemd unit as systemd.syntax(7) has them: sections, <c>Key = value</c> with blanks around the sign left out,
/// comments that start with <c>#</c> or <c>;</c>, lines that a backslash joins to the next.
/// </summary>
internal static class UnitFile
{
    /// <summary>The values of a key in a section, in order; an empty one takes back those before it.</summary>
    /// <param name="text">The text of the unit, or of unit and drop-ins one after the other.</param>
    /// <param name="section">The section without brackets.</param>
    /// <param name="key">The key.</param>
    public static IReadOnlyList<string> ValuesOf(string text, string section, string key)
    {
        List<string> values = [];
        string current = "";
        StringBuilder joined = new();
        foreach (TextLine line in TextLines.Of(text))
        {
            string trimmed = line.Text.Trim();
            if (trimmed.Length > 0 && trimmed[0] is '#' or ';')
            {
                // A comment between joined lines does not end them.
                continue;
            }

            joined.Append(trimmed);
            if (trimmed.EndsWith('\\'))
            {
                joined[^1] = ' ';
                continue;
            }

            Read(joined.ToString());
            joined.Clear();
        }

        Read(joined.ToString());
        return values;

        void Read(string setting)
        {
            if (setting.Length > 1 && setting[0] == '[' && setting[^1] == ']')
            {
                current = setting[1..^1];
                return;
            }

            int equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && current == section && setting.AsSpan(0, equals).TrimEnd().SequenceEqual(key))
            {
                string value = setting[(equals + 1)..].Trim();
                if (value.Length == 0)
                {
                    values.Clear();
                }
                else
                {
                    values.Add(value);
                }
            }
        }
    }

    /// <summary>The last value of a key in a section; null when it has none.</summary>
    public static string? ValueOf(string text, string section, string key) => ValuesOf(text, section, key) is { Count: > 0 } values ? values[^1] : null;

    /// <summary>Words of a value, without the double or single quotes around them.</summary>
    public static IEnumerable<string> WordsOf(string value) =>
        value.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim('"', '\''));
}
