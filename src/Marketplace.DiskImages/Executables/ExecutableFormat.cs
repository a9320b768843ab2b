namespace Marketplace.DiskImages.Executables;

/// <summary>Constants of portable executables (Microsoft PE format specification) and of version resources (winver.h). Numbers are little-endian.</summary>
internal static class ExecutableFormat
{
    public const string HeaderStructure = "portable executable header";
    public const string ResourceStructure = "portable executable resources";
    public const string VersionStructure = "version resource";

    public const int DosHeaderSize = 64;
    public const int HeaderPositionOffset = 0x3C; // e_lfanew

    /// <summary>Signature and IMAGE_FILE_HEADER.</summary>
    public const int FileHeaderSize = 4 + 20;

    public const int MachineOffset = 4;
    public const int SectionCountOffset = 4 + 2;
    public const int OptionalHeaderSizeOffset = 4 + 16;

    /// <summary>The optional header up to the end of the directory of the resources, in its longer form.</summary>
    public const int OptionalHeaderUsedSize = DirectoriesOffset64 + (3 * DirectorySize);

    public const ushort Magic32 = 0x10B;
    public const ushort Magic64 = 0x20B;
    public const int DirectoriesOffset32 = 96;
    public const int DirectoriesOffset64 = 112;
    public const int DirectorySize = 8;

    /// <summary>IMAGE_DIRECTORY_ENTRY_RESOURCE.</summary>
    public const int ResourceDirectory = 2;

    public const int SectionSize = 40;
    public const int SectionAddressOffset = 12;
    public const int SectionRawSizeOffset = 16;
    public const int SectionPositionOffset = 20;

    /// <summary>The most sections the loader of Windows takes.</summary>
    public const int MaxSections = 96;

    /// <summary>IMAGE_RESOURCE_DIRECTORY, and one of its entries.</summary>
    public const int ResourceHeaderSize = 16;

    public const int NamedCountOffset = 12;
    public const int IdCountOffset = 14;
    public const int ResourceEntrySize = 8;
    public const int ResourceLeafSize = 16;
    public const uint ResourceIsDirectory = 0x80000000;

    /// <summary>The most entries of one directory that are read: the largest files of Windows have some thousand.</summary>
    public const int MaxResourceEntries = 1 << 14;

    /// <summary>RT_VERSION.</summary>
    public const uint VersionType = 16;

    /// <summary>VS_VERSIONINFO: three numbers, the key <c>VS_VERSION_INFO</c> in UTF-16 with its NUL, filled up to four bytes.</summary>
    public const int VersionValueLengthOffset = 2;

    public const int VersionKeyOffset = 6;
    public const string VersionKey = "VS_VERSION_INFO\0";
    public const int FixedInfoOffset = 40;

    /// <summary>VS_FIXEDFILEINFO.</summary>
    public const int FixedInfoSize = 52;

    public const uint FixedInfoSignature = 0xFEEF04BD;
    public const int FileVersionHighOffset = 8;
    public const int FileVersionLowOffset = 12;
}
