using System.Globalization;

namespace Marketplace.DiskImages.FileSystems.Fat;

/// <summary>Constants of FAT12, FAT16 and FAT32 (Microsoft FAT Specification, 2005) and of long names (ECMA-107 has none; Linux fs/fat).</summary>
internal static class FatFormat
{
    public const string BootSectorStructure = "FAT boot sector";
    public const string TableStructure = "FAT";
    public const string DirectoryStructure = "FAT directory";

    public const int BootSectorSize = 512;
    public const int MinSectorSize = 512;
    public const int MaxSectorSize = 4096;
    public const int MaxTables = 16;

    public const int BytesPerSectorOffset = 11;
    public const int SectorsPerClusterOffset = 13;
    public const int ReservedSectorsOffset = 14;
    public const int NumberOfFatsOffset = 16;
    public const int RootEntriesOffset = 17;
    public const int TotalSectors16Offset = 19;
    public const int MediaOffset = 21;
    public const int SectorsPerFat16Offset = 22;
    public const int TotalSectors32Offset = 32;
    public const int SectorsPerFat32Offset = 36;
    public const int ExtendedFlagsOffset = 40;
    public const int RootClusterOffset = 44;
    public const int SignatureOffset = 510;

    /// <summary>Serial number, label and type of FAT12 and FAT16; those of FAT32 stand 28 bytes later.</summary>
    public const int SerialOffset16 = 39;

    public const int LabelOffset16 = 43;
    public const int TypeNameOffset16 = 54;
    public const int SerialOffset32 = 67;
    public const int LabelOffset32 = 71;
    public const int TypeNameOffset32 = 82;
    public const int LabelSize = 11;

    /// <summary>Set when only one FAT is kept, the one in the low four bits.</summary>
    public const int NoMirroringFlag = 0x80;

    /// <summary>The most clusters of FAT12 and FAT16, as Linux counts them.</summary>
    public const int MaxClusters12 = 0xFF4;

    public const int MaxClusters16 = 0xFFF4;
    public const int MaxClusters32 = 0x0FFFFFF6;

    /// <summary>Clusters are numbered from 2.</summary>
    public const uint FirstCluster = 2;

    /// <summary>The largest FAT whose free entries are counted: 1 Mi entries of FAT32, 64 GiB in clusters of 64 KiB.</summary>
    public const int MaxCountedTable = 4 << 20;

    public const int EntrySize = 32;

    /// <summary>The largest directory: 65536 entries.</summary>
    public const int MaxDirectorySize = 65536 * EntrySize;

    public const byte EntryEnd = 0x00;
    public const byte EntryDeleted = 0xE5;

    /// <summary>Stands for a first character of 0xE5.</summary>
    public const byte EntryEscapedE5 = 0x05;

    public const int AttributesOffset = 11;
    public const int CaseOffset = 12;
    public const int ClusterHighOffset = 20;
    public const int WriteTimeOffset = 22;
    public const int WriteDateOffset = 24;
    public const int ClusterLowOffset = 26;
    public const int FileSizeOffset = 28;

    public const byte AttributeReadOnly = 0x01;
    public const byte AttributeVolumeId = 0x08;
    public const byte AttributeDirectory = 0x10;
    public const byte AttributeLongName = 0x0F;
    public const byte AttributeLongNameMask = 0x3F;
    public const byte CaseLowerBase = 0x08;
    public const byte CaseLowerExtension = 0x10;

    public const byte LongNameLast = 0x40;
    public const int LongNameChecksumOffset = 13;
    public const int LongNameMaxEntries = 20;
    public const int LongNameMaxLength = 255;
    public const int LongNameCharsPerEntry = 13;

    /// <summary>FAT keeps no permissions. Linux shows 0755 for files and directories alike (umask 022), and 0555 for files marked read-only.</summary>
    public const int DefaultMode = 0b111_101_101;

    public const int ReadOnlyMode = 0b101_101_101;

    /// <summary>A serial number as <c>blkid</c> and <c>fstab</c> write it: <c>ABCD-1234</c>.</summary>
    public static string FormatSerial(uint serial) => string.Create(CultureInfo.InvariantCulture, $"{serial >> 16:X4}-{serial & 0xFFFF:X4}");
}
