namespace Marketplace.Requirements.Systems.Boot;

/// <summary>grubenv: 1024 bytes, <c># GRUB Environment Block</c>, then name=value lines; a backslash escapes the next character (GRUB manual, Environment block).</summary>
internal static class GrubEnvironmentBlock
{
    /// <summary>The largest block that is read, in bytes. GRUB writes 1024; some distributions preallocate more.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The variables.</summary>
    public static IReadOnlyDictionary<string, string> Parse(string text)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        System.Text.StringBuilder line = new();
        bool escaped = false;
        foreach (char c in text + "\n")
        {
            if (escaped)
            {
                line.Append(c);
                escaped = false;
            }
            else if (c == '\\')
            {
                escaped = true;
            }
            else if (c == '\n')
            {
                string current = line.ToString();
                int equals = current.IndexOf('=', StringComparison.Ordinal);
                if (equals > 0 && current[0] != '#')
                {
                    values[current[..equals]] = current[(equals + 1)..];
                }

                line.Clear();
            }
            else
            {
                line.Append(c);
            }
        }

        return values;
    }
}
