using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Xfs;

/// <summary>
/// A node of an extent tree: struct xfs_btree_block in the long form, or its root in the inode, struct xfs_bmdr_block.
/// A leaf (level 0) has extents; a node has keys, the first block of the file below each, and pointers.
/// </summary>
internal sealed class XfsBmapBlock
{
    private const int RootHeader = 4;
    private const int PairSize = 16;

    private XfsBmapBlock(int level, long first, long end, XfsExtent[] extents, long[] keys, ulong[] pointers)
    {
        Level = level;
        First = first;
        End = end;
        Extents = extents;
        Keys = keys;
        Pointers = pointers;
    }

    public int Level { get; }

    /// <summary>The blocks of the file this part of the tree is about: from here, to before <see cref="End"/>.</summary>
    public long First { get; }

    public long End { get; }

    public XfsExtent[] Extents { get; }

    public long[] Keys { get; }

    public ulong[] Pointers { get; }

    /// <summary>The root of a tree that is about all of the file.</summary>
    /// <exception cref="DiskFormatException">The root is damaged.</exception>
    public static XfsBmapBlock ParseRoot(XfsInode inode, XfsSuperblock superblock)
    {
        ReadOnlySpan<byte> raw = inode.Fork;
        string structure = $"XFS extent tree of inode {inode.Number}";
        int room = (raw.Length - RootHeader) / PairSize;
        int level = raw.Length < RootHeader ? 0 : BinaryPrimitives.ReadUInt16BigEndian(raw);
        int count = raw.Length < RootHeader ? 0 : BinaryPrimitives.ReadUInt16BigEndian(raw[2..]);
        if (level == 0 || level > XfsFormat.MaxBmapLevels || count == 0 || count > room)
        {
            throw DiskFormatException.Corrupt(structure, inode.ForkPosition, $"the root has level {level} and {count} records, the fork has room for {room}");
        }

        (long[] keys, ulong[] pointers) = ParsePairs(raw[RootHeader..], count, room, superblock, 0, long.MaxValue, structure, inode.ForkPosition);
        return new XfsBmapBlock(level, 0, long.MaxValue, [], keys, pointers);
    }

    /// <summary>Reads a block of the tree.</summary>
    /// <param name="volume">The file system.</param>
    /// <param name="inode">The file.</param>
    /// <param name="parent">The node above.</param>
    /// <param name="index">Which of its pointers to follow.</param>
    /// <exception cref="DiskFormatException">The block is damaged.</exception>
    public static XfsBmapBlock Read(XfsVolume volume, XfsInode inode, XfsBmapBlock parent, int index)
    {
        XfsSuperblock superblock = volume.Superblock;
        long first = index == 0 ? parent.First : parent.Keys[index];
        long end = index + 1 < parent.Keys.Length ? parent.Keys[index + 1] : parent.End;
        ReadOnlySpan<byte> raw = volume.ReadBlocks(parent.Pointers[index], 1).Span;
        long offset = superblock.PositionOf(parent.Pointers[index]);
        string structure = $"XFS extent tree of inode {inode.Number}";
        (uint magic, int header) = superblock.HasChecksums ? (XfsFormat.BmapMagicV5, XfsFormat.BmapHeaderV5) : (XfsFormat.BmapMagicV4, XfsFormat.BmapHeaderV4);
        if (BinaryPrimitives.ReadUInt32BigEndian(raw) != magic)
        {
            throw DiskFormatException.Corrupt(structure, offset, $"bb_magic is 0x{BinaryPrimitives.ReadUInt32BigEndian(raw):X8}, expected 0x{magic:X8}");
        }

        volume.Check(raw, XfsBlockHeader.Bmap, offset, inode.Number, structure, volume.IsReplayed(parent.Pointers[index], 1));
        int level = BinaryPrimitives.ReadUInt16BigEndian(raw[4..]);
        int count = BinaryPrimitives.ReadUInt16BigEndian(raw[6..]);
        int room = (raw.Length - header) / PairSize;
        if (level != parent.Level - 1 || count == 0 || count > room)
        {
            throw DiskFormatException.Corrupt(structure, offset, $"the block has level {level} and {count} records, expected level {parent.Level - 1} and 1 to {room} records");
        }

        if (level > 0)
        {
            (long[] keys, ulong[] pointers) = ParsePairs(raw[header..], count, room, superblock, first, end, structure, offset);
            return new XfsBmapBlock(level, first, end, [], keys, pointers);
        }

        XfsExtent[] extents = XfsExtent.ParseAll(raw.Slice(header, count * XfsFormat.ExtentRecordSize), superblock, first, structure, offset);
        return extents[^1].End > end
            ? throw DiskFormatException.Corrupt(structure, offset, $"the last extent ends at block {extents[^1].End} of the file, the next node starts at {end}")
            : new XfsBmapBlock(0, first, end, extents, [], []);
    }

    // All keys come first, then all pointers, each list with room for as many as fit.
    private static (long[] Keys, ulong[] Pointers) ParsePairs(ReadOnlySpan<byte> raw, int count, int room, XfsSuperblock superblock, long first, long end, string structure, long offset)
    {
        long[] keys = new long[count];
        ulong[] pointers = new ulong[count];
        for (int i = 0; i < count; i++)
        {
            ulong key = BinaryPrimitives.ReadUInt64BigEndian(raw[(i * sizeof(ulong))..]);
            ulong pointer = BinaryPrimitives.ReadUInt64BigEndian(raw[((room + i) * sizeof(ulong))..]);
            bool inOrder = key < (ulong)end && (i == 0 ? key >= (ulong)first : key > (ulong)keys[i - 1]);
            if (!inOrder || !superblock.Contains(pointer, 1))
            {
                throw DiskFormatException.Corrupt(structure, offset, $"record {i} leads from block {key} of the file to block {pointer}, which is out of order or not inside the file system");
            }

            keys[i] = (long)key;
            pointers[i] = pointer;
        }

        return (keys, pointers);
    }
}
