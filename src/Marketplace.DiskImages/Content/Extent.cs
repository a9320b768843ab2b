namespace Marketplace.DiskImages.Content;

/// <summary>A run of bytes of a disk content.</summary>
/// <param name="Offset">First byte, from the start of the content.</param>
/// <param name="Length">Number of bytes, greater than zero.</param>
public readonly record struct Extent(long Offset, long Length)
{
    /// <summary>The byte after the last one.</summary>
    public long End => Offset + Length;
}
