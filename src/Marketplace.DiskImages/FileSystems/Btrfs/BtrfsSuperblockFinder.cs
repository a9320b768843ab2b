using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>Chooses among the copies of the superblock: the first one, which is the one Linux mounts by; if it is damaged, the newest of the others.</summary>
internal static class BtrfsSuperblockFinder
{
    /// <summary>The superblock.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="notes">Receives what a user should know about damaged copies.</param>
    /// <exception cref="DiskFormatException">No copy is good; the error is that of the first one.</exception>
    public static BtrfsSuperblock Find(DiskContent volume, List<string> notes)
    {
        if (volume.Length < BtrfsFormat.SuperblockOffsets[0] + BtrfsFormat.SuperblockSize)
        {
            throw DiskFormatException.Truncated(BtrfsSuperblock.Structure, BtrfsFormat.SuperblockOffsets[0], $"the volume has {volume.Length} bytes");
        }

        try
        {
            return Read(volume, BtrfsFormat.SuperblockOffsets[0]);
        }
        catch (DiskFormatException e) when (e.Kind == DiskFormatErrorKind.Corrupt)
        {
            if (FindNewestCopy(volume) is not { } copy)
            {
                throw;
            }

            notes.Add($"The first superblock is damaged, so Linux does not mount the file system; its copy at byte {copy.Offset} was used ({e.Detail}).");
            return copy;
        }
    }

    private static BtrfsSuperblock? FindNewestCopy(DiskContent volume)
    {
        BtrfsSuperblock? newest = null;
        foreach (long offset in BtrfsFormat.SuperblockOffsets.Skip(1).Where(offset => offset <= volume.Length - BtrfsFormat.SuperblockSize))
        {
            try
            {
                BtrfsSuperblock copy = Read(volume, offset);
                newest = newest is null || copy.Generation > newest.Generation ? copy : newest;
            }
            catch (DiskFormatException e) when (e.Kind == DiskFormatErrorKind.Corrupt)
            {
                // Damaged as well: the error of the first superblock is the one that is told.
            }
        }

        return newest;
    }

    private static BtrfsSuperblock Read(DiskContent volume, long offset)
    {
        byte[] raw = new byte[BtrfsFormat.SuperblockSize];
        volume.Read(offset, raw);
        return BtrfsSuperblock.Parse(raw, offset, volume.Length);
    }
}
