namespace Marketplace.DiskImages.Formats.Vmdk;

/// <summary>Constants of the Virtual Disk Format 5.0 of VMware; all numbers are little-endian.</summary>
internal static class VmdkFormat
{
    public const string HeaderStructure = "VMDK sparse extent header";
    public const string DescriptorStructure = "VMDK descriptor";
    public const string DirectoryStructure = "VMDK grain directory";
    public const string TableStructure = "VMDK grain table";
    public const string GrainStructure = "VMDK grain";

    public const int SectorSize = 512;
    public const int HeaderSize = 512;
    public const int EntrySize = 4;

    /// <summary>Descriptors have a few hundred bytes; those of a disk in a thousand extents have 64 KiB.</summary>
    public const int MaxDescriptorSize = 1 << 20;

    /// <summary>Tools write grains of 64 KiB; a compressed grain is held in memory.</summary>
    public const ulong MaxGrainSectors = (2 << 20) / SectorSize;

    public const uint MaxEntriesPerTable = 512;

    /// <summary>2 TiB in grains of 4 KiB.</summary>
    public const long MaxDirectoryEntries = 1 << 20;

    /// <summary>gdOffset of a stream: the footer, an exact copy of the header but for this field, tells it.</summary>
    public const ulong DirectoryAtEnd = ulong.MaxValue;

    /// <summary>The footer is followed by the end-of-stream marker of one sector.</summary>
    public const int FooterDistance = 2 * SectorSize;

    // flags
    public const uint ValidNewLineTest = 1 << 0;
    public const uint ZeroedGrainEntries = 1 << 2;
    public const uint CompressedGrains = 1 << 16;
    public const uint HasMarkers = 1 << 17;
    public const uint KnownFlags = ValidNewLineTest | (1 << 1) | ZeroedGrainEntries | CompressedGrains | HasMarkers;

    public const ushort CompressionNone = 0;
    public const ushort CompressionDeflate = 1;

    /// <summary>Entry of a grain that reads as zeros, where the flags allow it.</summary>
    public const uint ZeroedGrain = 1;

    /// <summary>Sector number and size before the data of a compressed grain.</summary>
    public const int GrainMarkerSize = 12;

    /// <summary>parentCID of a disk without a parent.</summary>
    public const string NoParent = "ffffffff";

    public static ReadOnlySpan<byte> SparseSignature => "KDMV"u8;

    public static ReadOnlySpan<byte> EsxSparseSignature => "COWD"u8;
}
