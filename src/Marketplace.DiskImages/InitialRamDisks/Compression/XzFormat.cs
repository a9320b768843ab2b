namespace Marketplace.DiskImages.InitialRamDisks.Compression;

/// <summary>The .xz file format 1.2.1 and the LZMA2 data inside, as lib/xz of the Linux kernel reads them.</summary>
internal static class XzFormat
{
    /// <summary>The name of the structure in errors.</summary>
    public const string Structure = "XZ stream";

    /// <summary>Length of a stream header: magic, two bytes of flags, their CRC32.</summary>
    public const int StreamHeaderSize = 12;

    /// <summary>Length of a stream footer: CRC32, Backward Size, flags, <c>YZ</c>.</summary>
    public const int StreamFooterSize = 12;

    /// <summary>Largest block header: its first byte counts four bytes each.</summary>
    public const int MaxBlockHeaderSize = 1024;

    /// <summary>Everything is filled up to a multiple of this many bytes.</summary>
    public const int Alignment = 4;

    /// <summary>The check is a CRC32, the only one the kernel verifies.</summary>
    public const int CheckCrc32 = 1;

    /// <summary>The only filter an initial RAM disk is packed with.</summary>
    public const int FilterLzma2 = 0x21;

    /// <summary>Largest value of the dictionary size in the properties of LZMA2: 4 GiB - 1.</summary>
    public const int MaxDictionaryBits = 40;

    /// <summary>Smallest dictionary.</summary>
    public const int MinDictionary = 4096;

    /// <summary>Most unpacked bytes of an LZMA2 chunk.</summary>
    public const int MaxChunkUnpacked = 1 << 21;

    /// <summary>Most packed bytes of an LZMA2 chunk.</summary>
    public const int MaxChunkPacked = 1 << 16;

    /// <summary>Header Magic Bytes.</summary>
    public static ReadOnlySpan<byte> StreamMagic => [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0];

    /// <summary>Footer Magic Bytes.</summary>
    public static ReadOnlySpan<byte> FooterMagic => "YZ"u8;

    /// <summary>Bytes of a check, by its number.</summary>
    public static int CheckSize(int check) => check == 0 ? 0 : 4 << ((check - 1) / 3);
}
