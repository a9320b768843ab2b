namespace Marketplace.DiskImages.FileSystems.Ntfs.Compression;

/// <summary>
/// Data of an attribute with the compressed flag: units of 16 clusters. A unit with all its clusters is stored as it is, one
/// without any reads as zeros, and one with fewer holds LZNT1 at its start.
/// </summary>
internal sealed class NtfsCompressedUnits
{
    private readonly NtfsStream _stream;
    private readonly NtfsAttribute _attribute;
    private readonly int _clusterSize;
    private readonly int _unitClusters;
    private byte[]? _unit;
    private byte[]? _packed;
    private long _unitIndex = -1;

    /// <exception cref="DiskFormatException">The method or the unit is one that NTFS does not have.</exception>
    public NtfsCompressedUnits(NtfsStream stream, NtfsAttribute attribute, int clusterSize)
    {
        _stream = stream;
        _attribute = attribute;
        _clusterSize = clusterSize;
        if ((attribute.Flags & NtfsFormat.CompressionMask) != NtfsFormat.CompressionLznt1)
        {
            throw DiskFormatException.Unsupported(attribute.Structure, attribute.Position + 0x0C, $"the compression method is {attribute.Flags & NtfsFormat.CompressionMask}, only LZNT1 is read");
        }

        if (attribute.CompressionUnit is 0 or > 16 || (long)clusterSize << attribute.CompressionUnit > NtfsFormat.MaxCompressionUnit || clusterSize << attribute.CompressionUnit < Lznt1.ChunkSize)
        {
            throw DiskFormatException.Corrupt(attribute.Structure, attribute.Position + 0x22, $"the compression unit is 2^{attribute.CompressionUnit} clusters of {clusterSize} bytes");
        }

        _unitClusters = 1 << attribute.CompressionUnit;
    }

    /// <summary>Reads data; the range must be inside the initialised part.</summary>
    public void Read(long offset, Span<byte> destination)
    {
        int unitSize = _unitClusters * _clusterSize;
        while (!destination.IsEmpty)
        {
            (long unit, long start) = Math.DivRem(offset, unitSize);
            int length = (int)Math.Min(unitSize - start, destination.Length);
            ReadUnit(unit, (int)start, destination[..length]);
            offset += length;
            destination = destination[length..];
        }
    }

    private void ReadUnit(long unit, int start, Span<byte> destination)
    {
        if (unit != _unitIndex)
        {
            int clusters = CountClusters(unit);
            if (clusters == 0 || clusters == _unitClusters)
            {
                _stream.ReadClusters((unit * _unitClusters * _clusterSize) + start, destination);
                return;
            }

            Unpack(unit, clusters);
        }

        _unit.AsSpan(start, destination.Length).CopyTo(destination);
    }

    /// <summary>The clusters a unit has on the disk, which come before its sparse ones.</summary>
    private int CountClusters(long unit)
    {
        long vcn = unit * _unitClusters;
        long end = vcn + _unitClusters;
        int clusters = 0;
        bool sparse = false;
        while (vcn < end)
        {
            NtfsRun run = _stream.FindRun(vcn);
            int count = (int)Math.Min(run.Count, end - vcn);
            if (run.Cluster >= 0 && sparse)
            {
                throw DiskFormatException.Corrupt(_attribute.Structure, _attribute.Position, $"compression unit {unit} has clusters after sparse ones");
            }

            sparse |= run.Cluster < 0;
            clusters += run.Cluster >= 0 ? count : 0;
            vcn += count;
        }

        return clusters;
    }

    private void Unpack(long unit, int clusters)
    {
        int unitSize = _unitClusters * _clusterSize;
        _unit ??= new byte[unitSize];
        _packed ??= new byte[unitSize];
        _unitIndex = -1;
        long offset = unit * unitSize;
        Span<byte> packed = _packed.AsSpan(0, clusters * _clusterSize);
        _stream.ReadClusters(offset, packed);
        if (Lznt1.Decompress(packed, _unit) is { } detail)
        {
            throw DiskFormatException.Corrupt($"NTFS LZNT1 data of {_attribute.Structure["NTFS ".Length..]}", _stream.PositionOf(offset), $"compression unit {unit}: {detail}");
        }

        _unitIndex = unit;
    }
}
