namespace Marketplace.DiskImages.Volumes;

/// <summary>Where volumes keep their signatures, in bytes from their start, as libblkid's probes and the formats' own specifications have them.</summary>
internal static class VolumeFormat
{
    /// <summary>Read at once: every signature but those of pages of 64 KiB, Btrfs, ISO 9660 and ZFS lies in it.</summary>
    public const int HeadSize = 8192;

    public const int SuperblockOffset = 1024;

    public const int NtfsSerialOffset = 0x48;
    public const int ExFatSerialOffset = 0x64;

    public const int ExtMagicOffset = SuperblockOffset + 0x38;
    public const ushort ExtMagic = 0xEF53;
    public const int ExtLogBlockSizeOffset = SuperblockOffset + 0x18;
    public const int ExtMaxLogBlockSize = 6;
    public const int ExtUuidOffset = SuperblockOffset + 0x68;
    public const int ExtLabelOffset = SuperblockOffset + 0x78;
    public const int ExtLabelSize = 16;

    public const int XfsUuidOffset = 0x20;
    public const int XfsLabelOffset = 0x6C;
    public const int XfsLabelSize = 12;

    public const long BtrfsSuperblockOffset = 0x10000;
    public const int BtrfsSuperblockSize = 4096;
    public const int BtrfsUuidOffset = 0x20;
    public const int BtrfsMagicOffset = 0x40;
    public const int BtrfsLabelOffset = 0x12B;
    public const int BtrfsLabelSize = 256;

    public const int LuksUuidOffset = 168;
    public const int LuksUuidSize = 40;
    public const int LuksVersionOffset = 6;
    public const int Luks2LabelOffset = 24;
    public const int Luks2LabelSize = 48;

    public const int SwapHeaderOffset = 1024;
    public const int SwapUuidOffset = SwapHeaderOffset + 12;
    public const int SwapLabelOffset = SwapHeaderOffset + 28;
    public const int SwapLabelSize = 16;
    public const int SwapSignatureSize = 10;

    /// <summary>The signature ends the first page, and the size of pages is that of the machine that made the area.</summary>
    public static ReadOnlySpan<int> SwapPageSizes => [4096, 8192, 16384, 32768, 65536];

    public const int SectorSize = 512;
    public const int LvmLabelSectors = 4;
    public const int LvmLabelHeaderOffset = 20;
    public const int LvmLabelTypeOffset = 24;
    public const int LvmUuidSize = 32;

    public const uint RaidMagic = 0xA92B4EFC;
    public const int RaidMajorVersionOffset = 4;
    public const int RaidVersion12Offset = 4096;
    public const int RaidBlockSize = 64 * 1024;

    public const uint ErofsMagic = 0xE0F5E1E2;
    public const int ErofsUuidOffset = SuperblockOffset + 48;
    public const int ErofsLabelOffset = SuperblockOffset + 64;
    public const int ErofsLabelSize = 16;
    public const uint CramfsMagic = 0x28CD3D45;

    public const uint F2fsMagic = 0xF2F52010;
    public const int F2fsUuidOffset = SuperblockOffset + 0x6C;

    public const long IsoDescriptorOffset = 0x8000;
    public const int IsoLabelOffset = 40;
    public const int IsoLabelSize = 32;

    /// <summary>The uberblocks of the first ZFS label, one in each KiB.</summary>
    public const long ZfsUberblocksOffset = 128 * 1024;

    public const int ZfsUberblocksSize = 128 * 1024;
    public const int ZfsUberblockSize = 1024;
    public const ulong ZfsMagic = 0x00BAB10C;
}
