using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ext.Journal;

/// <summary>The superblock of a journal: struct journal_superblock_s, big-endian.</summary>
internal sealed class JournalSuperblock
{
    internal const string Structure = "jbd2 superblock";

    private const uint CompatChecksum = 1;
    private const int ChecksumOffset = 0xFC;

    private JournalSuperblock()
    {
    }

    /// <summary>s_maxlen: blocks of the journal.</summary>
    public uint Length { get; private init; }

    /// <summary>s_first: first block of the log.</summary>
    public uint First { get; private init; }

    /// <summary>First block after the log: s_maxlen less the blocks for fast commits.</summary>
    public uint End { get; private init; }

    /// <summary>First block for fast commits: the kernel leaves one block out after the log. Null when there is none.</summary>
    public uint? FirstFastCommit => Incompat.HasFlag(JournalIncompat.FastCommit) && End + 1 < Length ? End + 1 : null;

    /// <summary>s_sequence: the first transaction expected in the log.</summary>
    public uint Sequence { get; private init; }

    /// <summary>s_start: where that transaction starts; 0 when the log is empty.</summary>
    public uint Start { get; private init; }

    /// <summary>s_errno: an error the journal has recorded; 0 when there is none.</summary>
    public int Error { get; private init; }

    public JournalIncompat Incompat { get; private init; }

    /// <summary>Whether commit blocks carry a CRC-32 of their transaction (checksum v1).</summary>
    public bool HasCommitChecksum { get; private init; }

    /// <summary>Whether every block is checked with crc32c (checksum v2 or v3).</summary>
    public bool HasBlockChecksums => (Incompat & (JournalIncompat.ChecksumV2 | JournalIncompat.ChecksumV3)) != 0;

    public bool HasTagsV3 => Incompat.HasFlag(JournalIncompat.ChecksumV3);

    public bool Is64Bit => Incompat.HasFlag(JournalIncompat.Bit64);

    /// <summary>Where the checksums of all blocks start: crc32c of s_uuid.</summary>
    public uint ChecksumSeed { get; private init; }

    /// <summary>Bytes of a tag.</summary>
    public int TagSize => HasTagsV3 ? 16 : 8 + (Incompat.HasFlag(JournalIncompat.ChecksumV2) ? 2 : 0) + (Is64Bit ? 4 : 0);

    /// <summary>Parses the superblock.</summary>
    /// <param name="raw">1024 bytes.</param>
    /// <param name="blockSize">Block size of the file system in bytes.</param>
    /// <param name="availableBlocks">Blocks the file of the journal has.</param>
    /// <param name="offset">Offset of the superblock in bytes within the volume.</param>
    /// <exception cref="DiskFormatException">The superblock is damaged or uses an unknown feature.</exception>
    public static JournalSuperblock Parse(ReadOnlySpan<byte> raw, int blockSize, long availableBlocks, long offset)
    {
        if (U32(raw, 0) != JournalFormat.Magic)
        {
            throw Corrupt(offset, $"h_magic is 0x{U32(raw, 0):X8}, expected 0xC03B3998");
        }

        JournalBlockType type = (JournalBlockType)U32(raw, 4);
        if (type is not (JournalBlockType.SuperblockV1 or JournalBlockType.SuperblockV2))
        {
            throw Corrupt(offset, $"h_blocktype is {(uint)type}, expected 3 or 4");
        }

        // Version 1 ends before the features.
        bool hasFeatures = type == JournalBlockType.SuperblockV2;
        JournalIncompat incompat = hasFeatures ? (JournalIncompat)U32(raw, 0x28) : 0;
        if ((incompat & ~JournalIncompat.Known) != 0)
        {
            throw DiskFormatException.Unsupported(Structure, offset, $"s_feature_incompat has the bits 0x{(uint)(incompat & ~JournalIncompat.Known):X}, which this reader does not read");
        }

        bool commitChecksum = hasFeatures && (U32(raw, 0x24) & CompatChecksum) != 0;
        CheckChecksum(raw, incompat, commitChecksum, offset);
        if (U32(raw, 0x0C) != blockSize)
        {
            throw Corrupt(offset, $"s_blocksize is {U32(raw, 0x0C)}, the file system has blocks of {blockSize} bytes");
        }

        uint length = U32(raw, 0x10);
        if (length > availableBlocks)
        {
            throw Corrupt(offset, $"s_maxlen is {length} blocks, the file of the journal has {availableBlocks}");
        }

        if (length > JournalFormat.MaxBlocks)
        {
            throw DiskFormatException.Unsupported(Structure, offset, $"s_maxlen is {length} blocks, journals of at most {JournalFormat.MaxBlocks} are replayed");
        }

        uint fastCommit = 0;
        if (incompat.HasFlag(JournalIncompat.FastCommit))
        {
            fastCommit = U32(raw, 0x54) is var count && count != 0 ? count : JournalFormat.DefaultFastCommitBlocks;
        }

        uint first = U32(raw, 0x14);
        uint start = U32(raw, 0x1C);
        if (first == 0 || fastCommit > length || first >= length - fastCommit)
        {
            throw Corrupt(offset, $"s_first is {first} in a journal of {length} blocks with {fastCommit} for fast commits");
        }

        uint end = length - fastCommit;
        if (start != 0 && (start < first || start >= end))
        {
            throw Corrupt(offset, $"s_start is {start}, the log is in blocks {first} to {end - 1}");
        }

        return new JournalSuperblock
        {
            Length = length,
            First = first,
            End = end,
            Sequence = U32(raw, 0x18),
            Start = start,
            Error = (int)U32(raw, 0x20),
            Incompat = incompat,
            HasCommitChecksum = commitChecksum,
            ChecksumSeed = ExtChecksum.Crc32C(~0u, raw.Slice(0x30, 16)),
        };
    }

    private static void CheckChecksum(ReadOnlySpan<byte> raw, JournalIncompat incompat, bool commitChecksum, long offset)
    {
        const JournalIncompat Both = JournalIncompat.ChecksumV2 | JournalIncompat.ChecksumV3;
        if ((incompat & Both) == 0)
        {
            return;
        }

        if ((incompat & Both) == Both || commitChecksum)
        {
            throw Corrupt(offset, "more than one kind of checksum is switched on");
        }

        if (raw[0x50] != JournalFormat.ChecksumTypeCrc32C)
        {
            throw DiskFormatException.Unsupported(Structure, offset, $"s_checksum_type is {raw[0x50]}, only 4 (crc32c) is known");
        }

        uint crc = ExtChecksum.Crc32C(~0u, raw[..ChecksumOffset]);
        crc = ExtChecksum.Crc32CZeros(crc, sizeof(uint));
        crc = ExtChecksum.Crc32C(crc, raw[(ChecksumOffset + sizeof(uint))..]);
        if (U32(raw, ChecksumOffset) != crc)
        {
            throw Corrupt(offset, $"s_checksum is 0x{U32(raw, ChecksumOffset):X8}, the bytes give 0x{crc:X8}");
        }
    }

    private static DiskFormatException Corrupt(long offset, string detail) => DiskFormatException.Corrupt(Structure, offset, detail);

    private static uint U32(ReadOnlySpan<byte> raw, int offset) => BinaryPrimitives.ReadUInt32BigEndian(raw[offset..]);
}
