namespace Marketplace.DiskImages.Registry.Logs;

/// <summary>Constants of the transaction logs of hives (Windows registry file format specification, M. Suhanov).</summary>
internal static class HiveLogFormat
{
    public const string LogStructure = "registry log";
    public const string EntryStructure = "registry log entry";

    /// <summary>The largest log that is read: the map of what it replaces is held in memory.</summary>
    public const long MaxLogSize = 128L << 20;

    public const int SectorSize = 512;

    /// <summary>File types of logs: of Windows XP to 8, of Windows 2000, and of entries since Windows 8.1.</summary>
    public const uint FileTypeDirtyPages = 1;

    public const uint FileTypeOldDirtyPages = 2;
    public const uint FileTypeEntries = 6;

    public const int EntryHeaderSize = 40;
    public const int EntrySizeOffset = 4;
    public const int EntrySequenceOffset = 12;
    public const int EntryBinsSizeOffset = 16;
    public const int EntryPageCountOffset = 20;
    public const int EntryHash1Offset = 24;
    public const int EntryHash2Offset = 32;

    /// <summary>What the second hash covers: the header up to itself.</summary>
    public const int EntryHash2Length = 32;

    public const int PageReferenceSize = 8;

    public const int DirtyVectorHeaderSize = 4;

    /// <summary>The largest clustering factor: sectors of 64 KiB.</summary>
    public const uint MaxClusteringFactor = 128;

    public static ReadOnlySpan<byte> EntrySignature => "HvLE"u8;

    public static ReadOnlySpan<byte> DirtyVectorSignature => "DIRT"u8;
}
