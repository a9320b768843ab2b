using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Volumes.Lvm;

/// <summary>A stripe of a segment on the bytes of a physical volume.</summary>
/// <param name="Content">The physical volume.</param>
/// <param name="Offset">First byte of the stripe in it. All of the stripe is inside.</param>
internal readonly record struct MappedStripe(DiskContent Content, long Offset);

/// <summary>A run of bytes of a logical volume and where they are.</summary>
/// <param name="Start">First byte in the logical volume.</param>
/// <param name="Length">Number of bytes: as many on each stripe.</param>
/// <param name="StripeSize">Bytes that lie together on one stripe before the next one is used; 0 when there is one stripe.</param>
/// <param name="Stripes">The stripes.</param>
internal sealed record MappedSegment(long Start, long Length, long StripeSize, IReadOnlyList<MappedStripe> Stripes)
{
    /// <summary>Bytes that lie together on one stripe.</summary>
    public long PieceSize => Stripes.Count == 1 ? Length : StripeSize;

    /// <summary>Bytes on each stripe.</summary>
    public long LengthEach => Length / Stripes.Count;

    /// <summary>The byte after the last one.</summary>
    public long End => Start + Length;
}

/// <summary>The bytes of a logical volume, on pieces of physical volumes that it does not own.</summary>
/// <param name="segments">Its segments, in order and without gaps.</param>
internal sealed class LogicalVolumeContent(IReadOnlyList<MappedSegment> segments) : DiskContent
{
    public override long Length => segments[^1].End;

    public override IEnumerable<Extent> GetAllocatedExtents()
    {
        // The extents of a physical volume are asked for once, however many segments lie on it.
        Dictionary<DiskContent, Extent[]> allocated = [];
        Extent? pending = null;
        foreach (Extent extent in segments.SelectMany(segment => new StripedExtents(segment, allocated).Enumerate()))
        {
            if (pending is { } last && last.End == extent.Offset)
            {
                pending = new Extent(last.Offset, last.Length + extent.Length);
                continue;
            }

            if (pending is { } done)
            {
                yield return done;
            }

            pending = extent;
        }

        if (pending is { } final)
        {
            yield return final;
        }
    }

    protected override void ReadCore(long offset, Span<byte> destination)
    {
        for (int i = FindSegment(offset); !destination.IsEmpty; i++)
        {
            MappedSegment segment = segments[i];
            long within = offset - segment.Start;
            while (!destination.IsEmpty && within < segment.Length)
            {
                long piece = within / segment.PieceSize;
                long inPiece = within % segment.PieceSize;
                int count = (int)Math.Min(destination.Length, segment.PieceSize - inPiece);
                (long row, long column) = Math.DivRem(piece, segment.Stripes.Count);
                MappedStripe stripe = segment.Stripes[(int)column];
                stripe.Content.Read(stripe.Offset + (row * segment.PieceSize) + inPiece, destination[..count]);
                destination = destination[count..];
                within += count;
            }

            offset = segment.End;
        }
    }

    private int FindSegment(long offset)
    {
        int low = 0;
        int high = segments.Count - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (offset < segments[middle].End)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
