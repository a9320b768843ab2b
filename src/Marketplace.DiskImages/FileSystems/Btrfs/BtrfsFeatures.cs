namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>incompat_flags: a reader that does not know one of these must not read.</summary>
[Flags]
internal enum BtrfsIncompat : ulong
{
    MixedBackReferences = 0x1,
    DefaultSubvolume = 0x2,
    MixedGroups = 0x4,
    CompressLzo = 0x8,
    CompressZstd = 0x10,
    BigMetadata = 0x20,
    ExtendedInodeReferences = 0x40,
    Raid56 = 0x80,
    SkinnyMetadata = 0x100,
    NoHoles = 0x200,
    MetadataUuid = 0x400,
    Raid1C34 = 0x800,
    Zoned = 0x1000,
    ExtentTreeV2 = 0x2000,
    RaidStripeTree = 0x4000,
    SimpleQuota = 0x10000,
    RemapTree = 0x20000,

    /// <summary>Every feature this reader knows how to read, or that changes nothing for reading. The profile of each chunk is judged for itself.</summary>
    Known = MixedBackReferences | DefaultSubvolume | MixedGroups | CompressLzo | CompressZstd | BigMetadata | ExtendedInodeReferences
        | Raid56 | SkinnyMetadata | NoHoles | MetadataUuid | Raid1C34 | SimpleQuota,
}

/// <summary>flags of the superblock.</summary>
[Flags]
internal enum BtrfsSuperblockFlags : ulong
{
    Written = 0x1,
    Relocated = 0x2,
    Error = 0x4,
    Seeding = 1UL << 32,
    MetadataDump = 1UL << 33,
    MetadataDumpV2 = 1UL << 34,

    /// <summary>The flags of a file system that can be read as it stands.</summary>
    Known = Written | Relocated | Error,
}

/// <summary>type of a chunk: what it holds and how it is spread over devices.</summary>
[Flags]
internal enum BtrfsChunkType : ulong
{
    Data = 0x1,
    System = 0x2,
    Metadata = 0x4,
    Raid0 = 0x8,
    Raid1 = 0x10,
    Dup = 0x20,
    Raid10 = 0x40,
    Raid5 = 0x80,
    Raid6 = 0x100,
    Raid1C3 = 0x200,
    Raid1C4 = 0x400,

    Content = Data | System | Metadata,
    Profile = Raid0 | Raid1 | Dup | Raid10 | Raid5 | Raid6 | Raid1C3 | Raid1C4,
}

/// <summary>flags of an inode.</summary>
[Flags]
internal enum BtrfsInodeFlags : ulong
{
    NoDataSum = 0x1,
}

/// <summary>flags of a root item.</summary>
[Flags]
internal enum BtrfsRootFlags : ulong
{
    ReadOnly = 0x1,
    Dead = 1UL << 48,
}

/// <summary>How the bytes of a file extent are stored.</summary>
internal enum BtrfsCompression : byte
{
    None,
    Zlib,
    Lzo,
    Zstd,
}

/// <summary>type of a file extent.</summary>
internal enum BtrfsExtentType : byte
{
    Inline,
    Regular,
    Preallocated,
}
