namespace Marketplace.DiskImages.Formats.Qcow;

/// <summary>Constants of the QCOW2 image format, versions 2 and 3 (docs/interop/qcow2 of QEMU); all numbers are big-endian.</summary>
internal static class QcowFormat
{
    public const string HeaderStructure = "QCOW2 header";
    public const string ExtensionStructure = "QCOW2 header extension";
    public const string L1Structure = "QCOW2 L1 table";
    public const string L2Structure = "QCOW2 L2 table";
    public const string ClusterStructure = "QCOW2 cluster";
    public const string BackingStructure = "QCOW2 backing file";

    public const uint Magic = 0x514649FB; // "QFI\xfb"
    public const int HeaderSizeV2 = 72;
    public const int HeaderSizeV3 = 104;
    public const int CompressionTypeOffset = 104;

    public const int MinClusterBits = 9;
    public const int MaxClusterBits = 21;

    /// <summary>The limit of QEMU: 32 MiB of L1 table.</summary>
    public const uint MaxL1Entries = (32 << 20) / EntrySize;

    public const int EntrySize = 8;
    public const int ExtendedL2EntrySize = 16;
    public const int SubclusterCount = 32;

    /// <summary>QEMU takes names of up to 1023 bytes.</summary>
    public const uint MaxBackingNameLength = 1023;

    public const int MaxHeaderExtensions = 64;

    // incompatible_features
    public const ulong Dirty = 1 << 0;
    public const ulong CorruptFeature = 1 << 1;
    public const ulong ExternalData = 1 << 2;
    public const ulong CompressionType = 1 << 3;
    public const ulong ExtendedL2 = 1 << 4;

    public const uint EndOfExtensions = 0;
    public const uint BackingFormatExtension = 0xE2792ACA;

    // L1 and L2 entries
    public const ulong OffsetMask = 0x00FF_FFFF_FFFF_FE00;
    public const ulong CompressedFlag = 1UL << 62;
    public const ulong ZeroFlag = 1;
    public const ulong ReservedBits = 0x3F00_0000_0000_01FE;
    public const ulong L1ReservedBits = 0x7F00_0000_0000_01FF;
}
