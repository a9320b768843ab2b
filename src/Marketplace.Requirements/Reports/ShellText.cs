namespace Marketplace.Requirements.Reports;

/// <summary>Words from a disk made safe to stand in a script.</summary>
internal static class ShellText
{
    /// <summary>One word of a POSIX shell, whatever it holds: POSIX.1-2017, Shell Command Language, 2.2.2.</summary>
    public static string Quote(string word) => "'" + word.Replace("'", @"'\''", StringComparison.Ordinal) + "'";

    /// <summary>One string of PowerShell, whatever it holds: about_Quoting_Rules, single-quoted strings. The typographic quotes end one too.</summary>
    public static string QuotePowerShell(string text)
    {
        foreach (char quote in (ReadOnlySpan<char>)['\'', '\u2018', '\u2019', '\u201A', '\u201B'])
        {
            text = text.Replace(quote.ToString(), new string(quote, 2), StringComparison.Ordinal);
        }

        return "'" + text + "'";
    }
}
