namespace Marketplace.DiskImages.FileSystems;

/// <summary>How much of a file system is taken, as the file system itself keeps count.</summary>
/// <param name="TotalBytes">Size of the file system in bytes, with its own structures.</param>
/// <param name="FreeBytes">Bytes that nothing takes; 0 to <paramref name="TotalBytes"/>. Blocks kept for root are free.</param>
public sealed record FileSystemSpace(long TotalBytes, long FreeBytes)
{
    /// <summary>Bytes that are taken, those of its own structures included.</summary>
    public long UsedBytes => TotalBytes - FreeBytes;

    /// <summary>The space, or null when the numbers contradict each other.</summary>
    internal static FileSystemSpace? Of(long total, ulong free) => total > 0 && free <= (ulong)total ? new FileSystemSpace(total, (long)free) : null;

    /// <summary>The space from counts of blocks, or null when the numbers contradict each other.</summary>
    internal static FileSystemSpace? OfBlocks(long blocks, ulong free, int blockSize) =>
        blocks > 0 && free <= (ulong)blocks ? new FileSystemSpace(blocks * blockSize, (long)free * blockSize) : null;
}
