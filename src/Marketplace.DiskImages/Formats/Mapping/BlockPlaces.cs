namespace Marketplace.DiskImages.Formats.Mapping;

/// <summary>
/// Where the blocks of a file begin, collected to see that no two lie over each other or over a structure of the file:
/// one of both would be wrong without a sign. Positions are in any unit.
/// </summary>
internal sealed class BlockPlaces
{
    private readonly uint[] _starts;
    private readonly long _length;
    private int _count;

    /// <summary>Makes room for as many blocks as there can be.</summary>
    /// <param name="entries">Number of entries of the table.</param>
    /// <param name="length">Length of a block.</param>
    /// <param name="end">End of the space blocks begin in.</param>
    public BlockPlaces(long entries, long length, long end)
    {
        _length = length;
        _starts = new uint[(int)Math.Min(entries, (end + length - 1) / length)];
    }

    /// <summary>Adds a block that begins inside the space; false when there are more than fit side by side.</summary>
    public bool TryAdd(uint start)
    {
        if (_count == _starts.Length)
        {
            return false;
        }

        _starts[_count++] = start;
        return true;
    }

    /// <summary>Where a block begins that lies over another one or over a reserved range; null when there is none. Nothing can be added afterwards.</summary>
    /// <param name="reserved">Ranges that are no place for a block.</param>
    public uint? FindOverlap(params ReadOnlySpan<(long Start, long End)> reserved)
    {
        Span<uint> starts = _starts.AsSpan(0, _count);
        starts.Sort();
        for (int i = 1; i < starts.Length; i++)
        {
            if (starts[i] - (long)starts[i - 1] < _length)
            {
                return starts[i];
            }
        }

        foreach ((long start, long end) in reserved)
        {
            // The first block that ends after the start of the range.
            int at = starts.BinarySearch((uint)Math.Max(0, start - _length + 1));
            at = at < 0 ? ~at : at;
            if (start < end && at < starts.Length && starts[at] < end)
            {
                return starts[at];
            }
        }

        return null;
    }
}
