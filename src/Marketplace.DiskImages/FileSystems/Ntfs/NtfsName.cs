using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>
/// Names on NTFS are any UTF-16 code units. They are held as such inside this reader; outside, <see cref="FileName"/> holds
/// names as bytes do, where a surrogate without its partner stands as its three bytes of generalised UTF-8 (as ntfs-3g shows it).
/// </summary>
internal static class NtfsName
{
    /// <summary>The code units as they are on the disk.</summary>
    public static string Read(ReadOnlySpan<byte> utf16) =>
        string.Create(utf16.Length / sizeof(char), utf16, static (text, raw) =>
        {
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = (char)BinaryPrimitives.ReadUInt16LittleEndian(raw[(i * sizeof(char))..]);
            }
        });

    /// <summary>The name by the rules of <see cref="FileName"/>.</summary>
    public static string ToFileName(string name)
    {
        if (!name.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return name;
        }

        System.Text.StringBuilder text = new(name.Length + 8);
        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            if (char.IsHighSurrogate(c) && i + 1 < name.Length && char.IsLowSurrogate(name[i + 1]))
            {
                text.Append(c).Append(name[++i]);
            }
            else if (char.IsSurrogate(c))
            {
                text.Append((char)(0xDC00 + (0xE0 | (c >> 12)))).Append((char)(0xDC00 + (0x80 | ((c >> 6) & 0x3F)))).Append((char)(0xDC00 + (0x80 | (c & 0x3F))));
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }

    /// <summary>The code units of a name by the rules of <see cref="FileName"/>; null when no name on NTFS is shown like that.</summary>
    public static string? FromFileName(string name)
    {
        if (!name.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return name;
        }

        System.Text.StringBuilder text = new(name.Length);
        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            if (char.IsHighSurrogate(c) && i + 1 < name.Length && char.IsLowSurrogate(name[i + 1]))
            {
                text.Append(c).Append(name[++i]);
            }
            else if (!char.IsSurrogate(c))
            {
                text.Append(c);
            }
            else if (c == 0xDCED && i + 2 < name.Length && name[i + 1] is >= '\uDCA0' and <= '\uDCBF' && name[i + 2] is >= '\uDC80' and <= '\uDCBF')
            {
                text.Append((char)(0xD000 | ((name[i + 1] & 0x3F) << 6) | (name[i + 2] & 0x3F)));
                i += 2;
            }
            else
            {
                return null;
            }
        }

        // Two halves that came from separate bytes would be shown as one character, so this is the name of no file.
        string units = text.ToString();
        return ToFileName(units) == name ? units : null;
    }
}
