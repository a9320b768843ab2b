namespace Marketplace.DiskImages.Content;

/// <summary>A window on another content, which it does not own.</summary>
internal sealed class SliceContent(DiskContent source, long start, long length) : DiskContent
{
    public override long Length => length;

    public override IEnumerable<Extent> GetAllocatedExtents()
    {
        long end = start + length;
        foreach (Extent extent in source.GetAllocatedExtents())
        {
            if (extent.Offset >= end)
            {
                yield break;
            }

            long from = Math.Max(extent.Offset, start);
            long to = Math.Min(extent.End, end);
            if (from < to)
            {
                yield return new Extent(from - start, to - from);
            }
        }
    }

    protected override void ReadCore(long offset, Span<byte> destination) => source.Read(start + offset, destination);
}
