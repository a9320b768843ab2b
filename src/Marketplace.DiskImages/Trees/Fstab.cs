using System.Globalization;
using System.Text;
using Marketplace.DiskImages.FileSystems;

namespace Marketplace.DiskImages.Trees;

/// <summary>Reads <c>/etc/fstab</c> as fstab(5) and libmount do: six fields separated by blanks, octal escapes, comment lines.</summary>
public static class Fstab
{
    private const int FieldCount = 6;

    /// <summary>The entries in the order of the file. Comment lines, empty lines and lines with fewer than three fields are left out, as libmount does.</summary>
    /// <param name="text">The text of the file.</param>
    public static IReadOnlyList<FstabEntry> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<FstabEntry> entries = [];
        int lineNumber = 0;
        foreach (Range line in text.AsSpan().Split('\n'))
        {
            lineNumber++;
            if (ParseLine(text.AsSpan(line), lineNumber) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    private static FstabEntry? ParseLine(ReadOnlySpan<char> line, int lineNumber)
    {
        List<string> fields = new(FieldCount);
        foreach (Range range in line.SplitAny(" \t\r"))
        {
            ReadOnlySpan<char> field = line[range];
            if (field.IsEmpty)
            {
                continue;
            }

            // A '#' starts a comment before the first field and after the type; in between it may be part of a name.
            if ((field[0] == '#' && (fields.Count is 0 or >= 3)) || fields.Count == FieldCount)
            {
                break;
            }

            fields.Add(Unescape(field));
        }

        return fields.Count < 3
            ? null
            : new FstabEntry(lineNumber, RemoveQuotes(fields[0]), fields[1], fields[2], fields.Count > 3 ? fields[3] : "defaults", Number(fields, 4), Number(fields, 5));
    }

    private static int Number(List<string> fields, int index) =>
        index < fields.Count && int.TryParse(fields[index], NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : 0;

    /// <summary>Resolves <c>\040</c> (blank), <c>\011</c> (tab), <c>\012</c>, <c>\043</c> (#), <c>\134</c> (backslash) and every other three-digit octal escape.</summary>
    private static string Unescape(ReadOnlySpan<char> field)
    {
        if (!field.Contains('\\'))
        {
            return field.ToString();
        }

        // An escape stands for a byte, and several of them for one character of UTF-8.
        byte[] bytes = Encoding.UTF8.GetBytes(field.ToString());
        int count = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '\\' && i + 3 < bytes.Length && bytes[i + 1] is >= (byte)'0' and <= (byte)'3' && IsOctal(bytes[i + 2]) && IsOctal(bytes[i + 3]))
            {
                bytes[count++] = (byte)(((bytes[i + 1] - '0') << 6) | ((bytes[i + 2] - '0') << 3) | (bytes[i + 3] - '0'));
                i += 3;
            }
            else
            {
                bytes[count++] = bytes[i];
            }
        }

        return FileName.Decode(bytes.AsSpan(0, count));
    }

    private static bool IsOctal(byte b) => b is >= (byte)'0' and <= (byte)'7';

    private static string RemoveQuotes(string source)
    {
        int equals = source.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && source.Length >= equals + 3 && source[equals + 1] is '"' or '\'' && source[^1] == source[equals + 1]
            ? source[..(equals + 1)] + source[(equals + 2)..^1]
            : source;
    }
}
