namespace Marketplace.DiskImages.Packages;

/// <summary>What the versions of dpkg and RPM have in common.</summary>
internal static class VersionParts
{
    /// <summary>Splits at the first colon and at the last hyphen behind it.</summary>
    public static (string Epoch, string Version, string Release) Split(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string rest = text[(colon + 1)..];
        int hyphen = rest.LastIndexOf('-');
        return (colon < 0 ? "" : text[..colon], hyphen < 0 ? rest : rest[..hyphen], hyphen < 0 ? "" : rest[(hyphen + 1)..]);
    }

    /// <summary>The digits from an index on, which moves behind them.</summary>
    public static string Digits(string text, ref int index)
    {
        int start = index;
        while (index < text.Length && char.IsAsciiDigit(text[index]))
        {
            index++;
        }

        return text[start..index];
    }

    /// <summary>Compares two runs of digits of any length as numbers; none is 0.</summary>
    /// <returns>-1, 0 or 1.</returns>
    public static int CompareNumbers(string left, string right)
    {
        left = left.TrimStart('0');
        right = right.TrimStart('0');
        return left.Length != right.Length ? left.Length.CompareTo(right.Length) : Math.Sign(string.CompareOrdinal(left, right));
    }
}
