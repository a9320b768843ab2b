using Marketplace.DiskImages.Content;

namespace Marketplace.Publishing.Upload;

/// <summary>Sets of ascending extents.</summary>
internal static class PageRanges
{
    /// <summary>The extents, ascending, adjacent and overlapping ones joined.</summary>
    /// <param name="extents">Extents in any order.</param>
    public static IReadOnlyList<Extent> Join(IEnumerable<Extent> extents)
    {
        List<Extent> joined = [];
        foreach (Extent extent in extents.OrderBy(extent => extent.Offset))
        {
            if (joined.Count > 0 && extent.Offset <= joined[^1].End)
            {
                joined[^1] = new Extent(joined[^1].Offset, Math.Max(joined[^1].End, extent.End) - joined[^1].Offset);
            }
            else
            {
                joined.Add(extent);
            }
        }

        return joined;
    }

    /// <summary>What of the first set is not in the second.</summary>
    /// <param name="minuend">Joined extents.</param>
    /// <param name="subtrahend">Joined extents.</param>
    public static IEnumerable<Extent> Subtract(IReadOnlyList<Extent> minuend, IReadOnlyList<Extent> subtrahend)
    {
        int next = 0;
        foreach (Extent extent in minuend)
        {
            long position = extent.Offset;
            while (next < subtrahend.Count && subtrahend[next].End <= position)
            {
                next++;
            }

            for (int index = next; index < subtrahend.Count && subtrahend[index].Offset < extent.End; index++)
            {
                if (subtrahend[index].Offset > position)
                {
                    yield return new Extent(position, subtrahend[index].Offset - position);
                }

                position = Math.Max(position, subtrahend[index].End);
            }

            if (position < extent.End)
            {
                yield return new Extent(position, extent.End - position);
            }
        }
    }
}
