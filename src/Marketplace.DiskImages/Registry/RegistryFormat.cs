namespace Marketplace.DiskImages.Registry;

/// <summary>Constants of registry hives, versions 1.3 to 1.6 (Windows registry file format specification, M. Suhanov). Numbers are little-endian.</summary>
internal static class RegistryFormat
{
    public const string BaseBlockStructure = "registry base block";
    public const string BinStructure = "registry hive bin";
    public const string CellStructure = "registry cell";
    public const string KeyStructure = "registry key node";
    public const string SubkeyListStructure = "registry subkey list";
    public const string ValueListStructure = "registry value list";
    public const string ValueStructure = "registry value";
    public const string BigDataStructure = "registry big data";

    /// <summary>The largest hive that is read: Windows loads none of more than 4 GiB, and no real one comes near this.</summary>
    public const long MaxHiveSize = 512L << 20;

    /// <summary>The largest value that is read into memory.</summary>
    public const int MaxValueSize = 64 << 20;

    /// <summary>The most subkeys of one key that are read; the offsets seen are held while they are listed.</summary>
    public const int MaxSubkeys = 1 << 20;

    /// <summary>The most keys a path may pass through, as Windows has it.</summary>
    public const int MaxDepth = 512;

    /// <summary>Memory of the block cache in bytes, and the size of its blocks.</summary>
    public const int CacheBytes = 4 << 20;

    public const int CacheBlockSize = 16 << 10;

    public const int BaseBlockSize = 4096;

    /// <summary>What of the base block has a meaning on disk, and what a log keeps of it.</summary>
    public const int BaseBlockUsedSize = 512;

    public const int PrimarySequenceOffset = 4;
    public const int SecondarySequenceOffset = 8;
    public const int LastWrittenOffset = 12;
    public const int MajorVersionOffset = 20;
    public const int MinorVersionOffset = 24;
    public const int FileTypeOffset = 28;
    public const int FileFormatOffset = 32;
    public const int RootCellOffset = 36;
    public const int BinsSizeOffset = 40;
    public const int ClusteringFactorOffset = 44;
    public const int ChecksumOffset = 508;

    public const uint MajorVersion = 1;
    public const uint MinMinorVersion = 3;
    public const uint MaxMinorVersion = 6;
    public const uint FileTypePrimary = 0;
    public const uint FileFormatMemory = 1;

    public const int BinAlignment = 4096;
    public const int BinHeaderSize = 32;
    public const int BinOffsetOffset = 4;
    public const int BinSizeOffset = 8;
    public const int BinTimestampOffset = 20;

    public const int CellHeaderSize = 4;
    public const int CellAlignment = 8;
    public const uint NoCell = 0xFFFFFFFF;

    public const int KeyNodeSize = 76;
    public const int KeyFlagsOffset = 2;
    public const int KeyLastWrittenOffset = 4;
    public const int KeyParentOffset = 16;
    public const int KeySubkeyCountOffset = 20;
    public const int KeySubkeyListOffset = 28;
    public const int KeyValueCountOffset = 36;
    public const int KeyValueListOffset = 40;
    public const int KeyNameLengthOffset = 72;

    public const ushort KeyHiveEntry = 0x0004;
    public const ushort KeySymbolicLink = 0x0010;
    public const ushort KeyCompressedName = 0x0020;
    public const ushort KeyPredefinedHandle = 0x0040;

    public const int ListHeaderSize = 4;
    public const int ListCountOffset = 2;
    public const int LeafElementSize = 8;
    public const int IndexElementSize = 4;

    public const int ValueSize = 20;
    public const int ValueNameLengthOffset = 2;
    public const int ValueDataSizeOffset = 4;
    public const int ValueDataOffset = 8;
    public const int ValueTypeOffset = 12;
    public const int ValueFlagsOffset = 16;
    public const ushort ValueCompressedName = 0x0001;
    public const ushort ValueTombstone = 0x0002;

    /// <summary>Set in the data size when the data stand in the offset field.</summary>
    public const uint ValueDataInline = 0x80000000;

    public const int MaxInlineData = 4;

    /// <summary>Larger data are cut into segments of this size, from version 1.4 on.</summary>
    public const int BigDataSegmentSize = 16344;

    public const uint FirstMinorVersionWithBigData = 4;
    public const int BigDataSize = 8;
    public const int BigDataCountOffset = 2;
    public const int BigDataListOffset = 4;

    public static ReadOnlySpan<byte> BaseBlockSignature => "regf"u8;

    public static ReadOnlySpan<byte> BinSignature => "hbin"u8;

    public static ReadOnlySpan<byte> KeySignature => "nk"u8;

    public static ReadOnlySpan<byte> ValueSignature => "vk"u8;

    public static ReadOnlySpan<byte> BigDataSignature => "db"u8;

    /// <summary>Where a cell stands in the file.</summary>
    public static long FileOffset(uint cell) => BaseBlockSize + (long)cell;

    /// <summary>The time of a FILETIME; those no <see cref="DateTimeOffset"/> can hold become its largest value.</summary>
    public static DateTimeOffset ToTime(ulong fileTime) =>
        fileTime <= (ulong)DateTimeOffset.MaxValue.ToFileTime() ? DateTimeOffset.FromFileTime((long)fileTime).ToUniversalTime() : DateTimeOffset.MaxValue;
}
