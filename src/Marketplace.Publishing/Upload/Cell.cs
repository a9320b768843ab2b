using Marketplace.DiskImages.Content;

namespace Marketplace.Publishing.Upload;

/// <summary>A cell of the 4 MiB grid that has allocated bytes, read into a buffer of the pool.</summary>
/// <param name="Index">Index of the cell.</param>
/// <param name="Bytes">Its bytes; zero where nothing is allocated.</param>
/// <param name="AllocatedBytes">How many of them are allocated.</param>
internal readonly record struct Cell(long Index, ReadOnlyMemory<byte> Bytes, long AllocatedBytes)
{
    /// <summary>Offset of the cell in the disk, in bytes.</summary>
    public long Offset => Index * PageBlobFormat.CellSize;

    /// <summary>The allocated extents of a disk, cut at the lines of the grid and grouped by cell, ascending.</summary>
    /// <param name="content">The content.</param>
    /// <param name="length">How many bytes of the content count: the virtual size.</param>
    public static IEnumerable<(long Index, IReadOnlyList<Extent> Pieces)> Group(DiskContent content, long length)
    {
        long current = -1;
        List<Extent> pieces = [];
        foreach (Extent extent in content.GetAllocatedExtents())
        {
            long position = extent.Offset;
            long end = Math.Min(extent.End, length);
            while (position < end)
            {
                long index = position / PageBlobFormat.CellSize;
                if (index != current)
                {
                    if (pieces.Count > 0)
                    {
                        yield return (current, pieces);
                        pieces = [];
                    }

                    current = index;
                }

                long pieceEnd = Math.Min(end, (index + 1) * PageBlobFormat.CellSize);
                pieces.Add(new Extent(position, pieceEnd - position));
                position = pieceEnd;
            }
        }

        if (pieces.Count > 0)
        {
            yield return (current, pieces);
        }
    }
}
