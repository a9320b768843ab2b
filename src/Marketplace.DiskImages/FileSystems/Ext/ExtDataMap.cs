namespace Marketplace.DiskImages.FileSystems.Ext;

/// <summary>Where a run of logical blocks of a file is.</summary>
/// <param name="Physical">First block on the volume, or -1 when the run reads as zeros: a hole or an unwritten extent.</param>
/// <param name="Count">Number of blocks, at least 1.</param>
internal readonly record struct ExtRun(long Physical, long Count)
{
    /// <summary>A run that reads as zeros.</summary>
    public static ExtRun Zeros(long count) => new(-1, count);
}

/// <summary>The map from logical blocks of a file to blocks of the volume, read as far as it is asked for.</summary>
internal abstract class ExtDataMap
{
    /// <summary>The run that starts at a logical block.</summary>
    /// <param name="logical">Logical block, below 2^32.</param>
    /// <exception cref="DiskFormatException">The map is damaged.</exception>
    public abstract ExtRun Find(long logical);

    /// <summary>Reads data of the file.</summary>
    /// <param name="volume">The file system.</param>
    /// <param name="offset">First byte, from the start of the file.</param>
    /// <param name="destination">Receives exactly its length in bytes; the range must be inside the file.</param>
    /// <exception cref="DiskFormatException">The map is damaged.</exception>
    public void Read(ExtVolume volume, long offset, Span<byte> destination)
    {
        int blockSize = volume.Superblock.BlockSize;
        while (!destination.IsEmpty)
        {
            (long logical, long start) = Math.DivRem(offset, blockSize);
            ExtRun run = Find(logical);
            int length = (int)Math.Min((run.Count * blockSize) - start, destination.Length);
            if (run.Physical < 0)
            {
                destination[..length].Clear();
            }
            else
            {
                volume.Content.Read((run.Physical * blockSize) + start, destination[..length]);
            }

            offset += length;
            destination = destination[length..];
        }
    }
}
