using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Xfs.Log;

/// <summary>Changes of an inode: struct xfs_inode_log_format, the whole core, and what changed of its forks.</summary>
internal readonly ref struct XlogInodeItem
{
    private const int FormatSize = 56;
    private const int FormatSize32 = 52;
    private const int LsnOffset = 112;
    private const int FlushIterationOffset = 30;
    private const int CoreSizeV2 = 96;
    private const int PairSize = 16;
    private const int RootHeader = 4;

    private readonly XlogItem _item;

    private XlogInodeItem(XlogItem item)
    {
        ReadOnlySpan<byte> raw = item.Format;

        // Machines of 32 bits left no gap before ilf_ino.
        int shift = raw.Length == FormatSize ? 0 : FormatSize32 - FormatSize;
        _item = item;
        Fields = (XlogInodeFields)BinaryPrimitives.ReadUInt32LittleEndian(raw[4..]);
        Number = BinaryPrimitives.ReadUInt64LittleEndian(raw[(16 + shift)..]);
        Block = BinaryPrimitives.ReadInt64LittleEndian(raw[(40 + shift)..]);
        Blocks = BinaryPrimitives.ReadInt32LittleEndian(raw[(48 + shift)..]);
        Offset = BinaryPrimitives.ReadInt32LittleEndian(raw[(52 + shift)..]);
    }

    public XlogInodeFields Fields { get; }

    public ulong Number { get; }

    /// <summary>ilf_blkno: first unit of 512 bytes of the buffer the inode is in.</summary>
    public long Block { get; }

    /// <summary>ilf_len: units of 512 bytes of that buffer.</summary>
    public int Blocks { get; }

    /// <summary>ilf_boffset: bytes from the start of the buffer to the inode.</summary>
    public int Offset { get; }

    /// <summary>The inode as it is kept in memory, little-endian.</summary>
    private ReadOnlySpan<byte> Core => _item.Region(1);

    /// <summary>Parses the format.</summary>
    /// <exception cref="DiskFormatException">It is damaged.</exception>
    public static XlogInodeItem Parse(XlogItem item)
    {
        if (item.Format.Length is not (FormatSize or FormatSize32) || item.Count < 2)
        {
            throw Corrupt(0, $"the format has {item.Format.Length} bytes and {item.Count} regions");
        }

        return new XlogInodeItem(item);
    }

    /// <summary>Whether the inode on disk is newer than this change.</summary>
    /// <param name="inode">The inode on disk.</param>
    /// <param name="lsn">Place in the log of the transaction.</param>
    public bool IsOlderThan(ReadOnlySpan<byte> inode, ulong lsn)
    {
        if (inode[4] >= 3)
        {
            ulong itsLsn = BinaryPrimitives.ReadUInt64BigEndian(inode[LsnOffset..]);
            return itsLsn is not (0 or ulong.MaxValue) && itsLsn > lsn;
        }

        // Before version 3 a counter of writes tells, which starts again at 0.
        const ushort MaxFlushIteration = 0xFFFF;
        ushort onDisk = BinaryPrimitives.ReadUInt16BigEndian(inode[FlushIterationOffset..]);
        ushort logged = Core.Length < CoreSizeV2 ? onDisk : BinaryPrimitives.ReadUInt16LittleEndian(Core[FlushIterationOffset..]);
        return logged < onDisk && !(onDisk == MaxFlushIteration && logged < MaxFlushIteration >> 1);
    }

    /// <summary>Changes the inode.</summary>
    /// <param name="inode">The inode on disk.</param>
    /// <param name="superblock">The superblock of the file system.</param>
    /// <param name="lsn">Place in the log of the transaction.</param>
    /// <exception cref="DiskFormatException">The change cannot be made to such an inode.</exception>
    public void Apply(Span<byte> inode, XfsSuperblock superblock, ulong lsn)
    {
        bool v3 = superblock.HasChecksums;
        int coreSize = v3 ? XfsFormat.InodeCoreV3 : XfsFormat.InodeCoreV2;
        if (Core.Length != (v3 ? XfsFormat.InodeCoreV3 : CoreSizeV2) || BinaryPrimitives.ReadUInt16LittleEndian(Core) != XfsFormat.InodeMagic || Core[4] is var version && (v3 ? version != 3 : version > 2))
        {
            throw Corrupt(Number, $"the logged core has {Core.Length} bytes and version {(Core.Length > 4 ? Core[4] : 0)}");
        }

        XlogInodeCore.CopyToDisk(Core, inode, lsn);
        XlogInodeFields fork = Fields & XlogInodeFields.DataFork;
        if (fork == 0)
        {
            return;
        }

        int forkSize = inode[82] == 0 ? inode.Length - coreSize : inode[82] * 8;
        if (forkSize > inode.Length - coreSize || _item.Count < 3)
        {
            throw Corrupt(Number, $"di_forkoff is {inode[82]}, and the item has {_item.Count} regions");
        }

        Span<byte> target = inode.Slice(coreSize, forkSize);
        ReadOnlySpan<byte> data = _item.Region(2);
        if (fork == XlogInodeFields.DataRoot)
        {
            CopyRoot(data, target, v3 ? XfsFormat.BmapHeaderV5 : XfsFormat.BmapHeaderV4);
        }
        else if (fork is XlogInodeFields.DataLocal or XlogInodeFields.DataExtents && data.Length <= target.Length)
        {
            data.CopyTo(target);
        }
        else
        {
            throw Corrupt(Number, $"ilf_fields is 0x{(uint)Fields:X} with a data fork of {data.Length} bytes, the inode has room for {target.Length}");
        }
    }

    // In memory the root of a tree has the header of any other block, and its pointers start where that block has room for keys.
    private void CopyRoot(ReadOnlySpan<byte> block, Span<byte> fork, int header)
    {
        int room = (block.Length - header) / PairSize;
        int forkRoom = (fork.Length - RootHeader) / PairSize;
        int count = block.Length < header ? -1 : BinaryPrimitives.ReadUInt16BigEndian(block[6..]);
        if (count < 0 || count > room || count > forkRoom)
        {
            throw Corrupt(Number, $"the root of the extent tree has {count} records in {block.Length} bytes, the inode has room for {forkRoom}");
        }

        block.Slice(4, RootHeader).CopyTo(fork);
        block.Slice(header, count * sizeof(ulong)).CopyTo(fork[RootHeader..]);
        block.Slice(header + (room * sizeof(ulong)), count * sizeof(ulong)).CopyTo(fork[(RootHeader + (forkRoom * sizeof(ulong)))..]);
    }

    private static DiskFormatException Corrupt(ulong number, string detail) => DiskFormatException.Corrupt($"XFS log inode item of inode {number}", -1, detail);
}
