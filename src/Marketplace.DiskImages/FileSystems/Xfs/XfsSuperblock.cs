using System.Buffers.Binary;
using System.Numerics;

namespace Marketplace.DiskImages.FileSystems.Xfs;

/// <summary>The superblock: struct xfs_dsb, at the start of the volume.</summary>
internal sealed class XfsSuperblock
{
    public const string Structure = "XFS superblock";

    private const int VersionMask = 0xF;
    public const int ChecksumOffset = 0xE0;

    private XfsSuperblock()
    {
    }

    /// <summary>4 or 5.</summary>
    public int Version { get; private init; }

    /// <summary>Version 5: checksums, owners and addresses in every structure.</summary>
    public bool HasChecksums => Version == 5;

    public XfsVersionFlags VersionFlags { get; private init; }

    public XfsFeatures2 Features2 { get; private init; }

    public XfsIncompat Incompat { get; private init; }

    /// <summary>sb_features_log_incompat: kinds of log items that older kernels do not know.</summary>
    public uint LogIncompat { get; private init; }

    /// <summary>Size of a block in bytes.</summary>
    public int BlockSize { get; private init; }

    public int BlockLog { get; private init; }

    /// <summary>Number of blocks of the data part.</summary>
    public long DataBlocks { get; private init; }

    /// <summary>sb_fdblocks: free blocks of the data part. Kept only when unmounted (feature lazysbcount).</summary>
    public ulong FreeDataBlocks { get; private init; }

    /// <summary>Blocks of each allocation group; the last may be shorter.</summary>
    public uint GroupBlocks { get; private init; }

    public uint GroupCount { get; private init; }

    /// <summary>Bits of a block number within its group.</summary>
    public int GroupBlockLog { get; private init; }

    public int SectorSize { get; private init; }

    public int InodeSize { get; private init; }

    public int InodeLog { get; private init; }

    /// <summary>Bits of an inode number that choose the inode within its block.</summary>
    public int InodesPerBlockLog { get; private init; }

    /// <summary>Inode of the root directory.</summary>
    public ulong RootInode { get; private init; }

    /// <summary>A directory block has 2^this blocks.</summary>
    public int DirectoryBlockLog { get; private init; }

    /// <summary>First block of the log; 0 when the log is on another device.</summary>
    public ulong LogStart { get; private init; }

    /// <summary>Blocks of the log.</summary>
    public uint LogBlocks { get; private init; }

    /// <summary>sb_logsunit: what the log writes at once, in bytes.</summary>
    public uint LogStripeUnit { get; private init; }

    /// <summary>The identifier for people and fstab.</summary>
    public byte[] Uuid { get; private init; } = [];

    /// <summary>The identifier in the structures: it stays when the other one is changed (feature meta_uuid).</summary>
    public byte[] MetaUuid { get; private init; } = [];

    public string Label { get; private init; } = "";

    public bool HasFileTypes => Version == 5 ? Incompat.HasFlag(XfsIncompat.FileType) : Features2.HasFlag(XfsFeatures2.FileType);

    public bool IgnoresCase => VersionFlags.HasFlag(XfsVersionFlags.AsciiCaseInsensitive);

    public int DirectoryBlockSize => BlockSize << DirectoryBlockLog;

    /// <summary>Parses the superblock and checks what the kernel checks.</summary>
    /// <param name="raw">The first sector, as long as its own sb_sectsize says, or at least 512 bytes when that cannot be.</param>
    /// <param name="volumeLength">Length of the volume in bytes.</param>
    /// <exception cref="DiskFormatException">It is damaged (Corrupt), uses features this reader does not know (Unsupported) or describes more than there is (Truncated).</exception>
    public static XfsSuperblock Parse(ReadOnlySpan<byte> raw, long volumeLength)
    {
        if (U32(raw, 0x00) != XfsFormat.SuperblockMagic)
        {
            throw Corrupt($"sb_magicnum is 0x{U32(raw, 0x00):X8}, expected 0x{XfsFormat.SuperblockMagic:X8}");
        }

        int versionNumber = U16(raw, 0x64);
        int version = versionNumber & VersionMask;
        if (version is not (4 or 5))
        {
            throw DiskFormatException.Unsupported(Structure, 0, $"the version is {version}, only 4 and 5 are read");
        }

        int sectorSize = U16(raw, 0x66);
        if (sectorSize < XfsFormat.MinSectorSize || sectorSize > XfsFormat.MaxSectorSize || !BitOperations.IsPow2(sectorSize) || sectorSize != raw.Length)
        {
            throw Corrupt($"sb_sectsize is {sectorSize}, expected a power of two from {XfsFormat.MinSectorSize} to {XfsFormat.MaxSectorSize}");
        }

        if (version == 5 && !XfsChecksum.IsValid(raw, ChecksumOffset))
        {
            throw Corrupt($"sb_crc is 0x{BinaryPrimitives.ReadUInt32LittleEndian(raw[ChecksumOffset..]):X8}, the bytes give 0x{XfsChecksum.Compute(raw, ChecksumOffset):X8}; every allocation group starts with a copy of the superblock");
        }

        // Version 4 keeps a second copy of sb_features2 where some machines once wrote it; the kernel takes both together.
        XfsVersionFlags flags = (XfsVersionFlags)(versionNumber & ~VersionMask);
        XfsFeatures2 features2 = flags.HasFlag(XfsVersionFlags.MoreBits) ? (XfsFeatures2)(U32(raw, 0xC8) | (version == 4 ? U32(raw, 0xCC) : 0)) : 0;
        XfsIncompat incompat = version == 5 ? (XfsIncompat)U32(raw, 0xD8) : XfsIncompat.None;
        CheckFeatures(version, flags, features2, incompat);
        byte[] uuid = raw.Slice(0x20, 16).ToArray();
        XfsSuperblock superblock = new()
        {
            Version = version,
            VersionFlags = flags,
            Features2 = features2,
            Incompat = incompat,
            LogIncompat = version == 5 ? U32(raw, 0xDC) : 0,
            BlockSize = (int)U32(raw, 0x04),
            BlockLog = raw[0x78],
            DataBlocks = (long)U64(raw, 0x08),
            FreeDataBlocks = U64(raw, 0x90),
            GroupBlocks = U32(raw, 0x54),
            GroupCount = U32(raw, 0x58),
            GroupBlockLog = raw[0x7C],
            SectorSize = sectorSize,
            InodeSize = U16(raw, 0x68),
            InodeLog = raw[0x7A],
            InodesPerBlockLog = raw[0x7B],
            RootInode = U64(raw, 0x38),
            DirectoryBlockLog = raw[0xC0],
            LogStart = U64(raw, 0x30),
            LogBlocks = U32(raw, 0x60),
            LogStripeUnit = U32(raw, 0xC4),
            Uuid = uuid,
            MetaUuid = incompat.HasFlag(XfsIncompat.MetaUuid) ? raw.Slice(0xF8, 16).ToArray() : uuid,
            Label = DecodeLabel(raw.Slice(0x6C, 12)),
        };
        superblock.CheckGeometry(U16(raw, 0x6A), volumeLength);
        if (raw[0x7E] != 0)
        {
            throw Corrupt("sb_inprogress is set: mkfs.xfs or another tool did not finish");
        }

        return superblock;
    }

    /// <summary>Number of blocks of a group, which is one that exists.</summary>
    public long BlocksOfGroup(ulong group) => Math.Min(GroupBlocks, DataBlocks - ((long)group * GroupBlocks));

    /// <summary>Whether a run of blocks lies in one allocation group and inside the file system.</summary>
    /// <param name="block">A block number as structures have it: group and block within the group.</param>
    /// <param name="count">Number of blocks.</param>
    public bool Contains(ulong block, long count)
    {
        ulong group = block >> GroupBlockLog;
        long within = (long)(block & ((1UL << GroupBlockLog) - 1));
        return group < GroupCount && within < BlocksOfGroup(group) && count <= BlocksOfGroup(group) - within;
    }

    /// <summary>Offset in bytes within the volume of a block inside the file system.</summary>
    public long PositionOf(ulong block) =>
        (((long)(block >> GroupBlockLog) * GroupBlocks) + (long)(block & ((1UL << GroupBlockLog) - 1))) << BlockLog;

    private static void CheckFeatures(int version, XfsVersionFlags flags, XfsFeatures2 features2, XfsIncompat incompat)
    {
        XfsVersionFlags unknownFlags = version == 4 ? flags & ~XfsVersionFlags.Known : 0;
        XfsFeatures2 unknown2 = version == 4 ? features2 & ~XfsFeatures2.KnownV4 : 0;
        if (unknownFlags != 0 || unknown2 != 0)
        {
            throw DiskFormatException.Unsupported(Structure, 0, $"sb_versionnum and sb_features2 have the bits 0x{(ushort)unknownFlags:X} and 0x{(uint)unknown2:X}, which this reader does not read");
        }

        const XfsVersionFlags Needed = XfsVersionFlags.DirectoryV2 | XfsVersionFlags.ExtentFlag;
        if ((flags & Needed) != Needed)
        {
            throw DiskFormatException.Unsupported(Structure, 0, $"sb_versionnum has the flags 0x{(ushort)flags:X}: directories of version 1 and file systems without the flag of unwritten extents are not read");
        }

        if (incompat.HasFlag(XfsIncompat.NeedsRepair))
        {
            throw DiskFormatException.Unsupported(Structure, 0, "sb_features_incompat has needsrepair: the kernel does not mount it before xfs_repair has run");
        }

        XfsIncompat unknown = incompat & ~XfsIncompat.Known;
        if (unknown != 0)
        {
            string names = (unknown.HasFlag(XfsIncompat.MetadataDirectories) ? " (metadir)" : "") + (unknown.HasFlag(XfsIncompat.Zoned) ? " (zoned)" : "");
            throw DiskFormatException.Unsupported(Structure, 0, $"sb_features_incompat has the bits 0x{(uint)unknown:X}{names}, which this reader does not read");
        }
    }

    private void CheckGeometry(int inodesPerBlock, long volumeLength)
    {
        int minBlock = HasChecksums ? XfsFormat.MinBlockSizeV5 : XfsFormat.MinBlockSize;
        if (BlockSize < minBlock || BlockSize > XfsFormat.MaxBlockSize || BlockLog > 16 || BlockSize != 1 << BlockLog)
        {
            throw Corrupt($"sb_blocksize is {(uint)BlockSize} with sb_blocklog {BlockLog}, expected a power of two from {minBlock} to {XfsFormat.MaxBlockSize}");
        }

        int minInode = HasChecksums ? XfsFormat.MinInodeSizeV5 : XfsFormat.MinInodeSize;
        if (InodeSize < minInode || InodeSize > Math.Min(XfsFormat.MaxInodeSize, BlockSize) || InodeLog > 11 || InodeSize != 1 << InodeLog)
        {
            throw Corrupt($"sb_inodesize is {InodeSize} with sb_inodelog {InodeLog}, expected a power of two from {minInode} to {Math.Min(XfsFormat.MaxInodeSize, BlockSize)}");
        }

        if (InodesPerBlockLog != BlockLog - InodeLog || inodesPerBlock != BlockSize / InodeSize)
        {
            throw Corrupt($"sb_inopblock is {inodesPerBlock} and sb_inopblog {InodesPerBlockLog}, a block has {BlockSize / InodeSize} inodes");
        }

        if (DirectoryBlockLog > 16 - BlockLog)
        {
            throw Corrupt($"sb_dirblklog is {DirectoryBlockLog} with blocks of {BlockSize} bytes, a directory block has at most 65536 bytes");
        }

        if (GroupBlocks < XfsFormat.MinGroupBlocks || GroupBlockLog != BitOperations.Log2(GroupBlocks - 1) + 1 || GroupBlockLog + InodesPerBlockLog > 32)
        {
            throw Corrupt($"sb_agblocks is {GroupBlocks} with sb_agblklog {GroupBlockLog}");
        }

        long maxBlocks = (long)GroupCount * GroupBlocks;
        if (GroupCount == 0 || DataBlocks > maxBlocks || DataBlocks < maxBlocks - GroupBlocks + XfsFormat.MinGroupBlocks)
        {
            throw Corrupt($"sb_dblocks is {(ulong)DataBlocks} with {GroupCount} groups of {GroupBlocks} blocks");
        }

        if (DataBlocks > volumeLength >> BlockLog)
        {
            throw DiskFormatException.Truncated(Structure, 0, $"the file system has {DataBlocks} blocks of {BlockSize} bytes, the volume has {volumeLength} bytes");
        }
    }

    private static string DecodeLabel(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return FileName.Decode(end < 0 ? field : field[..end]);
    }

    private static DiskFormatException Corrupt(string detail) => DiskFormatException.Corrupt(Structure, 0, detail);

    private static ushort U16(ReadOnlySpan<byte> raw, int offset) => BinaryPrimitives.ReadUInt16BigEndian(raw[offset..]);

    private static uint U32(ReadOnlySpan<byte> raw, int offset) => BinaryPrimitives.ReadUInt32BigEndian(raw[offset..]);

    private static ulong U64(ReadOnlySpan<byte> raw, int offset) => BinaryPrimitives.ReadUInt64BigEndian(raw[offset..]);
}
