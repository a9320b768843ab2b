using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Registry.Logs;

/// <summary>A hive with pages of its logs in place of its own. Holds positions, not data. Owns neither.</summary>
/// <param name="hive">The hive as it stands.</param>
internal sealed class RecoveredHiveContent(DiskContent hive) : DiskContent
{
    private const int SectorSize = HiveLogFormat.SectorSize;

    private readonly Dictionary<long, (DiskContent Log, long Offset)> _sectors = [];
    private long _length = hive.Length;

    public override long Length => _length;

    /// <summary>Puts a page over what was there before.</summary>
    public void Add(DiskContent log, LoggedPage page)
    {
        long first = RegistryFormat.FileOffset(page.HiveOffset) / SectorSize;
        for (int i = 0; i < page.Length / SectorSize; i++)
        {
            _sectors[first + i] = (log, page.LogOffset + (i * SectorSize));
        }
    }

    /// <summary>A hive that grew reads as far as its new end.</summary>
    public void Extend(uint binsSize) => _length = Math.Max(_length, RegistryFormat.BaseBlockSize + (long)binsSize);

    public override IEnumerable<Extent> GetAllocatedExtents()
    {
        yield return new Extent(0, _length);
    }

    protected override void ReadCore(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            long sector = offset / SectorSize;
            int within = (int)(offset % SectorSize);
            int count = Math.Min(destination.Length, SectorSize - within);
            if (_sectors.TryGetValue(sector, out (DiskContent Log, long Offset) found))
            {
                found.Log.Read(found.Offset + within, destination[..count]);
            }
            else
            {
                // Sectors that are all left alone are read at once. Beyond the old end the hive itself says Truncated.
                while (count < destination.Length && !_sectors.ContainsKey((offset + count) / SectorSize))
                {
                    count = Math.Min(destination.Length, count + SectorSize);
                }

                hive.Read(offset, destination[..count]);
            }

            destination = destination[count..];
            offset += count;
        }
    }
}
