namespace Marketplace.DiskImages.FileSystems.Xfs.Log;

/// <summary>
/// Constants of the log of XFS (Linux kernel, fs/xfs/libxfs/xfs_log_format.h) and the limits of this reader. Headers are
/// big-endian; items are in the order of the machine that wrote them, and only little-endian ones are read.
/// </summary>
internal static class XlogFormat
{
    /// <summary>h_magicno of a record.</summary>
    public const uint RecordMagic = 0xFEEDBABE;

    /// <summary>The log is counted in blocks of 512 bytes.</summary>
    public const int BlockSize = 512;

    /// <summary>Bytes of data whose first words one header keeps (XLOG_HEADER_CYCLE_SIZE).</summary>
    public const int HeaderCovers = 32 * 1024;

    /// <summary>Blocks of data whose first words one header keeps.</summary>
    public const int CyclesPerHeader = HeaderCovers / BlockSize;

    /// <summary>Longest record of a log of version 1, and of version 2.</summary>
    public const int MaxRecordV1 = 32 * 1024;

    public const int MaxRecordV2 = 256 * 1024;

    /// <summary>Records that may be on their way to the disk at once (XLOG_MAX_ICLOGS).</summary>
    public const int MaxRecordsInFlight = 8;

    /// <summary>Bytes of struct xlog_rec_header that the checksum covers: with the padding of 64-bit machines, and without.</summary>
    public const int ChecksummedHeader = 328;

    public const int ChecksummedHeader32 = 324;

    /// <summary>Bytes of struct xlog_rec_ext_header: a cycle, then 64 words.</summary>
    public const int ChecksummedExtension = 260;

    /// <summary>h_fmt of little-endian Linux.</summary>
    public const uint LittleEndian = 1;

    /// <summary>Bytes of struct xlog_op_header.</summary>
    public const int OperationHeader = 12;

    /// <summary>oh_clientid of transactions and of the log itself.</summary>
    public const byte ClientTransaction = 0x69;

    public const byte ClientLog = 0xAA;

    /// <summary>Bytes of struct xfs_trans_header, and its magic "TRAN".</summary>
    public const int TransactionHeader = 16;

    public const uint TransactionMagic = 0x5452414E;

    /// <summary>Parts of an item: the format and a piece for each run of changed bytes of the largest buffer (XLOG_MAX_REGIONS_IN_ITEM).</summary>
    public const int MaxRegions = (XfsFormat.MaxBlockSize / BufferChunk / 2) + 1;

    /// <summary>Unit of the bitmap of a buffer item (XFS_BLF_CHUNK).</summary>
    public const int BufferChunk = 128;

    /// <summary>Largest buffer that items change: the largest block.</summary>
    public const int MaxBuffer = XfsFormat.MaxBlockSize;

    /// <summary>sb_features_log_incompat: attribute intents, which change no data.</summary>
    public const uint KnownLogIncompat = 1;

    /// <summary>Memory in bytes for what the log changes, and for transactions that are not yet committed. The default log of a disk of 30 GiB has 64 MiB, mostly changes of the same blocks.</summary>
    public const long MaxMemory = 256L << 20;
}

/// <summary>oh_flags.</summary>
[Flags]
internal enum XlogOperationFlags : byte
{
    None = 0,
    Start = 0x01,
    Commit = 0x02,
    Continue = 0x04,
    WasContinued = 0x08,
    End = 0x10,
    Unmount = 0x20,
}

/// <summary>Type of an item.</summary>
internal enum XlogItemType : ushort
{
    /// <summary>Extents to be freed, and that they were.</summary>
    FreeIntent = 0x1236,
    FreeDone = 0x1237,
    Inode = 0x123B,
    Buffer = 0x123C,
    Quota = 0x123D,
    QuotaOff = 0x123E,
    InodeCreate = 0x123F,

    /// <summary>Changes of the reverse map, and that they were made.</summary>
    ReverseMapIntent = 0x1240,
    ReverseMapDone = 0x1241,

    /// <summary>Changes of reference counts, and that they were made.</summary>
    ReferenceIntent = 0x1242,
    ReferenceDone = 0x1243,

    /// <summary>Changes of the extents of a file, and that they were made.</summary>
    MapIntent = 0x1244,
    MapDone = 0x1245,

    /// <summary>Changes of extended attributes, and that they were made.</summary>
    AttributeIntent = 0x1246,
    AttributeDone = 0x1247,

    /// <summary>Exchanges of extents between files, and that they were made.</summary>
    ExchangeIntent = 0x1248,
    ExchangeDone = 0x1249,

    /// <summary>The last of those of realtime devices, which start after the ones before.</summary>
    LastRealTime = 0x124F,
}

/// <summary>blf_flags without the type of the buffer.</summary>
[Flags]
internal enum XlogBufferFlags : ushort
{
    /// <summary>Only the lists of unlinked inodes in it are replayed.</summary>
    InodeBuffer = 0x1,

    /// <summary>The buffer was freed: what came before is not replayed.</summary>
    Cancel = 0x2,

    /// <summary>Quotas of users, projects and groups.</summary>
    Quotas = 0x4 | 0x8 | 0x10,
}

/// <summary>Type of a buffer, the upper 5 bits of blf_flags: those that hold nothing a reader of files needs.</summary>
internal enum XlogBufferType : byte
{
    GroupFree = 5,
    GroupFreeList = 6,
    GroupInodes = 7,
}

/// <summary>ilf_fields.</summary>
[Flags]
internal enum XlogInodeFields : uint
{
    Core = 0x001,
    DataLocal = 0x002,
    DataExtents = 0x004,
    DataRoot = 0x008,

    /// <summary>Everything of the data fork.</summary>
    DataFork = DataLocal | DataExtents | DataRoot,

    /// <summary>The blocks of the extent tree get another owner (xfs_fsr).</summary>
    DataOwner = 0x200,
}
