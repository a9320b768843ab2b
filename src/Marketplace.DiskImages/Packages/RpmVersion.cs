namespace Marketplace.DiskImages.Packages;

/// <summary>The order of versions of RPM packages, as rpm-version(7) has it: <c>[epoch:]version[-release]</c>.</summary>
public static class RpmVersion
{
    /// <summary>Compares two versions; an epoch that is missing is 0, and a release that is missing comes before every other.</summary>
    /// <returns>-1, 0 or 1.</returns>
    public static int Compare(string left, string right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        (string leftEpoch, string leftVersion, string leftRelease) = VersionParts.Split(left);
        (string rightEpoch, string rightVersion, string rightRelease) = VersionParts.Split(right);
        int order = VersionParts.CompareNumbers(leftEpoch, rightEpoch);
        order = order != 0 ? order : ComparePart(leftVersion, rightVersion);
        return order != 0 ? order : ComparePart(leftRelease, rightRelease);
    }

    /// <summary>
    /// Compares two versions or two releases (rpmvercmp): runs of digits as numbers, runs of letters as text, numbers after letters,
    /// <c>~</c> before the end, <c>^</c> after the end and before everything else; other characters only separate.
    /// </summary>
    /// <returns>-1, 0 or 1.</returns>
    public static int ComparePart(string left, string right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        int i = 0;
        int j = 0;
        while (true)
        {
            i = SkipSeparators(left, i);
            j = SkipSeparators(right, j);
            char a = i < left.Length ? left[i] : '\0';
            char b = j < right.Length ? right[j] : '\0';
            if (a == '~' || b == '~' || a == '^' || b == '^')
            {
                if (a != b)
                {
                    return MarkWeight(a).CompareTo(MarkWeight(b));
                }

                i++;
                j++;
                continue;
            }

            if (a == '\0' || b == '\0')
            {
                return (a != '\0').CompareTo(b != '\0');
            }

            bool isNumber = char.IsAsciiDigit(a);
            if (isNumber != char.IsAsciiDigit(b))
            {
                return isNumber ? 1 : -1;
            }

            int order = isNumber
                ? VersionParts.CompareNumbers(VersionParts.Digits(left, ref i), VersionParts.Digits(right, ref j))
                : Math.Sign(string.CompareOrdinal(Letters(left, ref i), Letters(right, ref j)));
            if (order != 0)
            {
                return order;
            }
        }
    }

    private static int MarkWeight(char c) => c switch { '~' => 0, '\0' => 1, '^' => 2, _ => 3 };

    private static int SkipSeparators(string text, int index)
    {
        while (index < text.Length && !char.IsAsciiLetterOrDigit(text[index]) && text[index] is not ('~' or '^'))
        {
            index++;
        }

        return index;
    }

    private static string Letters(string text, ref int index)
    {
        int start = index;
        while (index < text.Length && char.IsAsciiLetter(text[index]))
        {
            index++;
        }

        return text[start..index];
    }
}
