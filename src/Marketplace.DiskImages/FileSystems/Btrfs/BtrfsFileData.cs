namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>The bytes of a file by its extents; what no extent covers is zeros.</summary>
internal sealed class BtrfsFileData(BtrfsVolume volume, BtrfsSubvolume subvolume, BtrfsInode inode)
{
    private readonly int _sectorSize = volume.Superblock.SectorSize;
    private readonly BtrfsLoggedFile? _logged = subvolume.FindLogged(inode.Number);

    /// <summary>Reads data.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="destination">Receives its length in bytes; the range must be inside the file.</param>
    /// <exception cref="DiskFormatException">The data cannot be read.</exception>
    public void Read(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            BtrfsFileExtent? extent = _logged is null ? Find(offset, out long end) : FindWithLog(_logged, offset, out end);
            int count = (int)Math.Min(destination.Length, end - offset);
            if (extent is { IsZeros: false } found)
            {
                ReadExtent(found, offset - found.Start, destination[..count]);
            }
            else
            {
                destination[..count].Clear();
            }

            offset += count;
            destination = destination[count..];
        }
    }

    private void ReadExtent(BtrfsFileExtent extent, long within, Span<byte> destination)
    {
        if (extent.Type == BtrfsExtentType.Regular)
        {
            volume.Data.Read(extent, inode, within, destination);
            return;
        }

        // An inline extent stands for all of its sector, zeros after its bytes.
        ReadOnlySpan<byte> data = extent.Compression == BtrfsCompression.None ? extent.InlineData : volume.Data.DecompressInline(extent);
        data = data[(int)Math.Min(within, data.Length)..];
        int stored = Math.Min(data.Length, destination.Length);
        data[..stored].CopyTo(destination);
        destination[stored..].Clear();
    }

    // What the log has covers what the last commit has.
    private BtrfsFileExtent? FindWithLog(BtrfsLoggedFile logged, long offset, out long end)
    {
        if (logged.Find(offset, out long next) is { } extent)
        {
            end = extent.End;
            return extent;
        }

        BtrfsFileExtent? committed = Find(offset, out end);
        end = Math.Min(end, next);
        return committed;
    }

    /// <summary>The extent at a byte of the file, or null where there is none; and where the extent or the gap ends.</summary>
    private BtrfsFileExtent? Find(long offset, out long end)
    {
        BtrfsKey key = new(inode.Number, BtrfsFormat.ExtentDataKey, (ulong)offset);
        if (subvolume.Tree.FindLast(key) is { } item && IsExtent(item))
        {
            BtrfsFileExtent extent = BtrfsFileExtent.Parse(item, _sectorSize);
            if (item.Index + 1 < item.Leaf.Count && item with { Index = item.Index + 1 } is var next && IsExtent(next) && next.Key.Offset < (ulong)extent.End)
            {
                throw DiskFormatException.Corrupt(inode.Structure, item.Position, $"the extent of bytes {extent.Start} to {extent.End} overlaps the next one at byte {next.Key.Offset}");
            }

            end = extent.End;
            if (offset < end)
            {
                return extent;
            }
        }

        end = long.MaxValue;
        foreach (BtrfsItem after in subvolume.Tree.From(key))
        {
            end = IsExtent(after) && after.Key.Offset < long.MaxValue ? (long)after.Key.Offset : end;
            break;
        }

        return null;
    }

    private bool IsExtent(BtrfsItem item) => item.Key.ObjectId == inode.Number && item.Key.Type == BtrfsFormat.ExtentDataKey;
}
