namespace Marketplace.DiskImages.FileSystems.Xfs;

/// <summary>sb_versionnum without the number of the version.</summary>
[Flags]
internal enum XfsVersionFlags : ushort
{
    LogV2 = 0x0400,
    Sector = 0x0800,
    ExtentFlag = 0x1000,
    DirectoryV2 = 0x2000,

    /// <summary>Names are equal without regard to the case of ASCII letters (mkfs -n version=ci).</summary>
    AsciiCaseInsensitive = 0x4000,

    /// <summary>sb_features2 is in use.</summary>
    MoreBits = 0x8000,

    /// <summary>Every bit the kernel accepts: attr, nlink, quota, align, dalign and those above.</summary>
    Known = 0x01F0 | LogV2 | Sector | ExtentFlag | DirectoryV2 | AsciiCaseInsensitive | MoreBits,
}

/// <summary>sb_features2.</summary>
[Flags]
internal enum XfsFeatures2 : uint
{
    FileType = 0x0200,

    /// <summary>Every bit the kernel accepts in version 4: lazy counters, attr2, 32-bit project numbers and file types.</summary>
    KnownV4 = 0x0002 | 0x0008 | 0x0080 | FileType,
}

/// <summary>sb_features_incompat: a reader that does not know one of them reads wrong.</summary>
[Flags]
internal enum XfsIncompat : uint
{
    None = 0,
    FileType = 0x1,
    SparseInodes = 0x2,
    MetaUuid = 0x4,
    BigTime = 0x8,
    NeedsRepair = 0x10,
    LargeExtentCounts = 0x20,
    ExchangeRange = 0x40,
    ParentPointers = 0x80,
    MetadataDirectories = 0x100,
    Zoned = 0x200,

    /// <summary>Every feature this reader reads.</summary>
    Known = FileType | SparseInodes | MetaUuid | BigTime | LargeExtentCounts | ExchangeRange | ParentPointers,
}

/// <summary>di_flags, those a reader needs.</summary>
[Flags]
internal enum XfsInodeFlags : ushort
{
    RealTime = 0x1,
}

/// <summary>di_flags2, those a reader needs.</summary>
[Flags]
internal enum XfsInodeFlags2 : ulong
{
    BigTime = 0x8,
    LargeExtentCounts = 0x10,
    Metadata = 0x20,
}

/// <summary>di_format and di_aformat.</summary>
internal enum XfsForkFormat : byte
{
    Device = 0,
    Local = 1,
    Extents = 2,
    Btree = 3,
}
