namespace Marketplace.DiskImages.Packages;

/// <summary>The order of versions of Debian packages, as deb-version(7) has it: <c>[epoch:]upstream-version[-debian-revision]</c>.</summary>
public static class DebianVersion
{
    /// <summary>Compares two versions; an epoch that is missing is 0.</summary>
    /// <returns>-1, 0 or 1.</returns>
    public static int Compare(string left, string right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        (string leftEpoch, string leftUpstream, string leftRevision) = VersionParts.Split(left);
        (string rightEpoch, string rightUpstream, string rightRevision) = VersionParts.Split(right);
        int order = VersionParts.CompareNumbers(leftEpoch, rightEpoch);
        order = order != 0 ? order : ComparePart(leftUpstream, rightUpstream);
        return order != 0 ? order : ComparePart(leftRevision, rightRevision);
    }

    /// <summary>Runs that are no digits by their characters, then runs of digits as numbers, in turn.</summary>
    private static int ComparePart(string left, string right)
    {
        int i = 0;
        int j = 0;
        while (i < left.Length || j < right.Length)
        {
            while ((i < left.Length && !char.IsAsciiDigit(left[i])) || (j < right.Length && !char.IsAsciiDigit(right[j])))
            {
                int order = Weight(left, i).CompareTo(Weight(right, j));
                if (order != 0)
                {
                    return order;
                }

                i++;
                j++;
            }

            int number = VersionParts.CompareNumbers(VersionParts.Digits(left, ref i), VersionParts.Digits(right, ref j));
            if (number != 0)
            {
                return number;
            }
        }

        return 0;
    }

    /// <summary><c>~</c> before the end, the end and digits before letters, letters before everything else.</summary>
    private static int Weight(string text, int index) =>
        index >= text.Length || char.IsAsciiDigit(text[index]) ? 0
        : text[index] == '~' ? -1
        : char.IsAsciiLetter(text[index]) ? text[index]
        : text[index] + 256;
}
