using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Xfs;

/// <summary>The index of a directory by the hash of names: one leaf (leaf form), or a tree of nodes above leaves (node form).</summary>
internal static class XfsDirectoryIndex
{
    private const int EntrySize = 8;
    private const int EntryUnitLog = 3;
    private const int HeaderV4 = 16;
    private const int HeaderV5 = 64;
    private const int CountsV4 = 12;
    private const int CountsV5 = 56;

    // Names of one hash may go on in following leaves; hostile ones without end.
    private const int MaxLeaves = 64;

    /// <summary>Finds a name.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="volume">The file system.</param>
    /// <param name="inode">The directory's inode.</param>
    /// <param name="name">The bytes of the name.</param>
    /// <returns>The entry, read from the block it is in; null when the index has none.</returns>
    /// <exception cref="DiskFormatException">The index is damaged, or leads to what is no entry.</exception>
    public static XfsDirectoryRecord? Find(XfsDirectory directory, XfsVolume volume, XfsInode inode, ReadOnlySpan<byte> name)
    {
        uint hash = XfsName.Hash(name);
        int blockLog = volume.Superblock.BlockLog;
        Block block = Read(directory, volume, inode, XfsFormat.DirectoryLeafOffset >> blockLog);
        for (int depth = 0; block.IsNode; depth++)
        {
            int index = block.FirstAtLeast(hash);
            if (index == block.Count)
            {
                return null;
            }

            if (depth == XfsFormat.MaxIndexDepth)
            {
                throw Corrupt(inode, block.Offset, $"the index is deeper than {XfsFormat.MaxIndexDepth} levels");
            }

            block = Read(directory, volume, inode, block.Value(index));
        }

        for (int leaves = 0; leaves < MaxLeaves; leaves++)
        {
            for (int i = block.FirstAtLeast(hash); i < block.Count; i++)
            {
                if (block.Hash(i) != hash)
                {
                    return null;
                }

                // Address 0 marks a name that was deleted.
                if (block.Value(i) != 0 && ReadEntry(directory, volume, inode, (long)block.Value(i) << EntryUnitLog) is { } record && record.Name.Span.SequenceEqual(name))
                {
                    return record;
                }
            }

            if (block.Next == 0)
            {
                return null;
            }

            block = Read(directory, volume, inode, block.Next);
            if (block.IsNode)
            {
                throw Corrupt(inode, block.Offset, "a leaf is followed by a node");
            }
        }

        throw Corrupt(inode, block.Offset, $"names of one hash are in more than {MaxLeaves} leaves");
    }

    private static XfsDirectoryRecord? ReadEntry(XfsDirectory directory, XfsVolume volume, XfsInode inode, long address)
    {
        int size = volume.Superblock.DirectoryBlockSize;
        long block = address / size;
        XfsDirectoryBytes bytes = directory.ReadBlock(block << volume.Superblock.DirectoryBlockLog);
        int position = (int)(address % size);
        return XfsDirectoryBlock.Parse(bytes, volume, inode).TryReadAt(position)
            ?? throw Corrupt(inode, bytes.Offset, $"the index leads to byte {position}, where no entry is");
    }

    private static Block Read(XfsDirectory directory, XfsVolume volume, XfsInode inode, long logical)
    {
        // Blocks of the index are numbered from the start of the directory, as those of entries are.
        int blockLog = volume.Superblock.BlockLog;
        if (logical < XfsFormat.DirectoryLeafOffset >> blockLog || logical >= XfsFormat.DirectoryFreeOffset >> blockLog)
        {
            throw Corrupt(inode, -1, $"the index leads to block {logical} of the directory, which is not part of it");
        }

        return Block.Parse(directory.ReadBlock(logical), volume, inode);
    }

    private static DiskFormatException Corrupt(XfsInode inode, long offset, string detail) =>
        DiskFormatException.Corrupt(XfsDirectory.StructureOf(inode), offset, detail);

    /// <summary>A node or a leaf: struct xfs_da_blkinfo or xfs_da3_blkinfo, counts, then pairs of a hash and a value.</summary>
    private readonly struct Block
    {
        private readonly ReadOnlyMemory<byte> _pairs;

        private Block(ReadOnlyMemory<byte> pairs, bool isNode, uint next, long offset)
        {
            _pairs = pairs;
            IsNode = isNode;
            Next = next;
            Offset = offset;
        }

        public bool IsNode { get; }

        /// <summary>The following block of the same level; 0 when there is none.</summary>
        public uint Next { get; }

        public long Offset { get; }

        public int Count => _pairs.Length / EntrySize;

        public static Block Parse(XfsDirectoryBytes bytes, XfsVolume volume, XfsInode inode)
        {
            ReadOnlySpan<byte> span = bytes.Raw.Span;
            long offset = bytes.Offset;
            bool v5 = volume.Superblock.HasChecksums;
            ushort magic = BinaryPrimitives.ReadUInt16BigEndian(span[8..]);
            bool isNode = magic == (v5 ? XfsFormat.NodeV5 : XfsFormat.NodeV4);
            bool isLeaf = v5 ? magic is XfsFormat.Leaf1V5 or XfsFormat.LeafNV5 : magic is XfsFormat.Leaf1V4 or XfsFormat.LeafNV4;
            if (!isNode && !isLeaf)
            {
                throw Corrupt(inode, offset, $"the magic of a block of the index is 0x{magic:X4}");
            }

            volume.Check(span, XfsBlockHeader.Index, offset, inode.Number, XfsDirectory.StructureOf(inode), bytes.IsReplayed);
            int header = v5 ? HeaderV5 : HeaderV4;
            int count = BinaryPrimitives.ReadUInt16BigEndian(span[(v5 ? CountsV5 : CountsV4)..]);
            if (count > (span.Length - header) / EntrySize)
            {
                throw Corrupt(inode, offset, $"a block of the index has {count} entries, it has {span.Length} bytes");
            }

            return new Block(bytes.Raw.Slice(header, count * EntrySize), isNode, BinaryPrimitives.ReadUInt32BigEndian(span), offset);
        }

        public uint Hash(int index) => BinaryPrimitives.ReadUInt32BigEndian(_pairs.Span[(index * EntrySize)..]);

        public uint Value(int index) => BinaryPrimitives.ReadUInt32BigEndian(_pairs.Span[((index * EntrySize) + sizeof(uint))..]);

        /// <summary>The first pair whose hash is not below one; <see cref="Count"/> when there is none.</summary>
        public int FirstAtLeast(uint hash)
        {
            int low = 0;
            int high = Count;
            while (low < high)
            {
                int middle = (low + high) / 2;
                (low, high) = Hash(middle) < hash ? (middle + 1, high) : (low, middle);
            }

            return low;
        }
    }
}
