using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Formats.Mapping;

/// <summary>The allocated extents of a content, asked for by ranges in ascending order, in one pass.</summary>
internal sealed class ExtentWindow(DiskContent content) : IDisposable
{
    private readonly IEnumerator<Extent> _extents = content.GetAllocatedExtents().GetEnumerator();
    private Extent _current;

    /// <summary>The next extent inside a range, cut to it; null when there is no more. The next range begins at or after the end of this one.</summary>
    public Extent? Next(long start, long end)
    {
        while (_current.Length == 0 || _current.End <= start)
        {
            if (!_extents.MoveNext())
            {
                _current = new Extent(long.MaxValue - 1, 1);
                break;
            }

            _current = _extents.Current;
        }

        long from = Math.Max(start, _current.Offset);
        long to = Math.Min(end, _current.End);
        if (from >= to)
        {
            return null;
        }

        // What was given is taken off, so the same call continues after it.
        _current = new Extent(to, _current.End - to);
        return new Extent(from, to - from);
    }

    public void Dispose() => _extents.Dispose();
}
