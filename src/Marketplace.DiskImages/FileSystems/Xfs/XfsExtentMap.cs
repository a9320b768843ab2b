namespace Marketplace.DiskImages.FileSystems.Xfs;

/// <summary>Where a run of blocks of a file is.</summary>
/// <param name="Block">First block on the volume; meaningless when the run reads as zeros.</param>
/// <param name="Count">Number of blocks, at least 1.</param>
/// <param name="IsMapped">Blocks belong to it, written or not.</param>
/// <param name="IsWritten">It has data; a hole and an unwritten extent read as zeros.</param>
internal readonly record struct XfsRun(ulong Block, long Count, bool IsMapped, bool IsWritten);

/// <summary>The map from blocks of a file to blocks of the volume, read as far as it is asked for.</summary>
internal sealed class XfsExtentMap
{
    private readonly XfsVolume _volume;
    private readonly XfsInode _inode;

    // The way from the root to the leaf of the last question, which is mostly that of the next one.
    private readonly Stack<XfsBmapBlock> _path = new();
    private readonly XfsExtent[] _extents = [];

    /// <param name="volume">The file system.</param>
    /// <param name="inode">A file with extents, or with a tree of them.</param>
    /// <exception cref="DiskFormatException">The list or the root of the tree is damaged.</exception>
    public XfsExtentMap(XfsVolume volume, XfsInode inode)
    {
        _volume = volume;
        _inode = inode;
        if (inode.Format == XfsForkFormat.Btree)
        {
            _path.Push(XfsBmapBlock.ParseRoot(inode, volume.Superblock));
        }
        else
        {
            ReadOnlySpan<byte> list = inode.Fork.AsSpan(0, (int)inode.ExtentCount * XfsFormat.ExtentRecordSize);
            _extents = XfsExtent.ParseAll(list, volume.Superblock, 0, $"XFS extents of inode {inode.Number}", inode.ForkPosition);
        }
    }

    /// <summary>The run that starts at a block of the file.</summary>
    /// <param name="logical">Block of the file.</param>
    /// <exception cref="DiskFormatException">The tree is damaged.</exception>
    public XfsRun Find(long logical)
    {
        if (_inode.Format != XfsForkFormat.Btree)
        {
            return Find(_extents, logical, long.MaxValue);
        }

        while (_path.Count > 1 && (logical < _path.Peek().First || logical >= _path.Peek().End))
        {
            _path.Pop();
        }

        while (_path.Peek().Level > 0)
        {
            XfsBmapBlock node = _path.Peek();
            int index = Array.BinarySearch(node.Keys, logical);
            index = index < 0 ? Math.Max(0, ~index - 1) : index;
            _path.Push(XfsBmapBlock.Read(_volume, _inode, node, index));
        }

        return Find(_path.Peek().Extents, logical, _path.Peek().End);
    }

    /// <summary>Reads data of the file.</summary>
    /// <param name="offset">First byte, from the start of the file.</param>
    /// <param name="destination">Receives exactly its length in bytes; the range must be inside the file.</param>
    /// <exception cref="DiskFormatException">The map is damaged.</exception>
    public void Read(long offset, Span<byte> destination)
    {
        int blockLog = _volume.Superblock.BlockLog;
        while (!destination.IsEmpty)
        {
            long start = offset & ((1L << blockLog) - 1);
            XfsRun run = Find(offset >> blockLog);
            long available = run.Count > int.MaxValue ? int.MaxValue : (run.Count << blockLog) - start;
            int length = (int)Math.Min(available, destination.Length);
            if (run.IsWritten)
            {
                _volume.Content.Read(_volume.Superblock.PositionOf(run.Block) + start, destination[..length]);
            }
            else
            {
                destination[..length].Clear();
            }

            offset += length;
            destination = destination[length..];
        }
    }

    private static XfsRun Find(XfsExtent[] extents, long logical, long end)
    {
        // The first extent that ends after the block.
        int low = 0;
        int high = extents.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = extents[middle].End <= logical ? (middle + 1, high) : (low, middle);
        }

        if (low == extents.Length || extents[low].Start > logical)
        {
            return new XfsRun(0, (low == extents.Length ? end : extents[low].Start) - logical, IsMapped: false, IsWritten: false);
        }

        XfsExtent extent = extents[low];
        long skip = logical - extent.Start;
        return new XfsRun(extent.Block + (ulong)skip, extent.Count - skip, IsMapped: true, !extent.IsUnwritten);
    }
}
