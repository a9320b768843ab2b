namespace Marketplace.Requirements.Systems.Ssh;

/// <summary>Time formats of sshd_config(5): <c>180</c>, <c>180s</c>, <c>3m</c>, <c>1h30m</c>.</summary>
internal static class SshTime
{
    /// <summary>The time in seconds, or null when the text is not a time.</summary>
    public static long? Parse(string text)
    {
        long total = 0;
        long number = -1;
        foreach (char c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                number = (number < 0 ? 0 : number * 10) + (c - '0');
            }
            else
            {
                int factor = char.ToLowerInvariant(c) switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, 'w' => 604800, _ => 0 };
                if (factor == 0 || number < 0)
                {
                    return null;
                }

                total += number * factor;
                number = -1;
            }

            // sshd keeps the value in an int.
            if (number > int.MaxValue || total > int.MaxValue)
            {
                return null;
            }
        }

        return text.Length == 0 ? null : total + Math.Max(0, number);
    }
}
