namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>Constants of NTFS 3.x as the Linux kernel (fs/ntfs3), ntfs-3g and libfsntfs document them, and the limits of this reader.</summary>
internal static class NtfsFormat
{
    /// <summary>Bytes of the boot sector that hold fields, whatever the sector size.</summary>
    public const int BootSectorSize = 512;

    /// <summary>Largest cluster of Windows 10 and later.</summary>
    public const int MaxClusterSize = 2 << 20;

    /// <summary>MFT records are 1 KiB, or 4 KiB on disks with such sectors; mkntfs knows no others either.</summary>
    public const int MinRecordSize = 512;

    public const int MaxRecordSize = 4096;

    /// <summary>Index blocks are 4 KiB, or one cluster when that is larger; 64 KiB is the most Windows formats.</summary>
    public const int MinIndexBlockSize = 512;

    public const int MaxIndexBlockSize = 64 * 1024;

    /// <summary>Update sequence arrays protect strides of 512 bytes even on disks with larger sectors.</summary>
    public const int FixupStride = 512;

    public const uint RecordMft = 0;
    public const uint RecordMftMirror = 1;
    public const uint RecordLogFile = 2;
    public const uint RecordVolume = 3;
    public const uint RecordRoot = 5;
    public const uint RecordBitmap = 6;
    public const uint RecordUpCase = 10;

    /// <summary>Records below this one are the metadata files, which Windows shows nobody ($MFT to $Extend and reserved ones).</summary>
    public const uint FirstUserRecord = 16;

    /// <summary>The low 48 bits of a file reference are the number of the record, the others its sequence number.</summary>
    public const ulong ReferenceNumberMask = 0xFFFF_FFFF_FFFF;

    public const uint StandardInformation = 0x10;
    public const uint AttributeList = 0x20;
    public const uint FileName = 0x30;
    public const uint VolumeName = 0x60;
    public const uint VolumeInformation = 0x70;
    public const uint Data = 0x80;
    public const uint IndexRoot = 0x90;
    public const uint IndexAllocation = 0xA0;
    public const uint Bitmap = 0xB0;
    public const uint ReparsePoint = 0xC0;
    public const uint EndOfAttributes = 0xFFFF_FFFF;

    /// <summary>The name of the attributes that make up a directory.</summary>
    public const string DirectoryIndex = "$I30";

    /// <summary>Method of compression in the flags of an attribute: 0 none, 1 LZNT1.</summary>
    public const ushort CompressionMask = 0x00FF;

    public const ushort CompressionLznt1 = 0x0001;
    public const ushort AttributeEncrypted = 0x4000;
    public const ushort AttributeSparse = 0x8000;

    public const uint FileAttributeReparsePoint = 0x0400;

    /// <summary>DOS names (8.3) exist beside a long name of the same file.</summary>
    public const byte NamespaceDos = 2;

    /// <summary>Names are at most 255 UTF-16 code units: the length is one byte.</summary>
    public const int MaxNameLength = 255;

    /// <summary>COLLATION_FILE_NAME, the only order directories have.</summary>
    public const uint CollationFileName = 1;

    /// <summary>$UpCase: the upper case of every UTF-16 code unit.</summary>
    public const int UpCaseSize = 2 * 65536;

    /// <summary>Largest $ATTRIBUTE_LIST that Windows makes.</summary>
    public const int MaxAttributeList = 256 * 1024;

    /// <summary>Largest reparse point (MAXIMUM_REPARSE_DATA_BUFFER_SIZE).</summary>
    public const int MaxReparsePoint = 16 * 1024;

    /// <summary>Deepest directory tree that is followed: with 4 KiB blocks, 2^32 names need no more.</summary>
    public const int MaxIndexDepth = 20;

    /// <summary>Largest directory that is read, in bytes; more is a hostile image (as for ext: about a million names).</summary>
    public const long MaxDirectorySize = 256L << 20;

    /// <summary>Runs of the MFT that are kept in memory: 24 bytes each; the MFT of a badly kept server has some thousands.</summary>
    public const int MaxMftRuns = 1 << 18;

    /// <summary>LZNT1 packs units of 16 clusters, and only volumes with clusters of at most 4 KiB have it.</summary>
    public const int MaxCompressionUnit = 64 * 1024;

    /// <summary>Bytes of the MFT read at once and kept: 16 records of 1 KiB.</summary>
    public const int MftBlockSize = 16 * 1024;

    /// <summary>Blocks of the MFT that are kept, 4 MiB in all.</summary>
    public const int MftBlocks = 256;

    /// <summary>Link counts that are kept, 16 bytes each.</summary>
    public const int MaxCachedLinkCounts = 4096;
}
