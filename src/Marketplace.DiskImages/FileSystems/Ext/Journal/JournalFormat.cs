namespace Marketplace.DiskImages.FileSystems.Ext.Journal;

/// <summary>Constants of jbd2 (Linux kernel, include/linux/jbd2.h). All numbers of a journal are big-endian.</summary>
internal static class JournalFormat
{
    /// <summary>h_magic.</summary>
    public const uint Magic = 0xC03B3998;

    /// <summary>Bytes of the superblock, at the start of the journal's first block.</summary>
    public const int SuperblockSize = 1024;

    /// <summary>Bytes of the header of every block: h_magic, h_blocktype, h_sequence.</summary>
    public const int HeaderSize = 12;

    /// <summary>Bytes of the checksum at the end of descriptor and revoke blocks (checksums v2 and v3).</summary>
    public const int TailSize = 4;

    /// <summary>Bytes of the identifier that follows a tag without the flag same_uuid.</summary>
    public const int TagUuidSize = 16;

    /// <summary>s_checksum_type of crc32c.</summary>
    public const byte ChecksumTypeCrc32C = 4;

    /// <summary>Blocks for fast commits when s_num_fc_blks is 0.</summary>
    public const uint DefaultFastCommitBlocks = 256;

    /// <summary>Longest journal that is replayed, in blocks: mke2fs makes none above 1 GiB by itself, this is four times as much with blocks of 4 KiB.</summary>
    public const long MaxBlocks = 1 << 20;

    /// <summary>Tag of the first record of a fast commit (EXT4_FC_TAG_HEAD).</summary>
    public const ushort FastCommitHead = 9;
}

/// <summary>h_blocktype.</summary>
internal enum JournalBlockType : uint
{
    Descriptor = 1,
    Commit = 2,
    SuperblockV1 = 3,
    SuperblockV2 = 4,
    Revoke = 5,
}

/// <summary>s_feature_incompat of the journal.</summary>
[Flags]
internal enum JournalIncompat : uint
{
    Revoke = 0x1,
    Bit64 = 0x2,
    AsyncCommit = 0x4,
    ChecksumV2 = 0x8,
    ChecksumV3 = 0x10,
    FastCommit = 0x20,

    /// <summary>Every feature this reader knows.</summary>
    Known = Revoke | Bit64 | AsyncCommit | ChecksumV2 | ChecksumV3 | FastCommit,
}

/// <summary>t_flags of a tag.</summary>
[Flags]
internal enum JournalTagFlags : uint
{
    /// <summary>The block starts with h_magic, which is stored as zero.</summary>
    Escaped = 1,
    SameUuid = 2,
    Deleted = 4,
    Last = 8,
}
