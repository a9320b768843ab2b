namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>Constants of Btrfs (Linux kernel, include/uapi/linux/btrfs_tree.h; btrfs-progs, On-disk-format) and the limits of this reader.</summary>
internal static class BtrfsFormat
{
    /// <summary>The copies of the superblock, in bytes from the start of the device. Linux mounts by the first one only.</summary>
    public static readonly long[] SuperblockOffsets = [0x10000, 0x4000000, 0x4000000000];

    /// <summary>Bytes of a superblock.</summary>
    public const int SuperblockSize = 4096;

    /// <summary>Bytes kept for a checksum in superblocks and tree blocks, whatever the algorithm needs.</summary>
    public const int ChecksumFieldSize = 32;

    /// <summary>Smallest sectorsize and nodesize.</summary>
    public const int MinBlockSize = 4096;

    /// <summary>BTRFS_MAX_METADATA_BLOCKSIZE: largest sectorsize and nodesize.</summary>
    public const int MaxBlockSize = 65536;

    /// <summary>BTRFS_SYSTEM_CHUNK_ARRAY_SIZE.</summary>
    public const int SystemChunkArraySize = 2048;

    /// <summary>BTRFS_STRIPE_LEN, the only stripe_len the kernel takes.</summary>
    public const int StripeLength = 65536;

    /// <summary>BTRFS_MAX_LEVEL - 1: highest level of a tree block.</summary>
    public const int MaxLevel = 7;

    /// <summary>struct btrfs_header.</summary>
    public const int HeaderSize = 101;

    /// <summary>struct btrfs_item: key, offset, size.</summary>
    public const int ItemSize = 25;

    /// <summary>struct btrfs_key_ptr: key, blockptr, generation.</summary>
    public const int PointerSize = 33;

    /// <summary>struct btrfs_disk_key.</summary>
    public const int KeySize = 17;

    public const ulong RootTreeId = 1;
    public const ulong ChunkTreeId = 3;
    public const ulong TopLevelId = 5;
    public const ulong RootTreeDirectoryId = 6;
    public const ulong ChecksumTreeId = 7;

    /// <summary>BTRFS_TREE_LOG_OBJECTID.</summary>
    public const ulong LogTreeId = unchecked((ulong)-6L);

    /// <summary>BTRFS_FIRST_FREE_OBJECTID: first inode of a subvolume (its root directory) and first id of a subvolume.</summary>
    public const ulong FirstFreeId = 256;

    /// <summary>BTRFS_EXTENT_CSUM_OBJECTID.</summary>
    public const ulong ExtentChecksumId = unchecked((ulong)-10L);

    /// <summary>BTRFS_EMPTY_SUBVOL_DIR_OBJECTID: the inode number of a directory that stands for a subvolume which is not there.</summary>
    public const ulong EmptySubvolumeDirectoryId = 2;

    public const byte InodeItemKey = 1;
    public const byte InodeReferenceKey = 12;
    public const byte InodeExtendedReferenceKey = 13;
    public const byte ExtendedAttributeKey = 24;
    public const byte DirectoryItemKey = 84;
    public const byte DirectoryIndexKey = 96;
    public const byte ExtentDataKey = 108;
    public const byte ExtentChecksumKey = 128;
    public const byte RootItemKey = 132;
    public const byte RootReferenceKey = 156;
    public const byte ChunkItemKey = 228;

    /// <summary>BTRFS_NAME_LEN.</summary>
    public const int MaxName = 255;

    /// <summary>Longest link target in bytes: PATH_MAX of Linux.</summary>
    public const int MaxLinkTarget = 4096;

    /// <summary>BTRFS_MAX_COMPRESSED and BTRFS_MAX_UNCOMPRESSED: a compressed extent has at most this many bytes on disk and in memory.</summary>
    public const int MaxCompressedExtent = 128 * 1024;

    /// <summary>Inode numbers and subvolume ids are below 2^48: the kernel creates no subvolume above (a quota level begins there), and no system lives to create as many files.</summary>
    public const int IdBits = 48;

    /// <summary>Subvolumes opened at one time: what fits above <see cref="IdBits"/> in a file's number.</summary>
    public const int MaxSubvolumes = 1 << (64 - IdBits);

    /// <summary>Chunks of a file system: a data chunk has 1 GiB on all but the smallest disks, so 64 TiB.</summary>
    public const int MaxChunks = 1 << 16;

    /// <summary>Items of a log tree: what is written between two commits, 30 seconds apart by default, is far less.</summary>
    public const int MaxLogItems = 1 << 16;

    /// <summary>Direct subvolumes of the top level that are looked at for the root of a system: more are a store of snapshots.</summary>
    public const int MaxRootCandidates = 256;

    /// <summary>Memory for tree blocks read lately in bytes: 512 blocks of the usual 16 KiB.</summary>
    public const int CacheBytes = 8 << 20;

    /// <summary>Decompressed extents kept, of 128 KiB at most: a file that was rewritten in places goes back and forth between few of them.</summary>
    public const int CachedExtents = 8;

    /// <summary>Bytes of file data that are verified at one time, a whole number of sectors of any size.</summary>
    public const int MaxDataRun = 1 << 20;
}
