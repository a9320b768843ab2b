using Marketplace.DiskImages.Content;

namespace Benchmarks;

/// <summary>A content that counts what is read of another one, which it owns.</summary>
internal sealed class CountingContent(DiskContent source) : DiskContent
{
    private long _bytesRead;

    /// <summary>Bytes that were asked for so far, as often as they were.</summary>
    public long BytesRead => _bytesRead;

    public override long Length => source.Length;

    public override IEnumerable<Extent> GetAllocatedExtents() => source.GetAllocatedExtents();

    protected override void ReadCore(long offset, Span<byte> destination)
    {
        Interlocked.Add(ref _bytesRead, destination.Length);
        source.Read(offset, destination);
    }

    protected override void Dispose(bool disposing)
    {
        source.Dispose();
        base.Dispose(disposing);
    }
}
