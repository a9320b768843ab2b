using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ext;

/// <summary>
/// An extent tree: nodes of 12-byte entries after a 12-byte header, the root in i_block, the others in blocks of their own.
/// </summary>
internal sealed class ExtExtentTree : ExtDataMap
{
    private const int HeaderSize = 12;
    private const int EntrySize = 12;

    private readonly ExtVolume _volume;
    private readonly ExtInode _inode;

    // The leaf used last and the logical blocks it is responsible for: reading on needs no new walk.
    private ReadOnlyMemory<byte> _leaf;
    private long _leafFrom;
    private long _leafTo;

    /// <param name="volume">The file system.</param>
    /// <param name="inode">The file.</param>
    /// <exception cref="DiskFormatException">The file is longer than 2^32 blocks.</exception>
    public ExtExtentTree(ExtVolume volume, ExtInode inode)
    {
        _volume = volume;
        _inode = inode;
        if (inode.Size > ExtFormat.MaxLogicalBlocks * volume.Superblock.BlockSize)
        {
            throw Corrupt(inode.Offset, $"i_size is {inode.Size} bytes, extents reach {ExtFormat.MaxLogicalBlocks} blocks");
        }
    }

    public override ExtRun Find(long logical)
    {
        if (logical < _leafFrom || logical >= _leafTo)
        {
            ExtRun? gap = Descend(logical);
            if (gap is { } run)
            {
                return run;
            }
        }

        return FindInLeaf(_leaf.Span, logical);
    }

    // Walks from the root to the leaf responsible for a block; returns a run when an index leaves the block out.
    private ExtRun? Descend(long logical)
    {
        ReadOnlyMemory<byte> node = _inode.BlockArea;
        long position = _inode.BlockAreaPosition;
        long from = 0;
        long to = ExtFormat.MaxLogicalBlocks;
        int depth = U16(node.Span, 6);
        if (depth > ExtFormat.MaxExtentDepth)
        {
            throw Corrupt(position, $"eh_depth is {depth}, at most {ExtFormat.MaxExtentDepth} is allowed");
        }

        for (; ; depth--)
        {
            int count = CheckHeader(node.Span, depth, position);
            if (depth == 0)
            {
                CheckLeaf(node.Span, count, from, to, position);
                _leaf = node;
                _leafFrom = from;
                _leafTo = to;
                return null;
            }

            CheckIndex(node.Span, count, from, to, position);
            int child = LastAtOrBefore(node.Span, count, logical);
            if (child < 0)
            {
                return ExtRun.Zeros(U32(node.Span, HeaderSize) - logical);
            }

            int entry = HeaderSize + (child * EntrySize);
            from = U32(node.Span, entry);
            to = child + 1 < count ? U32(node.Span, entry + EntrySize) : to;
            long block = U32(node.Span, entry + 4) | ((long)U16(node.Span, entry + 8) << 32);
            if (!_volume.Superblock.IsDataRange(block, 1))
            {
                throw Corrupt(position, $"ei_leaf is block {block}, which is not inside the file system");
            }

            node = _volume.ReadBlock(block);
            position = block * _volume.Superblock.BlockSize;
        }
    }

    private ExtRun FindInLeaf(ReadOnlySpan<byte> leaf, long logical)
    {
        int count = U16(leaf, 2);
        int index = LastAtOrBefore(leaf, count, logical);
        if (index >= 0)
        {
            (long first, long length, bool unwritten, long physical) = Extent(leaf, index);
            long skip = logical - first;
            if (skip < length)
            {
                return unwritten ? ExtRun.Zeros(length - skip) : new ExtRun(physical + skip, length - skip);
            }
        }

        long next = index + 1 < count ? Extent(leaf, index + 1).First : _leafTo;
        return ExtRun.Zeros(next - logical);
    }

    private int CheckHeader(ReadOnlySpan<byte> node, int depth, long position)
    {
        if (U16(node, 0) != ExtFormat.ExtentMagic)
        {
            throw Corrupt(position, $"eh_magic is 0x{U16(node, 0):X4}, expected 0xF30A");
        }

        int entries = U16(node, 2);
        int max = U16(node, 4);
        int capacity = (node.Length - HeaderSize) / EntrySize;
        if (max == 0 || max > capacity || entries > max)
        {
            throw Corrupt(position, $"eh_entries is {entries} and eh_max {max} in a node with room for {capacity}");
        }

        if (U16(node, 6) != depth)
        {
            throw Corrupt(position, $"eh_depth is {U16(node, 6)}, expected {depth}");
        }

        if (entries == 0 && depth > 0)
        {
            throw Corrupt(position, $"eh_entries is 0 at depth {depth}");
        }

        // The root is covered by the checksum of the inode.
        if (_volume.Superblock.HasMetadataChecksum && node.Length > ExtFormat.BlockAreaSize)
        {
            int tail = HeaderSize + (max * EntrySize);
            if (tail + sizeof(uint) > node.Length)
            {
                throw Corrupt(position, $"eh_max {max} leaves no room for et_checksum");
            }

            uint expected = ExtChecksum.Crc32C(_inode.ChecksumSeed, node[..tail]);
            if (U32(node, tail) != expected)
            {
                throw Corrupt(position, $"et_checksum is 0x{U32(node, tail):X8}, the bytes give 0x{expected:X8}");
            }
        }

        return entries;
    }

    private void CheckLeaf(ReadOnlySpan<byte> node, int count, long from, long to, long position)
    {
        long end = from;
        for (int i = 0; i < count; i++)
        {
            (long first, long length, _, long physical) = Extent(node, i);
            if (length == 0 || first < end || length > to - first)
            {
                throw Corrupt(position, $"extent {i} covers the {length} blocks from {first}, expected at least one block between {end} and {to}");
            }

            if (!_volume.Superblock.IsDataRange(physical, length))
            {
                throw Corrupt(position, $"extent {i} has the {length} blocks from {physical}, which are not inside the file system");
            }

            end = first + length;
        }
    }

    private void CheckIndex(ReadOnlySpan<byte> node, int count, long from, long to, long position)
    {
        long least = from;
        for (int i = 0; i < count; i++)
        {
            long first = U32(node, HeaderSize + (i * EntrySize));
            if (first < least || first >= to)
            {
                throw Corrupt(position, $"index {i} starts at block {first}, expected {least} to {to - 1}");
            }

            least = first + 1;
        }
    }

    // Index of the last entry that starts at or before the block, or -1; entries of both kinds start with their first block.
    private static int LastAtOrBefore(ReadOnlySpan<byte> node, int count, long logical)
    {
        int low = 0;
        int high = count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (U32(node, HeaderSize + (middle * EntrySize)) <= logical)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    // struct ext4_extent: ee_block, ee_len, ee_start_hi, ee_start_lo.
    private static (long First, long Length, bool Unwritten, long Physical) Extent(ReadOnlySpan<byte> node, int index)
    {
        ReadOnlySpan<byte> entry = node.Slice(HeaderSize + (index * EntrySize), EntrySize);
        int length = U16(entry, 4);
        bool unwritten = length > ExtFormat.MaxWrittenExtent;
        long physical = U32(entry, 8) | ((long)U16(entry, 6) << 32);
        return (U32(entry, 0), unwritten ? length - ExtFormat.MaxWrittenExtent : length, unwritten, physical);
    }

    private DiskFormatException Corrupt(long position, string detail) =>
        DiskFormatException.Corrupt($"ext4 extent tree of inode {_inode.Number}", position, detail);

    private static ushort U16(ReadOnlySpan<byte> raw, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(raw[offset..]);

    private static uint U32(ReadOnlySpan<byte> raw, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(raw[offset..]);
}
