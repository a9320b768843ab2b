using System.Globalization;
using System.Text;
using Marketplace.DiskImages.FileSystems;

namespace Marketplace.Requirements.Reports;

/// <summary>Words from a disk made safe to stand in a script.</summary>
internal static class ShellText
{
    /// <summary>
    /// One word of a POSIX shell, whatever it holds: POSIX.1-2017, Shell Command Language, 2.2.2. What a terminal would obey, or
    /// what turns the direction of writing, is written in octal: who reads the script first sees what it does.
    /// </summary>
    public static string Quote(string word)
    {
        StringBuilder quoted = new("'", word.Length + 2);
        foreach (char c in word)
        {
            if (c == '\'')
            {
                quoted.Append(@"'\''");
            }
            else if (IsHidden(c))
            {
                quoted.Append("'\"$(printf '");
                foreach (byte b in FileName.Encode(c.ToString()))
                {
                    quoted.Append('\\').Append(Convert.ToString(b, 8).PadLeft(3, '0'));
                }

                quoted.Append("')\"'");
            }
            else
            {
                quoted.Append(c);
            }
        }

        return quoted.Append('\'').ToString();
    }

    /// <summary>One string of PowerShell, whatever it holds: about_Quoting_Rules, single-quoted strings. The typographic quotes end one too.</summary>
    public static string QuotePowerShell(string text)
    {
        foreach (char quote in (ReadOnlySpan<char>)['\'', '\u2018', '\u2019', '\u201A', '\u201B'])
        {
            text = text.Replace(quote.ToString(), new string(quote, 2), StringComparison.Ordinal);
        }

        return "'" + text + "'";
    }

    // A command substitution loses line feeds at its end, a tab hides nothing, and no word holds a NUL.
    private static bool IsHidden(char c) =>
        c is not ('\n' or '\t' or '\0') && (char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
