using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>Remembers which ranges are read.</summary>
internal sealed class RecordingContent(DiskContent source) : DiskContent
{
    private readonly HashSet<Extent> _ranges = [];

    public override long Length => source.Length;

    /// <summary>The ranges the reader of a target reads, without those that hold only zeros.</summary>
    public static IReadOnlyList<Extent> Record(MutationTarget target, MemoryContent image)
    {
        RecordingContent recording = new(image);
        try
        {
            target.Read(recording, new MemoryMeter(0));
        }
        catch (DiskFormatException)
        {
            // An image that is refused has at least what it is refused for.
        }

        return [.. recording._ranges.Where(range => image.ReadBytes(range.Offset, (int)range.Length).AsSpan().ContainsAnyExcept((byte)0)).OrderBy(range => range.Offset).ThenBy(range => range.Length)];
    }

    public override IEnumerable<Extent> GetAllocatedExtents() => source.GetAllocatedExtents();

    protected override void ReadCore(long offset, Span<byte> destination)
    {
        _ranges.Add(new Extent(offset, destination.Length));
        source.Read(offset, destination);
    }
}
