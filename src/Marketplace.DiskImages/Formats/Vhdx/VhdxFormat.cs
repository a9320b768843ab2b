namespace Marketplace.DiskImages.Formats.Vhdx;

/// <summary>Constants of [MS-VHDX], the Virtual Hard Disk v2 file format; all numbers are little-endian.</summary>
internal static class VhdxFormat
{
    public const string FileStructure = "VHDX file";
    public const string HeaderStructure = "VHDX header";
    public const string RegionTableStructure = "VHDX region table";
    public const string MetadataStructure = "VHDX metadata table";
    public const string FileParametersStructure = "VHDX file parameters";
    public const string DiskSizeStructure = "VHDX virtual disk size";
    public const string SectorSizeStructure = "VHDX logical sector size";
    public const string LocatorStructure = "VHDX parent locator";
    public const string TableStructure = "VHDX block allocation table";
    public const string BlockStructure = "VHDX payload block";
    public const string BitmapStructure = "VHDX sector bitmap block";
    public const string LogStructure = "VHDX log";

    public const long MiB = 1 << 20;

    public const int Header1Offset = 64 << 10;
    public const int Header2Offset = 128 << 10;
    public const int HeaderSize = 4 << 10;
    public const int RegionTable1Offset = 192 << 10;
    public const int RegionTable2Offset = 256 << 10;
    public const int RegionTableSize = 64 << 10;

    /// <summary>The first MiB holds the headers; no region, log or block begins in it.</summary>
    public const long HeaderSectionSize = MiB;

    public const int MaxRegions = 2047;
    public const int MaxMetadataItems = 2047;
    public const int MetadataTableSize = 64 << 10;
    public const int MaxMetadataRegion = 128 << 20;

    /// <summary>The largest item is a parent locator, and no path makes one larger than this.</summary>
    public const int MaxMetadataItem = 1 << 20;

    public const uint MinBlockSize = 1 << 20;
    public const uint MaxBlockSize = 256 << 20;
    public const long MaxDiskSize = 64L << 40;

    /// <summary>A sector bitmap block describes this many sectors, and with them a chunk of payload blocks.</summary>
    public const long SectorsPerBitmapBlock = 1 << 23;

    public const long BitmapBlockSize = MiB;

    /// <summary>The format allows logs of almost 4 GiB; Windows and qemu-img write 1 MiB, and some tools up to 32.</summary>
    public const uint MaxLogLength = 64 << 20;

    public const int LogSectorSize = 4 << 10;

    /// <summary>64 MiB of the table: 256 TiB in blocks of 32 MiB, 8 TiB in blocks of 1 MiB. The check of all blocks stays within 32 MiB.</summary>
    public const long MaxTableEntries = 1 << 23;

    public const int EntrySize = 8;

    /// <summary>A full log of data has 16384 records; only ranges of zeros could make more.</summary>
    public const int MaxLogRecords = 1 << 16;

    public static readonly Guid TableRegion = new("2dc27766-f623-4200-9d64-115e9bfd4a08");
    public static readonly Guid MetadataRegion = new("8b7ca206-4790-4b9a-b8fe-575f050f886e");

    public static readonly Guid FileParametersItem = new("caa16737-fa36-4d43-b3b6-33f0aa44e76b");
    public static readonly Guid DiskSizeItem = new("2fa54224-cd1b-4876-b211-5dbed83bf4b8");
    public static readonly Guid DiskIdItem = new("beca12ab-b2e6-4523-93ef-c309e000c746");
    public static readonly Guid LogicalSectorSizeItem = new("8141bf1d-a96f-4709-ba47-f233a8faab5f");
    public static readonly Guid PhysicalSectorSizeItem = new("cda348c7-445d-4471-9cc9-e9885251c556");
    public static readonly Guid ParentLocatorItem = new("a8d35f2d-b30b-454d-abf7-d3d84834ab0c");
    public static readonly Guid ParentLocatorType = new("b04aefb7-d19e-4a81-b789-25b8e9445913");

    public static ReadOnlySpan<byte> FileSignature => "vhdxfile"u8;

    public static ReadOnlySpan<byte> HeaderSignature => "head"u8;

    public static ReadOnlySpan<byte> RegionTableSignature => "regi"u8;

    public static ReadOnlySpan<byte> MetadataSignature => "metadata"u8;

    public static ReadOnlySpan<byte> LogEntrySignature => "loge"u8;

    public static ReadOnlySpan<byte> DataDescriptorSignature => "desc"u8;

    public static ReadOnlySpan<byte> ZeroDescriptorSignature => "zero"u8;

    public static ReadOnlySpan<byte> DataSectorSignature => "data"u8;
}
