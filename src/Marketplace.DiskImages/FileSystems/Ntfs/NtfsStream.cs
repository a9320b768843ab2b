using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>The data of an attribute: resident, in runs of clusters, or in compressed units.</summary>
internal sealed class NtfsStream
{
    private readonly DiskContent _content;
    private readonly int _clusterSize;
    private readonly NtfsAttribute _attribute;
    private readonly NtfsRunMap? _map;
    private readonly Compression.NtfsCompressedUnits? _units;

    /// <param name="volume">The volume.</param>
    /// <param name="attribute">The attribute, or its first extent.</param>
    /// <param name="map">Where its clusters are; null for a resident attribute.</param>
    /// <exception cref="DiskFormatException">The attribute is compressed in a way that is not read, or its first extent is missing.</exception>
    public NtfsStream(NtfsVolume volume, NtfsAttribute attribute, NtfsRunMap? map)
    {
        _content = volume.Content;
        _clusterSize = volume.Boot.ClusterSize;
        _attribute = attribute;
        _map = map;
        if (map is not null && attribute.LowestVcn != 0)
        {
            throw DiskFormatException.Corrupt(attribute.Structure, attribute.Position, $"the first extent begins at virtual cluster {attribute.LowestVcn}");
        }

        if (map is not null && (attribute.Flags & NtfsFormat.CompressionMask) != 0)
        {
            _units = new Compression.NtfsCompressedUnits(this, attribute, _clusterSize);
        }
    }

    /// <summary>Length in bytes.</summary>
    public long Length => _attribute.DataSize;

    /// <summary>The attribute, for messages.</summary>
    public NtfsAttribute Attribute => _attribute;

    public bool IsEncrypted => (_attribute.Flags & NtfsFormat.AttributeEncrypted) != 0;

    /// <summary>Reads data.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="destination">Receives exactly its length in bytes; the range must be inside the stream.</param>
    /// <exception cref="DiskFormatException">The runs are damaged, or the data do not decompress.</exception>
    public void Read(long offset, Span<byte> destination)
    {
        if (_map is null)
        {
            _attribute.Value.Span.Slice((int)offset, destination.Length).CopyTo(destination);
            return;
        }

        int written = (int)Math.Clamp(_attribute.InitializedSize - offset, 0, destination.Length);
        destination[written..].Clear();
        if (_units is not null)
        {
            _units.Read(offset, destination[..written]);
        }
        else
        {
            ReadClusters(offset, destination[..written]);
        }
    }

    /// <summary>The run that a virtual cluster is in.</summary>
    public NtfsRun FindRun(long vcn) => _map!.Find(vcn);

    /// <summary>Reads the clusters of the attribute as they are on the disk; sparse ones are zeros.</summary>
    public void ReadClusters(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            (long vcn, long start) = Math.DivRem(offset, _clusterSize);
            NtfsRun run = _map!.Find(vcn);
            int length = (int)Math.Min(Math.Min(run.Count, int.MaxValue) * _clusterSize - start, destination.Length);
            if (run.Cluster < 0)
            {
                destination[..length].Clear();
            }
            else
            {
                _content.Read((run.Cluster * _clusterSize) + start, destination[..length]);
            }

            offset += length;
            destination = destination[length..];
        }
    }

    /// <summary>Where a byte is on the volume, for messages; -1 when it is not in a cluster of its own.</summary>
    public long PositionOf(long offset)
    {
        (long vcn, long start) = Math.DivRem(offset, _clusterSize);
        return _map is null ? _attribute.Position : _map.Find(vcn) is { Cluster: >= 0 } run ? (run.Cluster * _clusterSize) + start : -1;
    }

    /// <summary>All of a small stream.</summary>
    /// <param name="maxBytes">The most it may have.</param>
    /// <exception cref="DiskFormatException">It has more, or is damaged.</exception>
    public byte[] ReadAll(int maxBytes)
    {
        if (Length > maxBytes)
        {
            throw DiskFormatException.Corrupt(_attribute.Structure, _attribute.Position, $"the attribute has {Length} bytes, expected at most {maxBytes}");
        }

        byte[] data = new byte[Length];
        Read(0, data);
        return data;
    }
}
