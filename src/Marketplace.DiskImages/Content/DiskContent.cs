namespace Marketplace.DiskImages.Content;

/// <summary>
/// Random access to the bytes of a disk, or of a part of one: a local file, a partition, a volume,
/// the fixed-VHD view of another content. Always read only; safe for reading from several threads at once.
/// </summary>
public abstract class DiskContent : IDisposable
{
    /// <summary>Length in bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Fills <paramref name="destination"/> with the bytes at <paramref name="offset"/>; ranges that are not allocated read as zeros.</summary>
    /// <param name="offset">First byte to read.</param>
    /// <param name="destination">Receives exactly its length in bytes.</param>
    /// <exception cref="DiskFormatException">The range is not inside the content (<see cref="DiskFormatErrorKind.Truncated"/>).</exception>
    /// <exception cref="IOException">The medium below failed.</exception>
    public void Read(long offset, Span<byte> destination)
    {
        if (offset < 0 || destination.Length > Length - offset)
        {
            throw DiskFormatException.Truncated("disk content", offset, $"{destination.Length} bytes were asked for, the content has {Length} bytes");
        }

        if (!destination.IsEmpty)
        {
            ReadCore(offset, destination);
        }
    }

    /// <summary>
    /// The allocated extents in ascending order, without overlap. Bytes outside them read as zeros;
    /// bytes inside may be zero as well. A content that cannot tell yields one extent over all of it.
    /// </summary>
    /// <exception cref="IOException">The medium below failed.</exception>
    public abstract IEnumerable<Extent> GetAllocatedExtents();

    /// <summary>A window on this content; disposing it leaves this content open.</summary>
    /// <param name="offset">First byte of the window.</param>
    /// <param name="length">Length of the window in bytes.</param>
    /// <exception cref="DiskFormatException">The window is not inside the content (<see cref="DiskFormatErrorKind.Truncated"/>).</exception>
    public DiskContent Slice(long offset, long length)
    {
        if (offset < 0 || length < 0 || length > Length - offset)
        {
            throw DiskFormatException.Truncated("disk content", offset, $"a window of {length} bytes was asked for, the content has {Length} bytes");
        }

        return new SliceContent(this, offset, length);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads a range that is known to be inside the content.</summary>
    /// <param name="offset">First byte to read.</param>
    /// <param name="destination">Receives exactly its length in bytes; never empty.</param>
    protected abstract void ReadCore(long offset, Span<byte> destination);

    /// <summary>Releases what the content owns.</summary>
    /// <param name="disposing">Always true; there are no finalizers.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
