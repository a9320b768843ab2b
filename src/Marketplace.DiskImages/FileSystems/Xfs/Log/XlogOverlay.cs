using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.FileSystems.Xfs.Log;

/// <summary>A volume with the sectors the log changes laid over it in memory. Does not own the volume below.</summary>
internal sealed class XlogOverlay(DiskContent source) : DiskContent
{
    private const int SectorSize = XfsFormat.BasicBlockSize;

    private readonly Dictionary<long, byte[]> _sectors = [];
    private readonly HashSet<long> _replayed = [];

    public override long Length => source.Length;

    /// <summary>Number of sectors that differ from the volume below.</summary>
    public int Count => _sectors.Count;

    /// <summary>Changes bytes.</summary>
    /// <exception cref="DiskFormatException">More is changed than is held in memory (Unsupported).</exception>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            (long number, long start) = Math.DivRem(offset, SectorSize);
            int length = (int)Math.Min(bytes.Length, SectorSize - start);
            if (!_sectors.TryGetValue(number, out byte[]? sector))
            {
                if ((_sectors.Count + 1L) * SectorSize > XlogFormat.MaxMemory)
                {
                    throw DiskFormatException.Unsupported("XFS log", -1, $"dirty log: it changes more than the {XlogFormat.MaxMemory} bytes that are replayed in memory");
                }

                sector = new byte[SectorSize];
                source.Read(number * SectorSize, sector);
                _sectors.Add(number, sector);
            }

            bytes[..length].CopyTo(sector.AsSpan((int)start));
            bytes = bytes[length..];
            offset += length;
        }
    }

    /// <summary>Remembers that a buffer was changed, so that its checksum is out of date.</summary>
    public void MarkReplayed(long offset, int length)
    {
        for (long number = offset / SectorSize; number < (offset + length) / SectorSize; number++)
        {
            _replayed.Add(number);
        }
    }

    /// <summary>Whether a buffer within a range was changed.</summary>
    public bool IsReplayed(long offset, int length)
    {
        for (long number = offset / SectorSize; number < (offset + length) / SectorSize; number++)
        {
            if (_replayed.Contains(number))
            {
                return true;
            }
        }

        return false;
    }

    public override IEnumerable<Extent> GetAllocatedExtents()
    {
        // One extent over all of it: those of the source with single sectors between them would tell nobody more.
        yield return new Extent(0, Length);
    }

    protected override void ReadCore(long offset, Span<byte> destination)
    {
        // A run of sectors that are all left alone is read at once.
        source.Read(offset, destination);
        long first = offset / SectorSize;
        long end = (offset + destination.Length + SectorSize - 1) / SectorSize;
        if (end - first > _sectors.Count)
        {
            foreach ((long number, byte[] sector) in _sectors)
            {
                Lay(number, sector, offset, destination);
            }

            return;
        }

        for (long number = first; number < end; number++)
        {
            if (_sectors.TryGetValue(number, out byte[]? sector))
            {
                Lay(number, sector, offset, destination);
            }
        }
    }

    private static void Lay(long number, byte[] sector, long offset, Span<byte> destination)
    {
        long start = number * SectorSize;
        long from = Math.Max(start, offset);
        long to = Math.Min(start + SectorSize, offset + destination.Length);
        if (from < to)
        {
            sector.AsSpan((int)(from - start), (int)(to - from)).CopyTo(destination[(int)(from - offset)..]);
        }
    }
}
