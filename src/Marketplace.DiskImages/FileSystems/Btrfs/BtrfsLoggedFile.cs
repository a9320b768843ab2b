namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>What the log says about one file.</summary>
/// <param name="inode">Its inode as it is after the replay.</param>
internal sealed class BtrfsLoggedFile(BtrfsInode inode)
{
    private readonly SortedList<long, BtrfsFileExtent> _extents = [];

    public BtrfsInode Inode => inode;

    public void Add(BtrfsFileExtent extent) => _extents.Add(extent.Start, extent);

    /// <summary>The extent of the log at a byte of the file; null where the log has none, and then where its next one begins.</summary>
    public BtrfsFileExtent? Find(long offset, out long next)
    {
        next = long.MaxValue;
        int low = 0;
        int high = _extents.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_extents.Keys[middle] <= offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        next = low < _extents.Count ? _extents.Keys[low] : next;
        return low > 0 && _extents.Values[low - 1] is var extent && offset < extent.End ? extent : null;
    }
}
