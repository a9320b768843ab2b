using System.Buffers.Binary;
using System.Text;

namespace Marketplace.DiskImages.FileSystems.Fat;

/// <summary>Short and long names of directory entries.</summary>
internal static class FatName
{
    /// <summary>Characters 0x80 to 0xFF of code page 437, which Linux takes for short names.</summary>
    private const string CodePage437 =
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

    /// <summary>Text in code page 437.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        foreach (byte b in bytes)
        {
            text.Append(b < 0x80 ? (char)b : CodePage437[b - 0x80]);
        }

        return text.ToString();
    }

    /// <summary>The name <c>BASE.EXT</c> of an entry of 32 bytes, with the case Windows NT notes beside it.</summary>
    public static string ReadShort(ReadOnlySpan<byte> entry)
    {
        Span<byte> bytes = stackalloc byte[11];
        entry[..11].CopyTo(bytes);
        if (bytes[0] == FatFormat.EntryEscapedE5)
        {
            bytes[0] = 0xE5;
        }

        string name = Decode(bytes[..8]).TrimEnd(' ');
        string extension = Decode(bytes[8..]).TrimEnd(' ');
        name = (entry[FatFormat.CaseOffset] & FatFormat.CaseLowerBase) != 0 ? name.ToLowerInvariant() : name;
        extension = (entry[FatFormat.CaseOffset] & FatFormat.CaseLowerExtension) != 0 ? extension.ToLowerInvariant() : extension;
        return extension.Length == 0 ? name : $"{name}.{extension}";
    }

    /// <summary>The checksum over the 11 bytes of a short name that ties long-name entries to it.</summary>
    public static byte Checksum(ReadOnlySpan<byte> shortName)
    {
        byte sum = 0;
        foreach (byte b in shortName[..11])
        {
            sum = (byte)(((sum & 1) << 7) + (sum >> 1) + b);
        }

        return sum;
    }

    /// <summary>Whether a name can be one component of a path.</summary>
    public static bool IsUsable(string name) => name.Length is > 0 and <= FatFormat.LongNameMaxLength && name is not ("." or "..") && !name.AsSpan().ContainsAny('/', '\0');

    /// <summary>The 13 UTF-16 units of a long-name entry.</summary>
    public static void ReadLongPart(ReadOnlySpan<byte> entry, Span<char> units)
    {
        ReadUnits(entry.Slice(1, 10), units);
        ReadUnits(entry.Slice(14, 12), units[5..]);
        ReadUnits(entry.Slice(28, 4), units[11..]);
    }

    /// <summary>The name up to its end mark; units that are half a character become U+FFFD.</summary>
    public static string FinishLong(ReadOnlySpan<char> units)
    {
        int end = units.IndexOf('\0');
        StringBuilder text = new(units.Length);
        foreach (Rune rune in (end < 0 ? units : units[..end]).EnumerateRunes())
        {
            text.Append(rune.ToString());
        }

        return text.ToString();
    }

    private static void ReadUnits(ReadOnlySpan<byte> bytes, Span<char> units)
    {
        for (int i = 0; i < bytes.Length / 2; i++)
        {
            units[i] = (char)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * 2)..]);
        }
    }
}
