using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Formats.Mapping;

/// <summary>A disk made of parts one after the other. Does not own them.</summary>
internal sealed class JoinedContent : DiskContent
{
    private readonly IReadOnlyList<(DiskContent? Content, long Length)> _parts;
    private readonly long[] _starts;

    /// <summary>Joins parts.</summary>
    /// <param name="parts">The parts with their lengths in bytes, greater than zero; null for zeros.</param>
    public JoinedContent(IReadOnlyList<(DiskContent? Content, long Length)> parts)
    {
        _parts = parts;
        _starts = new long[parts.Count];
        for (int i = 0; i < parts.Count; i++)
        {
            _starts[i] = Length;
            Length += parts[i].Length;
        }
    }

    public override long Length { get; }

    public override IEnumerable<Extent> GetAllocatedExtents() => ExtentSequence.Merge(
        _parts.SelectMany((part, i) => part.Content?.GetAllocatedExtents().Select(extent => extent with { Offset = _starts[i] + extent.Offset }) ?? []));

    protected override void ReadCore(long offset, Span<byte> destination)
    {
        int part = Array.BinarySearch(_starts, offset);
        part = part < 0 ? ~part - 1 : part;
        while (!destination.IsEmpty)
        {
            long within = offset - _starts[part];
            int count = (int)Math.Min(destination.Length, _parts[part].Length - within);
            if (_parts[part].Content is { } content)
            {
                content.Read(within, destination[..count]);
            }
            else
            {
                destination[..count].Clear();
            }

            destination = destination[count..];
            offset += count;
            part++;
        }
    }
}
