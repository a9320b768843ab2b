namespace Marketplace.DiskImages.FileSystems.Xfs;

/// <summary>Constants of XFS (Linux kernel, fs/xfs/libxfs/xfs_format.h and xfs_da_format.h) and the limits of this reader. All numbers on disk are big-endian except checksums.</summary>
internal static class XfsFormat
{
    /// <summary>sb_magicnum, "XFSB".</summary>
    public const uint SuperblockMagic = 0x58465342;

    /// <summary>Bytes read for the superblock: the smallest sector. Its checksum covers the whole sector.</summary>
    public const int MinSectorSize = 512;

    /// <summary>Largest sector.</summary>
    public const int MaxSectorSize = 32768;

    public const int MinBlockSize = 512;
    public const int MaxBlockSize = 65536;

    /// <summary>Smallest block of version 5: checksummed headers need the room.</summary>
    public const int MinBlockSizeV5 = 1024;

    public const int MinInodeSize = 256;
    public const int MinInodeSizeV5 = 512;
    public const int MaxInodeSize = 2048;

    /// <summary>Smallest allocation group in blocks (XFS_MIN_AG_BLOCKS).</summary>
    public const int MinGroupBlocks = 64;

    /// <summary>Disk addresses inside structures count units of 512 bytes whatever the sector.</summary>
    public const int BasicBlockLog = 9;

    public const int BasicBlockSize = 1 << BasicBlockLog;

    /// <summary>di_magic, "IN".</summary>
    public const ushort InodeMagic = 0x494E;

    /// <summary>Where the fork starts in inodes of versions 1 and 2, and in those of version 3.</summary>
    public const int InodeCoreV2 = 100;

    public const int InodeCoreV3 = 176;

    /// <summary>"BMAP" and "BMA3": a block of an extent tree.</summary>
    public const uint BmapMagicV4 = 0x424D4150;

    public const uint BmapMagicV5 = 0x424D4133;
    public const int BmapHeaderV4 = 24;
    public const int BmapHeaderV5 = 72;

    /// <summary>Deepest extent tree: 2^48 extents in the smallest nodes would need 13 levels; each level is one block in memory.</summary>
    public const int MaxBmapLevels = 14;

    /// <summary>Longest extent: br_blockcount has 21 bits.</summary>
    public const int ExtentRecordSize = 16;

    /// <summary>"XD2B", "XDB3": a directory of one block; "XD2D", "XDD3": a block with entries only.</summary>
    public const uint DirectoryBlockV4 = 0x58443242;

    public const uint DirectoryBlockV5 = 0x58444233;
    public const uint DirectoryDataV4 = 0x58443244;
    public const uint DirectoryDataV5 = 0x58444433;
    public const int DirectoryHeaderV4 = 16;
    public const int DirectoryHeaderV5 = 64;

    /// <summary>freetag of an unused range.</summary>
    public const ushort DirectoryFreeTag = 0xFFFF;

    /// <summary>Space of the directory in which its index starts (XFS_DIR2_LEAF_OFFSET); entries are below.</summary>
    public const long DirectoryLeafOffset = 32L << 30;

    /// <summary>Space of the directory in which the table of free space starts (XFS_DIR2_FREE_OFFSET); the index is below.</summary>
    public const long DirectoryFreeOffset = 64L << 30;

    /// <summary>Magic of the index when it is a single block, of one of its leaves, and of a node, each for version 4 and version 5.</summary>
    public const ushort Leaf1V4 = 0xD2F1;

    public const ushort Leaf1V5 = 0x3DF1;
    public const ushort LeafNV4 = 0xD2FF;
    public const ushort LeafNV5 = 0x3DFF;
    public const ushort NodeV4 = 0xFEBE;
    public const ushort NodeV5 = 0x3EBE;

    /// <summary>Deepest index (XFS_DA_NODE_MAXDEPTH).</summary>
    public const int MaxIndexDepth = 5;

    /// <summary>Largest directory that is read, in bytes of entries: about a million names; more is a hostile or a foreign image.</summary>
    public const long MaxDirectorySize = 64L << 20;

    /// <summary>"XSLM": header of a link target outside the inode.</summary>
    public const uint SymlinkMagic = 0x58534C4D;

    public const int SymlinkHeader = 56;

    /// <summary>Longest link target in bytes (XFS_SYMLINK_MAXLEN).</summary>
    public const int MaxLinkTarget = 1024;

    /// <summary>Memory for cached metadata blocks in bytes: the directories and inodes of the paths a check walks.</summary>
    public const int CacheBytes = 4 << 20;

    /// <summary>Inodes are read in pieces of this many bytes, which is what the kernel allocates them in.</summary>
    public const int InodeClusterSize = 16384;
}
