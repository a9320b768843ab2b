using System.Globalization;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Boot;

/// <summary>GRUB's test command, as far as configurations use it: string and number comparisons, file tests, !, -a and -o.</summary>
internal static class GrubTest
{
    /// <summary>Evaluates the words between the brackets.</summary>
    /// <param name="words">The words.</param>
    /// <param name="find">Finds a file by the name GRUB has for it.</param>
    public static bool Evaluate(ReadOnlySpan<string> words, Func<string, FileStat?> find)
    {
        bool any = false;
        bool all = true;
        int i = 0;
        while (i < words.Length)
        {
            if (words[i] == "-o")
            {
                any |= all;
                all = true;
                i++;
            }
            else if (words[i] == "-a")
            {
                i++;
            }
            else
            {
                all &= Term(words, ref i, find);
            }
        }

        return words.Length > 0 && (any || all);
    }

    private static bool Term(ReadOnlySpan<string> words, ref int i, Func<string, FileStat?> find)
    {
        bool negated = false;
        while (i < words.Length && words[i] == "!")
        {
            negated = !negated;
            i++;
        }

        bool result;
        if (i + 2 < words.Length && Compare(words[i], words[i + 1], words[i + 2]) is { } comparison)
        {
            result = comparison;
            i += 3;
        }
        else if (i + 1 < words.Length && words[i] is "-z" or "-n" or "-e" or "-f" or "-d" or "-s")
        {
            result = Unary(words[i], words[i + 1], find);
            i += 2;
        }
        else
        {
            result = i < words.Length && words[i].Length > 0;
            i++;
        }

        return result != negated;
    }

    private static bool Unary(string test, string operand, Func<string, FileStat?> find) => test switch
    {
        "-z" => operand.Length == 0,
        "-n" => operand.Length > 0,
        "-e" => find(operand) is not null,
        "-f" => find(operand) is { Kind: not FileKind.Directory },
        "-d" => find(operand) is { Kind: FileKind.Directory },
        _ => find(operand) is { Kind: FileKind.Regular, Size: > 0 },
    };

    private static bool? Compare(string left, string comparison, string right) => comparison switch
    {
        "=" or "==" => left == right,
        "!=" => left != right,
        "<" => string.CompareOrdinal(left, right) < 0,
        "<=" => string.CompareOrdinal(left, right) <= 0,
        ">" => string.CompareOrdinal(left, right) > 0,
        ">=" => string.CompareOrdinal(left, right) >= 0,
        "-eq" => Number(left) == Number(right),
        "-ne" => Number(left) != Number(right),
        "-lt" => Number(left) < Number(right),
        "-le" => Number(left) <= Number(right),
        "-gt" => Number(left) > Number(right),
        "-ge" => Number(left) >= Number(right),
        _ => null,
    };

    private static long Number(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : 0;
}
