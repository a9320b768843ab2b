using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Partitions;

namespace Marketplace.DiskImages.Volumes;

/// <summary>Makes the volumes of a disk. Damage inside one volume stays in that volume.</summary>
internal static class VolumeReader
{
    public static Volume ReadWholeDisk(DiskContent disk) => Read(null, disk.Slice(0, disk.Length), null);

    public static Volume Read(DiskContent disk, Partition partition)
    {
        // A partition may go past the end of a disk that was cut off: what is there is still looked at.
        long start = Math.Min(partition.Offset, disk.Length);
        long length = Math.Min(partition.Length, disk.Length - start);
        DiskFormatException? cutOff = length == partition.Length
            ? null
            : DiskFormatException.Truncated($"partition {partition.Number}", partition.Offset, $"it ends at byte {partition.End}, the disk at byte {disk.Length}");
        return Read(partition, disk.Slice(start, length), cutOff);
    }

    /// <summary>A logical volume whose bytes are at hand.</summary>
    public static Volume ReadLogical(LogicalVolumeName name, DiskContent content) => Read(null, content, null, name);

    /// <summary>A logical volume whose bytes cannot be read.</summary>
    public static Volume Unreadable(LogicalVolumeName name, long length, DiskFormatException problem) =>
        new(null, new UnreadableContent(length, problem), VolumeKind.Unknown, "", "", null, problem, name);

    private static Volume Read(Partition? partition, DiskContent content, DiskFormatException? problem, LogicalVolumeName? logicalVolume = null)
    {
        VolumeSignature signature = VolumeDetector.Detect(content);
        FileSystem? fileSystem = null;
        if (problem is null)
        {
            try
            {
                fileSystem = FileSystemOpener.Open(signature.Kind, content);
            }
            catch (DiskFormatException e)
            {
                problem = e;
            }
        }

        return new Volume(partition, content, signature.Kind, fileSystem?.Uuid ?? signature.Uuid, fileSystem?.Label ?? signature.Label, fileSystem, problem, logicalVolume);
    }
}
