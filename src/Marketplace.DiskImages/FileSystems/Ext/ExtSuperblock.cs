using System.Buffers.Binary;
using System.Numerics;

namespace Marketplace.DiskImages.FileSystems.Ext;

/// <summary>The superblock: struct ext4_super_block, 1024 bytes at byte 1024, little-endian.</summary>
internal sealed class ExtSuperblock
{
    internal const string Structure = "ext4 superblock";

    private ExtSuperblock()
    {
    }

    public uint InodesCount { get; private init; }

    /// <summary>Blocks of the file system, both halves.</summary>
    public long BlocksCount { get; private init; }

    /// <summary>s_free_blocks_count, both halves: in blocks, also where clusters are larger. Kept only when unmounted.</summary>
    public ulong FreeBlocksCount { get; private init; }

    public uint FirstDataBlock { get; private init; }

    /// <summary>Block size in bytes, 1024 to 65536.</summary>
    public int BlockSize { get; private init; }

    public uint BlocksPerGroup { get; private init; }

    public uint InodesPerGroup { get; private init; }

    /// <summary>Number of block groups.</summary>
    public uint GroupsCount => (uint)((BlocksCount - FirstDataBlock + BlocksPerGroup - 1) / BlocksPerGroup);

    /// <summary>s_state: bit 0 cleanly unmounted, bit 1 errors detected, bit 2 orphans being recovered.</summary>
    public ushort State { get; private init; }

    public uint FirstInode { get; private init; }

    /// <summary>Inode size in bytes.</summary>
    public int InodeSize { get; private init; }

    public ExtCompat Compat { get; private init; }

    public ExtIncompat Incompat { get; private init; }

    public ExtRoCompat RoCompat { get; private init; }

    /// <summary>s_uuid, the bytes of the disk.</summary>
    public byte[] Uuid { get; private init; } = [];

    public string VolumeName { get; private init; } = "";

    public uint JournalInode { get; private init; }

    public bool HasExternalJournal { get; private init; }

    /// <summary>s_last_orphan: head of the list of inodes to release or truncate.</summary>
    public uint LastOrphan { get; private init; }

    /// <summary>Group descriptor size in bytes.</summary>
    public int DescriptorSize { get; private init; }

    public uint FirstMetaBlockGroup { get; private init; }

    /// <summary>s_error_count: errors the kernel has recorded since the last check.</summary>
    public uint ErrorCount { get; private init; }

    /// <summary>Where all checksums of metadata start: s_checksum_seed, or crc32c of s_uuid.</summary>
    public uint ChecksumSeed { get; private init; }

    private uint BackupGroup0 { get; init; }

    private uint BackupGroup1 { get; init; }

    public bool HasMetadataChecksum => RoCompat.HasFlag(ExtRoCompat.MetadataChecksum);

    /// <summary>The type as blkid names it: by the oldest driver that knows all features of the file system.</summary>
    public string TypeName
    {
        get
        {
            const ExtIncompat Old = ExtIncompat.FileType | ExtIncompat.Recover | ExtIncompat.MetaBlockGroups;
            const ExtRoCompat OldRo = ExtRoCompat.SparseSuper | ExtRoCompat.LargeFile | ExtRoCompat.BtreeDirectory;
            if ((Incompat & ~Old) != 0 || (RoCompat & ~OldRo) != 0)
            {
                return "ext4";
            }

            return Compat.HasFlag(ExtCompat.HasJournal) ? "ext3" : "ext2";
        }
    }

    /// <summary>Parses the superblock and checks everything the rest of the reader relies on.</summary>
    /// <param name="raw">1024 bytes.</param>
    /// <param name="volumeLength">Length of the volume in bytes.</param>
    /// <exception cref="DiskFormatException">The superblock is damaged, uses an unknown feature, or describes more blocks than the volume has.</exception>
    public static ExtSuperblock Parse(ReadOnlySpan<byte> raw, long volumeLength)
    {
        if (U16(raw, 0x38) != ExtFormat.Magic)
        {
            throw Corrupt($"s_magic is 0x{U16(raw, 0x38):X4}, expected 0xEF53");
        }

        ExtRoCompat roCompat = (ExtRoCompat)U32(raw, 0x64);
        CheckChecksum(raw, roCompat);
        ExtIncompat incompat = (ExtIncompat)U32(raw, 0x60);
        CheckFeatures(incompat);

        uint revision = U32(raw, 0x4C);
        if (revision > 1)
        {
            throw DiskFormatException.Unsupported(Structure, ExtFormat.SuperblockOffset, $"s_rev_level is {revision}, 0 and 1 are known");
        }

        uint logBlockSize = U32(raw, 0x18);
        if (logBlockSize > ExtFormat.MaxLogBlockSize)
        {
            throw Corrupt($"s_log_block_size is {logBlockSize}, at most {ExtFormat.MaxLogBlockSize} is allowed");
        }

        bool bit64 = incompat.HasFlag(ExtIncompat.Bit64);
        byte[] uuid = raw.Slice(0x68, 16).ToArray();
        ExtSuperblock superblock = new()
        {
            InodesCount = U32(raw, 0x00),
            BlocksCount = (long)Math.Min(U32(raw, 0x04) | (bit64 ? (ulong)U32(raw, 0x150) << 32 : 0), long.MaxValue),
            FreeBlocksCount = U32(raw, 0x0C) | (bit64 ? (ulong)U32(raw, 0x158) << 32 : 0),
            LastOrphan = U32(raw, 0xE8),
            FirstDataBlock = U32(raw, 0x14),
            BlockSize = 1024 << (int)logBlockSize,
            BlocksPerGroup = U32(raw, 0x20),
            InodesPerGroup = U32(raw, 0x28),
            State = U16(raw, 0x3A),
            FirstInode = revision == 0 ? ExtFormat.GoodOldFirstInode : U32(raw, 0x54),
            InodeSize = revision == 0 ? ExtFormat.GoodOldInodeSize : U16(raw, 0x58),
            Compat = (ExtCompat)U32(raw, 0x5C),
            Incompat = incompat,
            RoCompat = roCompat,
            Uuid = uuid,
            VolumeName = DecodeLabel(raw.Slice(0x78, 16)),
            JournalInode = U32(raw, 0xE0),
            HasExternalJournal = U32(raw, 0xE0) == 0 && (U32(raw, 0xE4) != 0 || raw.Slice(0xD0, 16).ContainsAnyExcept((byte)0)),
            DescriptorSize = bit64 ? U16(raw, 0xFE) : ExtFormat.DescriptorSize,
            FirstMetaBlockGroup = U32(raw, 0x104),
            ErrorCount = U32(raw, 0x194),
            ChecksumSeed = incompat.HasFlag(ExtIncompat.ChecksumSeed) ? U32(raw, 0x270) : ExtChecksum.Crc32C(~0u, uuid),
            BackupGroup0 = U32(raw, 0x24C),
            BackupGroup1 = U32(raw, 0x250),
        };
        superblock.CheckGeometry(U32(raw, 0x1C), U32(raw, 0x24), volumeLength);
        return superblock;
    }

    /// <summary>First block of a group.</summary>
    public long FirstBlockOfGroup(uint group) => FirstDataBlock + ((long)group * BlocksPerGroup);

    /// <summary>Whether a run of blocks may belong to a file: past the superblock and inside the file system.</summary>
    public bool IsDataRange(long block, long count) => block > FirstDataBlock && block < BlocksCount && count <= BlocksCount - block;

    /// <summary>Whether a group starts with a copy of the superblock (features sparse_super and sparse_super2).</summary>
    public bool HasSuperblockCopy(uint group)
    {
        if (group == 0)
        {
            return true;
        }

        if (Compat.HasFlag(ExtCompat.SparseSuper2))
        {
            return group == BackupGroup0 || group == BackupGroup1;
        }

        return group == 1 || !RoCompat.HasFlag(ExtRoCompat.SparseSuper) || IsPowerOf(group, 3) || IsPowerOf(group, 5) || IsPowerOf(group, 7);
    }

    private static bool IsPowerOf(uint value, uint factor)
    {
        while (value % factor == 0)
        {
            value /= factor;
        }

        return value == 1;
    }

    private static void CheckChecksum(ReadOnlySpan<byte> raw, ExtRoCompat roCompat)
    {
        if (!roCompat.HasFlag(ExtRoCompat.MetadataChecksum))
        {
            return;
        }

        if (raw[0x175] != ExtFormat.ChecksumTypeCrc32C)
        {
            throw DiskFormatException.Unsupported(Structure, ExtFormat.SuperblockOffset, $"s_checksum_type is {raw[0x175]}, only 1 (crc32c) is known");
        }

        uint expected = ExtChecksum.Crc32C(~0u, raw[..0x3FC]);
        if (U32(raw, 0x3FC) != expected)
        {
            long backup = U32(raw, 0x14) + (long)U32(raw, 0x20);
            throw Corrupt($"s_checksum is 0x{U32(raw, 0x3FC):X8}, the bytes give 0x{expected:X8}; a copy of the superblock is usually kept in block {backup}");
        }
    }

    private static void CheckFeatures(ExtIncompat incompat)
    {
        if (incompat.HasFlag(ExtIncompat.JournalDevice))
        {
            throw DiskFormatException.Unsupported(Structure, ExtFormat.SuperblockOffset, "the volume is the external journal of another file system (feature journal_dev), it holds no files");
        }

        ExtIncompat unknown = incompat & ~ExtIncompat.Known;
        if (unknown != 0)
        {
            string name = unknown switch
            {
                ExtIncompat.Compression => " (compression)",
                ExtIncompat.DirData => " (dirdata)",
                _ => "",
            };
            throw DiskFormatException.Unsupported(Structure, ExtFormat.SuperblockOffset, $"s_feature_incompat has the bits 0x{(uint)unknown:X}{name}, which this reader does not read");
        }
    }

    private void CheckGeometry(uint logClusterSize, uint clustersPerGroup, long volumeLength)
    {
        if (InodeSize < ExtFormat.GoodOldInodeSize || InodeSize > BlockSize || !BitOperations.IsPow2(InodeSize))
        {
            throw Corrupt($"s_inode_size is {InodeSize}, expected a power of two from 128 to the block size {BlockSize}");
        }

        if (FirstInode < ExtFormat.GoodOldFirstInode)
        {
            throw Corrupt($"s_first_ino is {FirstInode}, at least 11 is required");
        }

        if (Incompat.HasFlag(ExtIncompat.Bit64)
            && (DescriptorSize < ExtFormat.MinDescriptorSize64 || DescriptorSize > ExtFormat.MaxDescriptorSize || !BitOperations.IsPow2(DescriptorSize)))
        {
            throw Corrupt($"s_desc_size is {DescriptorSize}, expected a power of two from 64 to 1024");
        }

        CheckClusters(logClusterSize, clustersPerGroup);
        if (InodesPerGroup == 0 || InodesPerGroup > 8L * BlockSize)
        {
            throw Corrupt($"s_inodes_per_group is {InodesPerGroup}, expected 1 to {8L * BlockSize}");
        }

        if (BlocksCount <= FirstDataBlock || FirstDataBlock > 1)
        {
            throw Corrupt($"s_blocks_count is {BlocksCount} with s_first_data_block {FirstDataBlock}");
        }

        if (BlocksCount > volumeLength / BlockSize)
        {
            throw DiskFormatException.Truncated(Structure, ExtFormat.SuperblockOffset, $"the file system has {BlocksCount} blocks of {BlockSize} bytes, the volume has {volumeLength} bytes");
        }

        long groups = (BlocksCount - FirstDataBlock + BlocksPerGroup - 1) / BlocksPerGroup;
        if (groups * InodesPerGroup != InodesCount)
        {
            throw Corrupt($"s_inodes_count is {InodesCount}, {groups} groups of {InodesPerGroup} inodes give {groups * InodesPerGroup}");
        }
    }

    // Clusters matter for allocation only, but the kernel refuses a file system whose sizes do not go together.
    private void CheckClusters(uint logClusterSize, uint clustersPerGroup)
    {
        int logBlockSize = BitOperations.Log2((uint)BlockSize) - 10;
        bool bigAlloc = RoCompat.HasFlag(ExtRoCompat.BigAlloc);
        if (bigAlloc ? logClusterSize < logBlockSize || logClusterSize > 30 : logClusterSize != logBlockSize)
        {
            throw Corrupt($"s_log_cluster_size is {logClusterSize} with s_log_block_size {logBlockSize}");
        }

        long ratio = 1L << ((int)logClusterSize - logBlockSize);
        long clusters = bigAlloc ? clustersPerGroup : BlocksPerGroup;
        if (clusters == 0 || clusters > 8L * BlockSize || BlocksPerGroup != clusters * ratio)
        {
            throw Corrupt($"s_blocks_per_group is {BlocksPerGroup} and s_clusters_per_group {clustersPerGroup} with {ratio} blocks in a cluster and {8L * BlockSize} clusters at most");
        }
    }

    private static string DecodeLabel(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return FileName.Decode(end < 0 ? field : field[..end]);
    }

    private static DiskFormatException Corrupt(string detail) => DiskFormatException.Corrupt(Structure, ExtFormat.SuperblockOffset, detail);

    private static ushort U16(ReadOnlySpan<byte> raw, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(raw[offset..]);

    private static uint U32(ReadOnlySpan<byte> raw, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(raw[offset..]);
}
