using Marketplace.DiskImages.Content;

namespace Marketplace.Publishing.Upload;

/// <summary>Decides which bytes of a cell are sent: its non-zero 4 KiB pages, merged over small gaps.</summary>
internal static class CellPlan
{
    /// <summary>
    /// The writes of a cell, ascending, relative to its start. Empty when all bytes are zero. The smallest gaps are merged first,
    /// while the zeros sent for it stay within their share: most requests saved for the least bytes.
    /// </summary>
    /// <param name="cell">The bytes of the cell.</param>
    public static IReadOnlyList<Extent> Create(ReadOnlySpan<byte> cell)
    {
        List<Extent> runs = FindRuns(cell);
        if (runs.Count < 2)
        {
            return runs;
        }

        long budget = runs.Sum(run => run.Length) / PageBlobFormat.GapShare;
        bool[] merged = new bool[runs.Count];
        foreach (int index in Enumerable.Range(1, runs.Count - 1).OrderBy(index => Gap(runs, index)))
        {
            long gap = Gap(runs, index);
            if (gap > PageBlobFormat.MaximumGap || gap > budget)
            {
                break;
            }

            budget -= gap;
            merged[index] = true;
        }

        return Merge(runs, merged);
    }

    private static long Gap(List<Extent> runs, int index) => runs[index].Offset - runs[index - 1].End;

    private static List<Extent> FindRuns(ReadOnlySpan<byte> cell)
    {
        List<Extent> runs = [];
        int position = 0;
        while (position < cell.Length)
        {
            int skipped = cell[position..].IndexOfAnyExcept((byte)0);
            if (skipped < 0)
            {
                break;
            }

            int start = (position + skipped) / PageBlobFormat.ScanSize * PageBlobFormat.ScanSize;
            int end = Math.Min(start + PageBlobFormat.ScanSize, cell.Length);
            while (end < cell.Length && !IsZero(cell[end..Math.Min(end + PageBlobFormat.ScanSize, cell.Length)]))
            {
                end = Math.Min(end + PageBlobFormat.ScanSize, cell.Length);
            }

            runs.Add(new Extent(start, end - start));
            position = end;
        }

        return runs;
    }

    private static bool IsZero(ReadOnlySpan<byte> page) => page.IndexOfAnyExcept((byte)0) < 0;

    private static List<Extent> Merge(List<Extent> runs, bool[] merged)
    {
        List<Extent> writes = [runs[0]];
        for (int index = 1; index < runs.Count; index++)
        {
            if (merged[index])
            {
                writes[^1] = new Extent(writes[^1].Offset, runs[index].End - writes[^1].Offset);
            }
            else
            {
                writes.Add(runs[index]);
            }
        }

        return writes;
    }
}
