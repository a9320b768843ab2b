using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Xfs.Log;

/// <summary>The header of a record: struct xlog_rec_header, 512 bytes on disk.</summary>
/// <param name="Cycle">h_cycle: how often the log had gone round.</param>
/// <param name="Version">h_version: 1 or 2.</param>
/// <param name="Length">h_len: bytes of data.</param>
/// <param name="Lsn">h_lsn: cycle and block of this record.</param>
/// <param name="TailLsn">h_tail_lsn: cycle and block of the oldest record that is still needed.</param>
/// <param name="Checksum">h_crc.</param>
/// <param name="OperationCount">h_num_logops.</param>
/// <param name="Format">h_fmt: byte order of the items.</param>
/// <param name="Size">h_size: bytes of data a record of this log can have.</param>
internal readonly record struct XlogRecordHeader(uint Cycle, uint Version, int Length, ulong Lsn, ulong TailLsn, uint Checksum, uint OperationCount, uint Format, int Size)
{
    public const int ChecksumOffset = 32;
    private const int UuidOffset = 304;

    /// <summary>Block of the log the tail is in.</summary>
    public long TailBlock => (long)(TailLsn & uint.MaxValue);

    /// <summary>Whether a block of the log starts a record.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> block) => BinaryPrimitives.ReadUInt32BigEndian(block) == XlogFormat.RecordMagic;

    /// <summary>The cycle a block of the log belongs to: every block starts with it, a header after its magic.</summary>
    public static uint CycleOf(ReadOnlySpan<byte> block) => BinaryPrimitives.ReadUInt32BigEndian(block[(IsHeader(block) ? sizeof(uint) : 0)..]);

    /// <summary>Parses a header.</summary>
    /// <param name="raw">The first block of the record, known to be a header.</param>
    public static XlogRecordHeader Parse(ReadOnlySpan<byte> raw) => new(
        U32(raw, 4),
        U32(raw, 8),
        (int)U32(raw, 12),
        BinaryPrimitives.ReadUInt64BigEndian(raw[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(raw[24..]),
        BinaryPrimitives.ReadUInt32LittleEndian(raw[ChecksumOffset..]),
        U32(raw, 40),
        U32(raw, 300),
        (int)U32(raw, 320));

    /// <summary>Whether the record was written for a file system.</summary>
    /// <param name="raw">The first block of the record.</param>
    /// <param name="uuid">sb_uuid.</param>
    public static bool HasUuid(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> uuid) => raw.Slice(UuidOffset, 16).SequenceEqual(uuid);

    /// <summary>Blocks of headers of a record, by what its own h_size tells.</summary>
    public int HeaderBlocks(bool isLogV2) =>
        isLogV2 && (Version & 2) != 0 && Size > XlogFormat.HeaderCovers ? (int)(((long)Size + XlogFormat.HeaderCovers - 1) / XlogFormat.HeaderCovers) : 1;

    /// <summary>Blocks of data.</summary>
    public long DataBlocks => ((long)(uint)Length + XlogFormat.BlockSize - 1) / XlogFormat.BlockSize;

    private static uint U32(ReadOnlySpan<byte> raw, int offset) => BinaryPrimitives.ReadUInt32BigEndian(raw[offset..]);
}
