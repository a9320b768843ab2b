using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Partitions;
using Marketplace.DiskImages.Volumes;
using Marketplace.DiskImages.Volumes.Lvm;

namespace Marketplace.DiskImages;

/// <summary>What is on a disk: its partition table and its volumes. Reads a few sectors for each volume, never its data.</summary>
public sealed class DiskLayout
{
    private const int FirstMiB = 1 << 20;

    internal DiskLayout(DiskContent disk, PartitionTable? table, IReadOnlyList<Volume> volumes)
    {
        Disk = disk;
        Table = table;
        Volumes = volumes;
    }

    /// <summary>The disk that was read.</summary>
    public DiskContent Disk { get; }

    /// <summary>The partition table; null when the disk has none.</summary>
    public PartitionTable? Table { get; }

    /// <summary>The volumes: one for each partition in the order of their numbers, or the whole disk when there is no table; after them the logical volumes of LVM2 on them.</summary>
    public IReadOnlyList<Volume> Volumes { get; }

    /// <summary>Reads the layout of a disk.</summary>
    /// <param name="disk">The bytes of the virtual disk, without any footer. It must stay open as long as the layout is used.</param>
    /// <exception cref="DiskFormatException">The partition table is damaged. Damage inside one volume is told by <see cref="Volume.Problem"/> instead.</exception>
    public static DiskLayout Read(DiskContent disk)
    {
        ArgumentNullException.ThrowIfNull(disk);
        PartitionTable? table = PartitionTableReader.Read(disk);
        Volume[] volumes = table is null
            ? [VolumeReader.ReadWholeDisk(disk)]
            : [.. table.Partitions.Select(partition => VolumeReader.Read(disk, partition))];
        return new DiskLayout(disk, table, LogicalVolumeReader.AddTo(volumes));
    }

    /// <summary>
    /// Offset in bytes of the first byte that is not zero between the end of the partition table and the end of the first
    /// MiB (2048 sectors of 512 bytes), which Azure writes to; null when there is none. What lies in partitions counts too.
    /// </summary>
    public long? FindDataInFirstMiB()
    {
        long start = Table?.TableEnd ?? 0;
        long end = Math.Min(FirstMiB, Disk.Length);
        if (start >= end)
        {
            return null;
        }

        byte[] bytes = new byte[end - start];
        Disk.Read(start, bytes);
        int found = bytes.AsSpan().IndexOfAnyExcept((byte)0);
        return found < 0 ? null : start + found;
    }
}
