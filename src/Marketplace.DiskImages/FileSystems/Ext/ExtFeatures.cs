namespace Marketplace.DiskImages.FileSystems.Ext;

/// <summary>s_feature_compat: features that change nothing for a reader.</summary>
[Flags]
internal enum ExtCompat : uint
{
    HasJournal = 0x4,
    SparseSuper2 = 0x200,
    FastCommit = 0x400,
    OrphanFile = 0x1000,
}

/// <summary>s_feature_incompat: a reader that does not know one of these must not read.</summary>
[Flags]
internal enum ExtIncompat : uint
{
    Compression = 0x1,
    FileType = 0x2,
    Recover = 0x4,
    JournalDevice = 0x8,
    MetaBlockGroups = 0x10,
    Extents = 0x40,
    Bit64 = 0x80,
    MultipleMountProtection = 0x100,
    FlexBlockGroups = 0x200,
    EaInode = 0x400,
    DirData = 0x1000,
    ChecksumSeed = 0x2000,
    LargeDirectory = 0x4000,
    InlineData = 0x8000,
    Encrypt = 0x10000,
    CaseFold = 0x20000,

    /// <summary>Every feature this reader knows how to read, or that changes nothing for reading.</summary>
    Known = FileType | Recover | MetaBlockGroups | Extents | Bit64 | MultipleMountProtection | FlexBlockGroups | EaInode
        | ChecksumSeed | LargeDirectory | InlineData | Encrypt | CaseFold,
}

/// <summary>s_feature_ro_compat: a reader may ignore those it does not know.</summary>
[Flags]
internal enum ExtRoCompat : uint
{
    SparseSuper = 0x1,
    LargeFile = 0x2,
    BtreeDirectory = 0x4,
    GroupDescriptorChecksum = 0x10,
    BigAlloc = 0x200,
    MetadataChecksum = 0x400,
    OrphanPresent = 0x10000,
}

/// <summary>i_flags.</summary>
[Flags]
internal enum ExtInodeFlags : uint
{
    Encrypted = 0x800,
    Index = 0x1000,
    Extents = 0x80000,
    EaInode = 0x200000,
    InlineData = 0x10000000,
    CaseFold = 0x40000000,
}
