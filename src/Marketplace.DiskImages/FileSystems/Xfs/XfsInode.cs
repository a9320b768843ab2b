using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Xfs;

/// <summary>An inode: struct xfs_dinode and its data fork.</summary>
internal sealed class XfsInode
{
    public const int ChecksumOffset = 100;
    private const int ForkUnit = 8;

    private XfsInode(ulong number, long offset)
    {
        Number = number;
        Offset = offset;
    }

    /// <summary>The inode number.</summary>
    public ulong Number { get; }

    /// <summary>Offset of the inode in bytes within the volume.</summary>
    public long Offset { get; }

    /// <summary>di_mode: type in the upper 4 bits, permissions in the lower 12.</summary>
    public ushort Mode { get; private init; }

    public FileKind Kind { get; private init; }

    public uint UserId { get; private init; }

    public uint GroupId { get; private init; }

    /// <summary>Length in bytes.</summary>
    public long Size { get; private init; }

    public uint LinkCount { get; private init; }

    public DateTimeOffset Modified { get; private init; }

    /// <summary>How the data fork is kept.</summary>
    public XfsForkFormat Format { get; private init; }

    /// <summary>Number of extents of the data fork.</summary>
    public ulong ExtentCount { get; private init; }

    /// <summary>The data is on a realtime device.</summary>
    public bool IsRealTime { get; private init; }

    /// <summary>The data fork: entries of a directory, a link target, extents or the root of a tree of them.</summary>
    public byte[] Fork { get; private init; } = [];

    /// <summary>Offset of the fork in bytes within the volume.</summary>
    public long ForkPosition { get; private init; }

    /// <summary>The name of the structure in messages.</summary>
    public string Structure => StructureOf(Number);

    /// <summary>Parses an inode and checks its checksum, its identity and what its fields say of each other.</summary>
    /// <param name="raw">The inode, sb_inodesize bytes.</param>
    /// <param name="superblock">The superblock of the file system.</param>
    /// <param name="number">The inode number.</param>
    /// <param name="offset">Offset of the inode in bytes within the volume.</param>
    /// <exception cref="DiskFormatException">The inode is damaged or not in use.</exception>
    public static XfsInode Parse(ReadOnlySpan<byte> raw, XfsSuperblock superblock, ulong number, long offset)
    {
        int version = CheckIdentity(raw, superblock, number, offset);
        ushort mode = U16(raw, 2);
        FileKind kind = KindOf(mode) ?? throw Corrupt(number, offset, mode == 0 ? "the inode is not in use" : $"di_mode is 0x{mode:X4}, which is no file type");
        uint links = version == 1 ? U16(raw, 6) : U32(raw, 16);
        if (links == 0)
        {
            throw Corrupt(number, offset, "di_nlink is 0, the file was deleted");
        }

        long size = (long)U64(raw, 56);
        if (size < 0 || (size == 0 && kind is FileKind.Directory or FileKind.SymbolicLink))
        {
            throw Corrupt(number, offset, $"di_size is 0x{(ulong)size:X}");
        }

        XfsInodeFlags2 flags2 = version == 3 ? (XfsInodeFlags2)U64(raw, 120) : 0;
        bool largeCounts = flags2.HasFlag(XfsInodeFlags2.LargeExtentCounts);
        if (largeCounts && !superblock.Incompat.HasFlag(XfsIncompat.LargeExtentCounts))
        {
            throw Corrupt(number, offset, "di_flags2 has nrext64, the file system has not");
        }

        if (flags2.HasFlag(XfsInodeFlags2.Metadata))
        {
            throw Corrupt(number, offset, "di_flags2 has metadata, the file system has no metadata directory");
        }

        int core = version == 3 ? XfsFormat.InodeCoreV3 : XfsFormat.InodeCoreV2;
        int fork = superblock.InodeSize - core;
        int attributes = raw[82] * ForkUnit;
        if (attributes >= fork)
        {
            throw Corrupt(number, offset, $"di_forkoff is {raw[82]}, the inode has {fork} bytes for its forks");
        }

        fork = attributes == 0 ? fork : attributes;
        XfsInode inode = new(number, offset)
        {
            Mode = mode,
            Kind = kind,
            UserId = U32(raw, 8),
            GroupId = U32(raw, 12),
            Size = size,
            LinkCount = links,
            Modified = ReadTime(raw[40..], flags2.HasFlag(XfsInodeFlags2.BigTime)),
            Format = (XfsForkFormat)raw[5],

            // With nrext64 the place of di_v3_pad holds 64 bits, and that of di_nextents the count of the attribute fork.
            ExtentCount = largeCounts ? U64(raw, 24) : U32(raw, 76),
            IsRealTime = kind == FileKind.Regular && ((XfsInodeFlags)U16(raw, 90)).HasFlag(XfsInodeFlags.RealTime),
            Fork = raw.Slice(core, fork).ToArray(),
            ForkPosition = offset + core,
        };
        inode.CheckFork();
        return inode;
    }

    /// <summary>The name of an inode in messages.</summary>
    public static string StructureOf(ulong number) => $"XFS inode {number}";

    private static int CheckIdentity(ReadOnlySpan<byte> raw, XfsSuperblock superblock, ulong number, long offset)
    {
        if (U16(raw, 0) != XfsFormat.InodeMagic)
        {
            throw Corrupt(number, offset, $"di_magic is 0x{U16(raw, 0):X4}, expected 0x{XfsFormat.InodeMagic:X4}");
        }

        int version = raw[4];
        if (superblock.HasChecksums ? version != 3 : version is not (1 or 2))
        {
            throw Corrupt(number, offset, $"di_version is {version} in a file system of version {superblock.Version}");
        }

        if (version != 3)
        {
            return version;
        }

        if (!XfsChecksum.IsValid(raw, ChecksumOffset))
        {
            throw Corrupt(number, offset, $"di_crc is 0x{BinaryPrimitives.ReadUInt32LittleEndian(raw[ChecksumOffset..]):X8}, the bytes give 0x{XfsChecksum.Compute(raw, ChecksumOffset):X8}");
        }

        if (U64(raw, 152) != number)
        {
            throw Corrupt(number, offset, $"di_ino is {U64(raw, 152)}");
        }

        if (!raw.Slice(160, 16).SequenceEqual(superblock.MetaUuid))
        {
            throw Corrupt(number, offset, "di_uuid is that of another file system");
        }

        return version;
    }

    private void CheckFork()
    {
        bool fits = (Kind, Format) switch
        {
            (FileKind.Directory or FileKind.SymbolicLink, XfsForkFormat.Local) => Size <= Fork.Length && ExtentCount == 0,
            (FileKind.Regular or FileKind.Directory or FileKind.SymbolicLink, XfsForkFormat.Extents) => ExtentCount <= (ulong)(Fork.Length / XfsFormat.ExtentRecordSize),

            // The kernel takes a link with a tree too; its extents always fit into the fork.
            (FileKind.Regular or FileKind.Directory, XfsForkFormat.Btree) => true,
            (FileKind.Regular or FileKind.Directory or FileKind.SymbolicLink, _) => false,
            _ => Format == XfsForkFormat.Device,
        };
        if (!fits)
        {
            throw Corrupt(Number, Offset, $"a {Kind} with di_format {(byte)Format}, {ExtentCount} extents and {Size} bytes does not fit into a fork of {Fork.Length} bytes");
        }
    }

    // xfs_timestamp_t: two 32-bit numbers, seconds and nanoseconds; with bigtime one number of nanoseconds since 1901-12-13 20:45:52.
    private static DateTimeOffset ReadTime(ReadOnlySpan<byte> raw, bool bigTime)
    {
        const long EpochOffset = 1L << 31;
        const long NanosecondsPerSecond = 1_000_000_000;
        if (!bigTime)
        {
            return DateTimeOffset.FromUnixTimeSeconds((int)U32(raw, 0)).AddTicks(U32(raw, 4) / TimeSpan.NanosecondsPerTick);
        }

        (ulong seconds, ulong nanoseconds) = Math.DivRem(U64(raw, 0), (ulong)NanosecondsPerSecond);
        return DateTimeOffset.FromUnixTimeSeconds((long)seconds - EpochOffset).AddTicks((long)nanoseconds / TimeSpan.NanosecondsPerTick);
    }

    private static FileKind? KindOf(ushort mode) => (mode >> 12) switch
    {
        0x1 => FileKind.NamedPipe,
        0x2 => FileKind.CharacterDevice,
        0x4 => FileKind.Directory,
        0x6 => FileKind.BlockDevice,
        0x8 => FileKind.Regular,
        0xA => FileKind.SymbolicLink,
        0xC => FileKind.Socket,
        _ => null,
    };

    private static DiskFormatException Corrupt(ulong number, long offset, string detail) => DiskFormatException.Corrupt(StructureOf(number), offset, detail);

    private static ushort U16(ReadOnlySpan<byte> raw, int offset) => BinaryPrimitives.ReadUInt16BigEndian(raw[offset..]);

    private static uint U32(ReadOnlySpan<byte> raw, int offset) => BinaryPrimitives.ReadUInt32BigEndian(raw[offset..]);

    private static ulong U64(ReadOnlySpan<byte> raw, int offset) => BinaryPrimitives.ReadUInt64BigEndian(raw[offset..]);
}
