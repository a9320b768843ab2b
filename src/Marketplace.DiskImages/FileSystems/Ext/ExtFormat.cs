namespace Marketplace.DiskImages.FileSystems.Ext;

/// <summary>Constants of ext2, ext3 and ext4 (Linux kernel, Documentation/filesystems/ext4) and the limits of this reader.</summary>
internal static class ExtFormat
{
    /// <summary>The superblock starts at this byte of the volume whatever the block size.</summary>
    public const int SuperblockOffset = 1024;

    /// <summary>Bytes of the superblock.</summary>
    public const int SuperblockSize = 1024;

    /// <summary>s_magic.</summary>
    public const ushort Magic = 0xEF53;

    /// <summary>Largest s_log_block_size: 1024 &lt;&lt; 6 = 64 KiB, the largest block of the format.</summary>
    public const uint MaxLogBlockSize = 6;

    /// <summary>Inode size of revision 0, and the smallest of all.</summary>
    public const int GoodOldInodeSize = 128;

    /// <summary>First inode of revision 0 that is not reserved, and the smallest of all.</summary>
    public const uint GoodOldFirstInode = 11;

    /// <summary>Group descriptor size without the 64bit feature.</summary>
    public const int DescriptorSize = 32;

    /// <summary>Smallest descriptor with the 64bit feature.</summary>
    public const int MinDescriptorSize64 = 64;

    /// <summary>Largest descriptor: the kernel takes no more than the smallest block.</summary>
    public const int MaxDescriptorSize = 1024;

    /// <summary>The root directory's inode.</summary>
    public const uint RootInode = 2;

    /// <summary>Bytes of i_block.</summary>
    public const int BlockAreaSize = 60;

    /// <summary>Direct pointers of a block map.</summary>
    public const int DirectBlocks = 12;

    /// <summary>eh_magic.</summary>
    public const ushort ExtentMagic = 0xF30A;

    /// <summary>Deepest extent tree: 2^32 blocks never need more levels (kernel EXT4_MAX_EXTENT_DEPTH).</summary>
    public const int MaxExtentDepth = 5;

    /// <summary>ee_len above this marks an unwritten extent of ee_len - 32768 blocks.</summary>
    public const int MaxWrittenExtent = 32768;

    /// <summary>Blocks a file can have: logical block numbers have 32 bits.</summary>
    public const long MaxLogicalBlocks = 1L << 32;

    /// <summary>h_magic of extended attributes, in the inode and in a block.</summary>
    public const uint XattrMagic = 0xEA020000;

    /// <summary>e_name_index of <c>system.</c>.</summary>
    public const byte XattrIndexSystem = 7;

    /// <summary>file_type of the fake entry that holds a directory block's checksum.</summary>
    public const byte ChecksumEntryType = 0xDE;

    /// <summary>Bytes of that entry.</summary>
    public const int ChecksumEntrySize = 12;

    /// <summary>Smallest directory entry: 8 bytes and a name of 1 byte, padded to 4.</summary>
    public const int MinDirectoryEntry = 12;

    /// <summary>s_checksum_type of crc32c, the only one defined.</summary>
    public const byte ChecksumTypeCrc32C = 1;

    /// <summary>Largest directory that is read, in bytes: about a million names; more is a hostile or a foreign image.</summary>
    public const long MaxDirectorySize = 64L << 20;

    /// <summary>Longest link target in bytes: PATH_MAX of Linux.</summary>
    public const int MaxLinkTarget = 4096;

    /// <summary>Memory for cached metadata blocks in bytes: 1024 blocks of 4 KiB, enough for the paths a check walks.</summary>
    public const int CacheBytes = 4 << 20;

    /// <summary>Group descriptors kept parsed: those of a disk of 128 GiB with usual groups.</summary>
    public const int MaxCachedDescriptors = 1024;
}
