using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.FileSystems.Fat;

/// <summary>A FAT12, FAT16 or FAT32 file system with long names.</summary>
internal sealed class FatFileSystem : FileSystem
{
    private const int ReadSize = 4096;

    private readonly DiskContent _volume;
    private readonly FatBootSector _boot;
    private readonly FatTable _table;

    private FatFileSystem(DiskContent volume, FatBootSector boot)
    {
        _volume = volume;
        _boot = boot;
        _table = new FatTable(volume, boot);
        Root = new FatNode(this, null);
        Label = ReadRootLabel() ?? boot.Label;
    }

    public override string TypeName => "vfat";

    public override string Uuid => _boot.Uuid;

    public override string Label { get; }

    public override FileNode Root { get; }

    internal int ClusterSize => _boot.ClusterSize;

    internal uint ClusterCount => _boot.ClusterCount;

    // FSInfo of FAT32 is only a hint that Windows and Linux leave stale.
    public override FileSystemSpace? FindSpace() => (long)_boot.ClusterCount * _boot.Bits / 8 <= FatFormat.MaxCountedTable
        ? FileSystemSpace.OfBlocks(_boot.ClusterCount, (ulong)_table.CountFree(), _boot.ClusterSize)
        : null;

    /// <exception cref="DiskFormatException">The boot sector or the root directory is damaged.</exception>
    public static FatFileSystem Open(DiskContent volume)
    {
        if (volume.Length < FatFormat.BootSectorSize)
        {
            throw DiskFormatException.Truncated(FatFormat.BootSectorStructure, 0, $"the volume has {volume.Length} bytes");
        }

        byte[] sector = new byte[FatFormat.BootSectorSize];
        volume.Read(0, sector);
        return new FatFileSystem(volume, FatBootSector.Parse(sector, volume.Length));
    }

    /// <summary>The files of a directory; null stands for the root. Deleted entries, labels and the two dot entries are left out.</summary>
    internal IEnumerable<FatDirectoryEntry> ReadDirectory(FatDirectoryEntry? directory)
    {
        FatLongName longName = new();
        foreach ((long position, byte[] entry) in ReadEntries(directory))
        {
            byte attributes = entry[FatFormat.AttributesOffset];
            if (entry[0] == FatFormat.EntryDeleted)
            {
                longName.Reset();
            }
            else if ((attributes & FatFormat.AttributeLongNameMask) == FatFormat.AttributeLongName)
            {
                longName.Add(entry);
            }
            else
            {
                string? name = longName.Take(entry);
                if ((attributes & FatFormat.AttributeVolumeId) != 0 || entry[0] == (byte)'.')
                {
                    continue;
                }

                FatDirectoryEntry found = FatDirectoryEntry.Parse(entry, position, _boot.Bits, name);
                if (!FatName.IsUsable(found.Name))
                {
                    throw DiskFormatException.Corrupt(FatFormat.DirectoryStructure, position, $"the name '{FileName.ToDisplay(found.Name)}' cannot be one of a file");
                }

                yield return found;
            }
        }
    }

    internal void ReadCluster(uint cluster, int offset, Span<byte> destination) => _volume.Read(ClusterOffset(cluster) + offset, destination);

    internal uint NextCluster(uint cluster) => _table.Next(cluster);

    /// <summary>The first cluster of a file that has data, or of a directory.</summary>
    internal uint CheckFirst(FatDirectoryEntry entry) => _table.IsCluster(entry.FirstCluster)
        ? entry.FirstCluster
        : throw DiskFormatException.Corrupt(FatFormat.DirectoryStructure, entry.Position, $"'{FileName.ToDisplay(entry.Name)}' begins in cluster {entry.FirstCluster}, clusters are numbered 2 to {_boot.ClusterCount + 1}");

    /// <summary>Every entry of 32 bytes up to the end mark, with its place in the volume.</summary>
    private IEnumerable<(long Position, byte[] Entry)> ReadEntries(FatDirectoryEntry? directory)
    {
        byte[] buffer = new byte[ReadSize];
        foreach (Extent extent in ReadExtents(directory))
        {
            for (long done = 0; done < extent.Length; done += ReadSize)
            {
                int count = (int)Math.Min(ReadSize, extent.Length - done);
                _volume.Read(extent.Offset + done, buffer.AsSpan(0, count));
                for (int i = 0; i + FatFormat.EntrySize <= count; i += FatFormat.EntrySize)
                {
                    if (buffer[i] == FatFormat.EntryEnd)
                    {
                        yield break;
                    }

                    yield return (extent.Offset + done + i, buffer.AsSpan(i, FatFormat.EntrySize).ToArray());
                }
            }
        }
    }

    private IEnumerable<Extent> ReadExtents(FatDirectoryEntry? directory)
    {
        if (directory is null && _boot.Bits != 32)
        {
            yield return new Extent(_boot.RootOffset, _boot.RootSize);
            yield break;
        }

        uint cluster = directory is not null ? CheckFirst(directory)
            : _table.IsCluster(_boot.RootCluster) ? _boot.RootCluster
            : throw DiskFormatException.Corrupt(FatFormat.BootSectorStructure, FatFormat.RootClusterOffset, $"the root directory begins in cluster {_boot.RootCluster}, clusters are numbered 2 to {_boot.ClusterCount + 1}");
        for (long size = 0; cluster != 0; size += ClusterSize)
        {
            if (size >= FatFormat.MaxDirectorySize)
            {
                throw DiskFormatException.Corrupt(FatFormat.DirectoryStructure, ClusterOffset(cluster), $"the directory has more than {FatFormat.MaxDirectorySize} bytes");
            }

            yield return new Extent(ClusterOffset(cluster), ClusterSize);
            cluster = NextCluster(cluster);
        }
    }

    /// <summary>The label in the root directory, which tools change; null when it has none.</summary>
    private string? ReadRootLabel()
    {
        foreach ((_, byte[] entry) in ReadEntries(null))
        {
            byte attributes = entry[FatFormat.AttributesOffset];
            if (entry[0] != FatFormat.EntryDeleted && (attributes & FatFormat.AttributeLongNameMask) != FatFormat.AttributeLongName && (attributes & FatFormat.AttributeVolumeId) != 0)
            {
                return FatName.Decode(entry.AsSpan(0, FatFormat.LabelSize)).TrimEnd(' ', '\0');
            }
        }

        return null;
    }

    private long ClusterOffset(uint cluster) => _boot.DataOffset + ((cluster - FatFormat.FirstCluster) * (long)ClusterSize);
}
