using System.Globalization;
using System.Text;
using Marketplace.Requirements.Reports;

namespace Marketplace.Requirements.Engine;

/// <summary>Makes words found on a disk fit to be shown: no control characters, no lone surrogates, no endless lines.</summary>
internal static class Evidence
{
    /// <summary>The most characters of a quotation.</summary>
    public const int MaxLength = 120;

    /// <summary>The text as one short line; control, format and undecodable characters become <c>\xNN</c> or <c>\uNNNN</c>.</summary>
    public static string Quote(string text)
    {
        StringBuilder line = new();
        foreach (char c in text.AsSpan().Trim())
        {
            if (line.Length >= MaxLength)
            {
                return line.Append('…').ToString();
            }

            if (c < 0x20 || c is >= '\x7f' and < '\xa0')
            {
                line.Append("\\x").Append(((int)c).ToString("x2", CultureInfo.InvariantCulture));
            }
            else if (c is >= '\uDC80' and <= '\uDCFF')
            {
                // A byte that is not UTF-8, as FileName decodes it.
                line.Append("\\x").Append((c - 0xDC00).ToString("x2", CultureInfo.InvariantCulture));
            }
            else if (char.IsSurrogate(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                line.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                line.Append(c);
            }
        }

        return line.ToString();
    }

    /// <summary>The same as one word of a command that a person may copy into a shell: nothing in it is run.</summary>
    public static string Word(string text)
    {
        string shown = Quote(text);
        return shown.Length > 0 && shown.All(c => char.IsAsciiLetterOrDigit(c) || "/._-+@%=:,".Contains(c, StringComparison.Ordinal)) ? shown : ShellText.Quote(shown);
    }

    /// <summary>A sentence made one line, its length left alone.</summary>
    public static string OneLine(string text) => text.ReplaceLineEndings(" ").Replace('\t', ' ');
}
