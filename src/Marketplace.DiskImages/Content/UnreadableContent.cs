namespace Marketplace.DiskImages.Content;

/// <summary>A content that is known to be there and cannot be read: every read tells why.</summary>
/// <param name="length">Its length in bytes.</param>
/// <param name="problem">Why it cannot be read.</param>
internal sealed class UnreadableContent(long length, DiskFormatException problem) : DiskContent
{
    public override long Length => length;

    public override IEnumerable<Extent> GetAllocatedExtents() => length > 0 ? [new Extent(0, length)] : [];

    protected override void ReadCore(long offset, Span<byte> destination) => throw new DiskFormatException(problem.Kind, problem.Structure, problem.Offset, problem.Detail);
}
