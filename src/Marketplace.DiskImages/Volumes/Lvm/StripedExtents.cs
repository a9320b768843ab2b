using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Volumes.Lvm;

/// <summary>The allocated bytes of a segment: those of its stripes, brought into the order of the logical volume.</summary>
/// <param name="segment">The segment.</param>
/// <param name="allocated">The extents of each physical volume, filled as they are asked for.</param>
internal sealed class StripedExtents(MappedSegment segment, Dictionary<DiskContent, Extent[]> allocated)
{
    /// <summary>The extents in the logical volume, in order; some of them touch.</summary>
    public IEnumerable<Extent> Enumerate()
    {
        Stripe[] stripes = [.. segment.Stripes.Select(stripe => new Stripe(stripe.Offset, segment.LengthEach, ExtentsOf(stripe.Content)))];
        long piece = segment.PieceSize;

        // Rows in which no stripe has anything are passed over.
        for (long row = 0; (row = NextRow(stripes, row, piece)) < segment.LengthEach / piece; row++)
        {
            for (int column = 0; column < stripes.Length; column++)
            {
                long start = segment.Start + (((row * stripes.Length) + column) * piece);
                foreach (Extent extent in stripes[column].Within(row * piece, (row + 1) * piece))
                {
                    yield return new Extent(start + extent.Offset - (row * piece), extent.Length);
                }
            }
        }
    }

    private static long NextRow(Stripe[] stripes, long row, long piece) => stripes.Min(stripe => stripe.NextData(row * piece) is { } next ? next / piece : long.MaxValue);

    private Extent[] ExtentsOf(DiskContent content)
    {
        if (!allocated.TryGetValue(content, out Extent[]? extents))
        {
            allocated[content] = extents = [.. content.GetAllocatedExtents()];
        }

        return extents;
    }

    /// <summary>A stripe, passed through once from its start to its end; positions are from its start.</summary>
    private sealed class Stripe(long offset, long length, Extent[] extents)
    {
        private int _next = FirstThatEndsAfter(extents, offset);

        /// <summary>The first allocated byte at or after a position; null when there is none.</summary>
        public long? NextData(long position)
        {
            Skip(position);
            return _next < extents.Length && extents[_next].Offset < offset + length ? Math.Max(position, extents[_next].Offset - offset) : null;
        }

        /// <summary>The allocated bytes from one position to another.</summary>
        public IEnumerable<Extent> Within(long start, long end)
        {
            Skip(start);
            for (int i = _next; i < extents.Length && extents[i].Offset - offset < end; i++)
            {
                long from = Math.Max(extents[i].Offset - offset, start);
                yield return new Extent(from, Math.Min(extents[i].End - offset, end) - from);
            }
        }

        private void Skip(long position)
        {
            while (_next < extents.Length && extents[_next].End - offset <= position)
            {
                _next++;
            }
        }

        private static int FirstThatEndsAfter(Extent[] extents, long offset)
        {
            int low = 0;
            int high = extents.Length;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (extents[middle].End > offset)
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
}
