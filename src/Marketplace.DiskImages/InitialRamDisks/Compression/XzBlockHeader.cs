using System.Buffers.Binary;
using System.IO.Hashing;

namespace Marketplace.DiskImages.InitialRamDisks.Compression;

/// <summary>The header of a block (.xz file format, 3.1).</summary>
/// <param name="Dictionary">Bytes of the dictionary of its only filter, LZMA2.</param>
internal readonly record struct XzBlockHeader(int Dictionary)
{
    private const int FilterCountMask = 0x03;
    private const int ReservedMask = 0x3C;
    private const int HasPackedSize = 0x40;
    private const int HasUnpackedSize = 0x80;

    /// <summary>Parses a header.</summary>
    /// <param name="bytes">The header with its CRC32.</param>
    /// <exception cref="DiskFormatException">It is damaged, has other filters, or its dictionary is larger than what is given memory.</exception>
    public static XzBlockHeader Parse(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.Length - sizeof(uint);
        if (Crc32.HashToUInt32(bytes[..end]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[end..]))
        {
            throw Corrupt("its checksum is wrong");
        }

        ReadOnlySpan<byte> fields = bytes[..end];
        int flags = fields[1];
        if ((flags & (FilterCountMask | ReservedMask)) != 0)
        {
            throw Unsupported($"its flags are 0x{flags:x2}: only one filter is read");
        }

        int position = 2;
        for (int sizes = ((flags & HasPackedSize) != 0 ? 1 : 0) + ((flags & HasUnpackedSize) != 0 ? 1 : 0); sizes > 0; sizes--)
        {
            SkipNumber(fields, ref position);
        }

        if (fields.Length - position < 3 || fields[position] != XzFormat.FilterLzma2)
        {
            throw Unsupported("its filter is not LZMA2");
        }

        int bits = fields[position + 2];
        if (fields[position + 1] != 1 || bits > XzFormat.MaxDictionaryBits)
        {
            throw Corrupt($"the properties of LZMA2 are {fields[position + 1]} bytes, 0x{bits:x2}");
        }

        long dictionary = bits == XzFormat.MaxDictionaryBits ? uint.MaxValue : (2L | (bits & 1L)) << ((bits / 2) + 11);
        return dictionary <= InitramfsFormat.MaxWindow
            ? new XzBlockHeader((int)Math.Max(dictionary, XzFormat.MinDictionary))
            : throw Unsupported($"its dictionary has {dictionary} bytes, at most {InitramfsFormat.MaxWindow} are read");
    }

    private static void SkipNumber(ReadOnlySpan<byte> fields, ref int position)
    {
        // The highest bit says that another byte follows.
        while (position < fields.Length && (fields[position++] & 0x80) != 0)
        {
        }
    }

    private static DiskFormatException Corrupt(string detail) => DiskFormatException.Corrupt("XZ block header", -1, detail);

    private static DiskFormatException Unsupported(string detail) => DiskFormatException.Unsupported("XZ block header", -1, detail);
}
