namespace Marketplace.Requirements.Systems.Boot;

/// <summary>The order of versions as rpmvercmp has it, which GRUB uses to sort Boot Loader Specification entries.</summary>
internal static class VersionOrder
{
    /// <summary>Compares the names of two entries as GRUB's blscfg does: name, version and release, split at the last two hyphens.</summary>
    public static int CompareEntries(string left, string right)
    {
        (string Name, string Version, string Release) a = Split(left);
        (string Name, string Version, string Release) b = Split(right);
        int order = Compare(a.Name, b.Name);
        order = order != 0 ? order : Compare(a.Version, b.Version);
        return order != 0 ? order : Compare(a.Release, b.Release);
    }

    /// <summary>Compares two versions: runs of digits as numbers, runs of letters as text, a number before nothing, <c>~</c> after nothing.</summary>
    public static int Compare(string left, string right)
    {
        int i = 0;
        int j = 0;
        while (i < left.Length || j < right.Length)
        {
            i = SkipSeparators(left, i);
            j = SkipSeparators(right, j);
            bool leftTilde = i < left.Length && left[i] == '~';
            bool rightTilde = j < right.Length && right[j] == '~';
            if (leftTilde || rightTilde)
            {
                if (leftTilde != rightTilde)
                {
                    return leftTilde ? -1 : 1;
                }

                i++;
                j++;
                continue;
            }

            if (i >= left.Length || j >= right.Length)
            {
                break;
            }

            bool digits = char.IsAsciiDigit(left[i]);
            string a = Run(left, ref i, digits);
            string b = Run(right, ref j, digits);
            if (b.Length == 0)
            {
                // A number is newer than letters.
                return digits ? 1 : -1;
            }

            int order = digits ? CompareNumbers(a, b) : string.CompareOrdinal(a, b);
            if (order != 0)
            {
                return Math.Sign(order);
            }
        }

        return (i < left.Length).CompareTo(j < right.Length);
    }

    private static int SkipSeparators(string text, int index)
    {
        while (index < text.Length && !char.IsAsciiLetterOrDigit(text[index]) && text[index] != '~')
        {
            index++;
        }

        return index;
    }

    private static string Run(string text, ref int index, bool digits)
    {
        int start = index;
        while (index < text.Length && (digits ? char.IsAsciiDigit(text[index]) : char.IsAsciiLetter(text[index])))
        {
            index++;
        }

        return text[start..index];
    }

    private static int CompareNumbers(string a, string b)
    {
        a = a.TrimStart('0');
        b = b.TrimStart('0');
        return a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b);
    }

    private static (string, string, string) Split(string name)
    {
        int release = name.LastIndexOf('-');
        if (release <= 0)
        {
            return (name, "", "");
        }

        int version = name.LastIndexOf('-', release - 1);
        return version < 0 ? (name[..release], "", name[(release + 1)..]) : (name[..version], name[(version + 1)..release], name[(release + 1)..]);
    }
}
