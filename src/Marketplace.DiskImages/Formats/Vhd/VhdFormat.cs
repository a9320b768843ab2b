namespace Marketplace.DiskImages.Formats.Vhd;

/// <summary>Constants of the Virtual Hard Disk Image Format Specification 1.0 (2006), and what Azure adds to it.</summary>
internal static class VhdFormat
{
    public const int FooterSize = 512;

    /// <summary>Versions of Virtual PC before 2004 wrote a footer of 511 bytes.</summary>
    public const int OldFooterSize = 511;

    public const string FooterStructure = "VHD footer";

    /// <summary>Creator application and version of the footers this library writes.</summary>
    public const string OwnCreatorApplication = "mbsd";

    public const uint OwnCreatorVersion = 0x00010000;
    public const string WindowsHost = "Wi2k";

    public const uint FileFormatVersion = 0x00010000;
    public const ulong NoNextStructure = ulong.MaxValue;

    /// <summary>What the text of the specification says for a fixed disk, though the field has 64 bits; no reader looks at it.</summary>
    public const ulong NoNextStructureAsSpecified = uint.MaxValue;
    public const uint ReservedFeature = 2;
    public const uint TypeFixed = 2;
    public const uint TypeDynamic = 3;
    public const uint TypeDifferencing = 4;

    /// <summary>Azure takes virtual sizes of whole MiB only.</summary>
    public const long Alignment = 1 << 20;

    public const int SectorSize = 512;
    public const int MaxCylinders = 65535;
    public const int MaxHeads = 16;
    public const int MaxSectorsPerTrack = 255;

    public const int CookieOffset = 0;
    public const int FeaturesOffset = 8;
    public const int FileFormatVersionOffset = 12;
    public const int DataOffsetOffset = 16;
    public const int TimeStampOffset = 24;
    public const int CreatorApplicationOffset = 28;
    public const int CreatorVersionOffset = 32;
    public const int CreatorHostOSOffset = 36;
    public const int OriginalSizeOffset = 40;
    public const int CurrentSizeOffset = 48;
    public const int CylindersOffset = 56;
    public const int HeadsOffset = 58;
    public const int SectorsPerTrackOffset = 59;
    public const int DiskTypeOffset = 60;
    public const int ChecksumOffset = 64;
    public const int UniqueIdOffset = 68;
    public const int SavedStateOffset = 84;
    public const int ReservedOffset = 85;

    public const int DynamicHeaderSize = 1024;
    public const string DynamicHeaderStructure = "VHD dynamic disk header";
    public const string TableStructure = "VHD block allocation table";
    public const string BlockStructure = "VHD block";
    public const string LocatorStructure = "VHD parent locator";

    public const int TableOffsetOffset = 16;
    public const int HeaderVersionOffset = 24;
    public const int MaxTableEntriesOffset = 28;
    public const int BlockSizeOffset = 32;
    public const int HeaderChecksumOffset = 36;
    public const int ParentUniqueIdOffset = 40;
    public const int ParentTimeStampOffset = 56;
    public const int ParentUnicodeNameOffset = 64;
    public const int ParentUnicodeNameSize = 512;
    public const int ParentLocatorsOffset = 576;
    public const int ParentLocatorSize = 24;
    public const int ParentLocatorCount = 8;

    public const uint DynamicHeaderVersion = 0x00010000;

    /// <summary>An entry of the block allocation table without a block.</summary>
    public const uint UnusedEntry = uint.MaxValue;

    /// <summary>Four times what a disk of 2 TiB in its usual blocks needs, so that the check of all blocks stays within 32 MiB.</summary>
    public const uint MaxTableEntries = 1 << 23;

    /// <summary>Blocks have 512 KiB or 2 MiB; no tool is known to write more than 256 MiB.</summary>
    public const uint MaxBlockSize = 256 << 20;

    /// <summary>A path of a parent is not longer than this: 32767 characters are the most Windows takes.</summary>
    public const int MaxLocatorLength = 64 << 10;

    public static ReadOnlySpan<byte> Cookie => "conectix"u8;

    /// <summary>Cookie of the header of a dynamic disk, which follows the copy of the footer.</summary>
    public static ReadOnlySpan<byte> DynamicHeaderCookie => "cxsparse"u8;

    /// <summary>Time stamps count seconds from here.</summary>
    public static DateTimeOffset Epoch => new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
