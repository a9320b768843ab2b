namespace Marketplace.DiskImages.InitialRamDisks;

/// <summary>
/// The buffer format of the initial RAM disk (Linux kernel, Documentation/driver-api/early-userspace/buffer-format.rst and
/// init/initramfs.c): cpio archives of the kinds newc and crc, compressed or not, one after another with zeros between them.
/// </summary>
internal static class InitramfsFormat
{
    /// <summary>The name of the structure in errors.</summary>
    public const string Structure = "initial RAM disk";

    /// <summary>Every header and every file starts at a multiple of this many bytes.</summary>
    public const int Alignment = 4;

    /// <summary>Length of a header: 6 characters of magic and 13 fields of 8 hexadecimal digits.</summary>
    public const int HeaderSize = 110;

    /// <summary>Bytes of a field.</summary>
    public const int FieldSize = 8;

    /// <summary>Position of c_mode.</summary>
    public const int ModeOffset = 14;

    /// <summary>Position of c_filesize.</summary>
    public const int FileSizeOffset = 54;

    /// <summary>Position of c_namesize, which counts the zero byte at the end of the name.</summary>
    public const int NameSizeOffset = 94;

    /// <summary>Longest name, its zero byte included: PATH_MAX. The kernel skips entries with a longer one.</summary>
    public const int MaxNameSize = 4096;

    /// <summary>Largest file that is read, in bytes. Firmware loads it into memory; those of distributions have up to 150 MiB.</summary>
    public const long MaxFileSize = 512L << 20;

    /// <summary>Most bytes that are unpacked. A kernel needs that much free memory; distributions stay below 400 MiB.</summary>
    public const long MaxUnpackedSize = 768L << 20;

    /// <summary>Most entries that are looked at; distributions have some thousands.</summary>
    public const int MaxEntries = 1 << 18;

    /// <summary>Largest window of a compressor that is given memory, in bytes: zstd -19 has 8 MiB, xz -7 has 16 MiB.</summary>
    public const int MaxWindow = 1 << 24;

    /// <summary>Logarithm of <see cref="MaxWindow"/>.</summary>
    public const int MaxWindowLog = 24;

    /// <summary>Magic of a header of the kind newc.</summary>
    public static ReadOnlySpan<byte> NewMagic => "070701"u8;

    /// <summary>Magic of a header of the kind crc, which differs only in c_check.</summary>
    public static ReadOnlySpan<byte> CrcMagic => "070702"u8;

    /// <summary>Name of the entry that ends an archive.</summary>
    public static ReadOnlySpan<byte> Trailer => "TRAILER!!!"u8;
}
