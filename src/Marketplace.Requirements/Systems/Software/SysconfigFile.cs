namespace Marketplace.Requirements.Systems.Software;

/// <summary>A file of /etc/sysconfig, which programs read as a shell does: <c>KEY="value"</c>, the last assignment counts.</summary>
internal static class SysconfigFile
{
    /// <summary>The last assignment of a key; null when there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="key">The key.</param>
    /// <returns>The value without quotes and the line it stands in.</returns>
    public static (string Value, TextLine Line)? Find(string text, string key)
    {
        (string, TextLine)? found = null;
        foreach (TextLine line in TextLines.Of(text))
        {
            string trimmed = line.Text.Trim();
            if (trimmed.StartsWith(key, StringComparison.Ordinal) && trimmed.Length > key.Length && trimmed[key.Length] == '=')
            {
                found = (ValueOf(trimmed[(key.Length + 1)..]), line);
            }
        }

        return found;
    }

    // What follows a blank outside quotes is a command or a comment, not part of the value.
    private static string ValueOf(string text)
    {
        if (text.Length > 0 && text[0] is '"' or '\'')
        {
            int end = text.IndexOf(text[0], 1);
            return end < 0 ? text[1..] : text[1..end];
        }

        int blank = text.AsSpan().IndexOfAny(" \t;");
        return blank < 0 ? text : text[..blank];
    }
}
