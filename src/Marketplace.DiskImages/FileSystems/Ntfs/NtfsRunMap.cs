namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>An extent of an attribute that is found when it is needed.</summary>
/// <param name="LowestVcn">Its first virtual cluster.</param>
/// <param name="Load">Reads the attribute from its record.</param>
internal readonly record struct NtfsExtent(long LowestVcn, Func<NtfsAttribute> Load);

/// <summary>
/// The map from virtual clusters of an attribute to clusters of the volume. An attribute may have thousands of extents in as
/// many records: only the one that is read from is kept decoded.
/// </summary>
internal sealed class NtfsRunMap
{
    private readonly NtfsExtent[] _extents;
    private readonly long _clusterCount;
    private readonly NtfsAttribute _first;
    private readonly NtfsRuns?[]? _kept;
    private NtfsRuns? _current;
    private int _currentIndex = -1;
    private bool _isLoading;

    /// <param name="first">The first extent, with virtual cluster 0.</param>
    /// <param name="extents">All extents in ascending order; the first one begins at 0.</param>
    /// <param name="clusterCount">Clusters of the volume.</param>
    /// <param name="keepAll">True for the MFT, whose extents are needed to read its extents.</param>
    public NtfsRunMap(NtfsAttribute first, NtfsExtent[] extents, long clusterCount, bool keepAll = false)
    {
        _first = first;
        _extents = extents;
        _clusterCount = clusterCount;
        _kept = keepAll ? new NtfsRuns?[extents.Length] : null;
    }

    /// <summary>The run that a virtual cluster is in, from that cluster on.</summary>
    /// <param name="vcn">The virtual cluster.</param>
    /// <exception cref="DiskFormatException">The cluster is not mapped, or its extent is damaged.</exception>
    public NtfsRun Find(long vcn)
    {
        NtfsRuns runs = Load(IndexOf(vcn));
        return vcn < runs.EndVcn ? runs.Find(vcn) : throw NotMapped(vcn);
    }

    /// <summary>Decodes every extent in order and keeps them; for the MFT.</summary>
    /// <exception cref="DiskFormatException">An extent is damaged, or is in a record that only it or a later one maps.</exception>
    public void LoadAll()
    {
        int total = 0;
        for (int i = 0; i < _extents.Length; i++)
        {
            total += Load(i).Count;
            if (total > NtfsFormat.MaxMftRuns)
            {
                throw DiskFormatException.Unsupported(_first.Structure, _first.Position, $"the MFT has more than {NtfsFormat.MaxMftRuns} runs");
            }
        }
    }

    private int IndexOf(long vcn)
    {
        int low = 0;
        for (int high = _extents.Length - 1; low < high;)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = _extents[middle].LowestVcn <= vcn ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    private NtfsRuns Load(int index)
    {
        if ((index == _currentIndex ? _current : _kept?[index]) is { } known)
        {
            return known;
        }

        // The extents of the MFT are loaded in order, so one that is asked for meanwhile is needed to read itself.
        if (_isLoading)
        {
            throw DiskFormatException.Corrupt(_first.Structure, _first.Position, "an extent of the MFT is in a record that only this extent or a later one leads to");
        }

        _isLoading = true;
        try
        {
            return LoadNew(index);
        }
        finally
        {
            _isLoading = false;
        }
    }

    private NtfsRuns LoadNew(int index)
    {
        NtfsAttribute attribute = index == 0 ? _first : LoadLater(index);
        NtfsRuns runs = NtfsRuns.Parse(attribute, _clusterCount);
        if (index + 1 < _extents.Length && runs.EndVcn != _extents[index + 1].LowestVcn)
        {
            throw DiskFormatException.Corrupt(attribute.Structure, attribute.Position, $"the extent ends before virtual cluster {runs.EndVcn}, the next one begins at {_extents[index + 1].LowestVcn}");
        }

        if (_kept is not null)
        {
            _kept[index] = runs;
        }

        (_current, _currentIndex) = (runs, index);
        return runs;
    }

    private NtfsAttribute LoadLater(int index)
    {
        NtfsAttribute attribute = _extents[index].Load();
        return !attribute.IsResident && attribute.LowestVcn == _extents[index].LowestVcn
            ? attribute
            : throw DiskFormatException.Corrupt(attribute.Structure, attribute.Position, $"the extent begins at virtual cluster {attribute.LowestVcn}, $ATTRIBUTE_LIST says {_extents[index].LowestVcn}");
    }

    private DiskFormatException NotMapped(long vcn) =>
        DiskFormatException.Corrupt(_first.Structure, _first.Position, $"virtual cluster {vcn} belongs to the data and no run maps it");
}
