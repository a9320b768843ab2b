namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>Where a run of virtual clusters of an attribute is.</summary>
/// <param name="Cluster">First cluster on the volume, or -1 when the run is sparse and reads as zeros.</param>
/// <param name="Count">Number of clusters, at least 1.</param>
internal readonly record struct NtfsRun(long Cluster, long Count);

/// <summary>The mapping pairs of one extent of an attribute, decoded.</summary>
internal sealed class NtfsRuns
{
    private readonly long[] _vcns;
    private readonly long[] _clusters;

    private NtfsRuns(long[] vcns, long[] clusters, long endVcn)
    {
        _vcns = vcns;
        _clusters = clusters;
        EndVcn = endVcn;
    }

    /// <summary>The virtual cluster after the last one that is mapped.</summary>
    public long EndVcn { get; }

    /// <summary>Number of runs.</summary>
    public int Count => _vcns.Length;

    /// <summary>Decodes mapping pairs.</summary>
    /// <param name="attribute">A non-resident attribute.</param>
    /// <param name="clusterCount">Clusters of the volume.</param>
    /// <exception cref="DiskFormatException">A pair is damaged, leads outside the volume, or the pairs do not map what the header says.</exception>
    public static NtfsRuns Parse(NtfsAttribute attribute, long clusterCount)
    {
        List<long> vcns = [];
        List<long> clusters = [];
        ReadOnlySpan<byte> pairs = attribute.MappingPairs.Span;
        long vcn = attribute.LowestVcn;
        long cluster = 0;
        while (!pairs.IsEmpty && pairs[0] != 0)
        {
            int countSize = pairs[0] & 0x0F;
            int deltaSize = pairs[0] >> 4;
            if (countSize is 0 or > 8 || deltaSize > 8 || 1 + countSize + deltaSize > pairs.Length)
            {
                throw Corrupt(attribute, $"a mapping pair has sizes of {countSize} and {deltaSize} bytes, {pairs.Length} are left");
            }

            long count = ReadSigned(pairs.Slice(1, countSize));
            if (count <= 0 || count > long.MaxValue - vcn)
            {
                throw Corrupt(attribute, $"a run has {count} clusters");
            }

            if (deltaSize > 0)
            {
                long delta = ReadSigned(pairs.Slice(1 + countSize, deltaSize));
                if (delta < -cluster || delta >= clusterCount - cluster || count > clusterCount - cluster - delta)
                {
                    throw Corrupt(attribute, $"a run of {count} clusters begins {delta} after cluster {cluster}, the volume has {clusterCount}");
                }

                cluster += delta;
            }

            vcns.Add(vcn);
            clusters.Add(deltaSize > 0 ? cluster : -1);
            vcn += count;
            pairs = pairs[(1 + countSize + deltaSize)..];
        }

        // An attribute without clusters has -1 here, or 0 from some tools.
        bool isEmpty = vcn == 0 && attribute.HighestVcn is -1 or 0;
        return isEmpty || vcn == attribute.HighestVcn + 1
            ? new NtfsRuns([.. vcns], [.. clusters], vcn)
            : throw Corrupt(attribute, $"the runs end before virtual cluster {vcn}, the header says {attribute.HighestVcn} is the last one");
    }

    /// <summary>The run that a virtual cluster is in, from that cluster on.</summary>
    /// <param name="vcn">A virtual cluster that this extent maps.</param>
    public NtfsRun Find(long vcn)
    {
        int index = Array.BinarySearch(_vcns, vcn);
        index = index < 0 ? ~index - 1 : index;
        long end = index + 1 < _vcns.Length ? _vcns[index + 1] : EndVcn;
        return new NtfsRun(_clusters[index] < 0 ? -1 : _clusters[index] + (vcn - _vcns[index]), end - vcn);
    }

    private static long ReadSigned(ReadOnlySpan<byte> bytes)
    {
        long value = (sbyte)bytes[^1];
        for (int i = bytes.Length - 2; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }

    private static DiskFormatException Corrupt(NtfsAttribute attribute, string detail) =>
        DiskFormatException.Corrupt(attribute.Structure, attribute.Position, detail);
}
