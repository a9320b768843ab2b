using System.Buffers.Binary;
using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.FileSystems.Fat;

/// <summary>The file allocation table: for each cluster the next one of its chain. Reads pages of it as they are needed.</summary>
internal sealed class FatTable(DiskContent volume, FatBootSector boot)
{
    private const int PageSize = 4096;

    private readonly byte[] _page = new byte[PageSize];
    private long _pageOffset = -1;

    /// <summary>The cluster after this one; 0 at the end of the chain.</summary>
    /// <exception cref="DiskFormatException">The entry is free, bad or past the last cluster.</exception>
    public uint Next(uint cluster)
    {
        uint value = Read(cluster);
        uint bad = boot.Bits switch { 12 => 0xFF7u, 16 => 0xFFF7u, _ => 0x0FFFFFF7u };
        return value > bad ? 0
            : IsCluster(value) ? value
            : throw DiskFormatException.Corrupt(FatFormat.TableStructure, boot.TableOffset + (cluster * (long)boot.Bits / 8), value == bad ? $"after cluster {cluster} the chain goes on in a bad cluster" : $"after cluster {cluster} the chain goes on in cluster {value}, clusters are numbered 2 to {boot.ClusterCount + 1}");
    }

    public bool IsCluster(uint cluster) => cluster >= FatFormat.FirstCluster && cluster - FatFormat.FirstCluster < boot.ClusterCount;

    /// <summary>The number of free clusters.</summary>
    public long CountFree()
    {
        long free = 0;
        for (uint cluster = FatFormat.FirstCluster; IsCluster(cluster); cluster++)
        {
            free += Read(cluster) == 0 ? 1 : 0;
        }

        return free;
    }

    private uint Read(uint cluster) => boot.Bits switch
    {
        12 => Read12(cluster),
        16 => ReadByte(cluster * 2L) | ((uint)ReadByte((cluster * 2L) + 1) << 8),
        _ => Read32(cluster),
    };

    private uint Read12(uint cluster)
    {
        long offset = cluster + (cluster / 2L);
        uint pair = ReadByte(offset) | ((uint)ReadByte(offset + 1) << 8);
        return (cluster & 1) == 0 ? pair & 0xFFF : pair >> 4;
    }

    private uint Read32(uint cluster)
    {
        // Entries of four bytes never cross a page.
        long offset = cluster * 4L;
        ReadByte(offset);
        return BinaryPrimitives.ReadUInt32LittleEndian(_page.AsSpan((int)(offset % PageSize))) & 0x0FFFFFFF;
    }

    private byte ReadByte(long offset)
    {
        long page = offset / PageSize * PageSize;
        if (page != _pageOffset)
        {
            _pageOffset = -1;
            int count = (int)Math.Min(PageSize, volume.Length - boot.TableOffset - page);
            volume.Read(boot.TableOffset + page, _page.AsSpan(0, count));
            _pageOffset = page;
        }

        return _page[offset % PageSize];
    }
}
