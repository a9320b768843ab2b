namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>A file with all its attributes, in its base record and in those its $ATTRIBUTE_LIST names.</summary>
internal sealed class NtfsFile
{
    private readonly NtfsVolume _volume;
    private readonly NtfsAttributeListEntry[]? _list;
    private NtfsRecord? _lastExtension;

    /// <param name="volume">The volume.</param>
    /// <param name="record">The base record.</param>
    /// <exception cref="DiskFormatException">The record is an extension of another one, or its $ATTRIBUTE_LIST is damaged.</exception>
    public NtfsFile(NtfsVolume volume, NtfsRecord record)
    {
        _volume = volume;
        Record = record;
        if (record.BaseReference != 0)
        {
            throw DiskFormatException.Corrupt(record.Structure, record.Position + 0x20, $"the record is an extension of record {record.BaseReference & NtfsFormat.ReferenceNumberMask}, not a file");
        }

        if (Array.Find(record.Attributes, attribute => attribute.Type == NtfsFormat.AttributeList) is { } list)
        {
            if ((list.Flags & (NtfsFormat.CompressionMask | NtfsFormat.AttributeEncrypted)) != 0)
            {
                throw DiskFormatException.Corrupt(list.Structure, list.Position, "$ATTRIBUTE_LIST is compressed or encrypted");
            }

            NtfsRunMap? map = list.IsResident ? null : new NtfsRunMap(list, [new NtfsExtent(0, () => list)], volume.Boot.ClusterCount);
            byte[] raw = new NtfsStream(volume, list, map).ReadAll(NtfsFormat.MaxAttributeList);
            _list = NtfsAttributeListEntry.ParseAll(raw, list.Structure, list.Position);
        }
    }

    /// <summary>The base record.</summary>
    public NtfsRecord Record { get; }

    /// <summary>The attribute, or its first extent; null when there is none.</summary>
    /// <exception cref="DiskFormatException">The record it is in is damaged.</exception>
    public NtfsAttribute? Find(uint type, string name)
    {
        if (_list is null)
        {
            return Array.Find(Record.Attributes, attribute => attribute.Type == type && attribute.Name == name && attribute is { IsResident: true } or { LowestVcn: 0 });
        }

        foreach (NtfsAttributeListEntry entry in _list)
        {
            if (entry.Type == type && entry.LowestVcn == 0 && entry.Name == name)
            {
                return Load(entry);
            }
        }

        return null;
    }

    /// <summary>Every attribute of a type, extents of one attribute each by itself.</summary>
    /// <exception cref="DiskFormatException">A record is damaged.</exception>
    public IEnumerable<NtfsAttribute> FindAll(uint type) => _list is null
        ? Record.Attributes.Where(attribute => attribute.Type == type)
        : _list.Where(entry => entry.Type == type).Select(Load);

    /// <summary>The data of an attribute; null when there is none of that name.</summary>
    /// <exception cref="DiskFormatException">A record is damaged, or the attribute is compressed in a way that is not read.</exception>
    public NtfsStream? OpenStream(uint type, string name) =>
        Find(type, name) is { } attribute ? new NtfsStream(_volume, attribute, attribute.IsResident ? null : MapOf(attribute)) : null;

    /// <summary>Where the clusters of an attribute are.</summary>
    /// <param name="first">Its first extent.</param>
    /// <param name="keepAll">True for the MFT.</param>
    /// <exception cref="DiskFormatException">The extents are not in order.</exception>
    public NtfsRunMap MapOf(NtfsAttribute first, bool keepAll = false)
    {
        NtfsExtent[] extents = _list is null
            ? [new NtfsExtent(0, () => first)]
            : [.. _list.Where(entry => entry.Type == first.Type && entry.Name == first.Name).Select(entry => new NtfsExtent(entry.LowestVcn, () => Load(entry)))];
        Array.Sort(extents, static (left, right) => left.LowestVcn.CompareTo(right.LowestVcn));
        for (int i = 0; i < extents.Length; i++)
        {
            if (i == 0 ? extents[i].LowestVcn != 0 : extents[i].LowestVcn <= extents[i - 1].LowestVcn)
            {
                throw DiskFormatException.Corrupt(first.Structure, first.Position, $"$ATTRIBUTE_LIST names an extent that begins at virtual cluster {extents[i].LowestVcn}");
            }
        }

        return extents.Length > 0
            ? new NtfsRunMap(first, extents, _volume.Boot.ClusterCount, keepAll)
            : throw DiskFormatException.Corrupt(first.Structure, first.Position, "$ATTRIBUTE_LIST does not name the attribute");
    }

    private NtfsAttribute Load(NtfsAttributeListEntry entry)
    {
        NtfsRecord record = OpenRecord(entry.Reference);
        return Array.Find(record.Attributes, attribute => attribute.Type == entry.Type && attribute.Id == entry.Id && attribute.Name == entry.Name)
            ?? throw DiskFormatException.Corrupt(record.Structure, record.Position, $"attribute 0x{entry.Type:X} with number {entry.Id} is missing, which $ATTRIBUTE_LIST of record {Record.Number} names");
    }

    private NtfsRecord OpenRecord(ulong reference)
    {
        ulong number = reference & NtfsFormat.ReferenceNumberMask;
        if (number == Record.Number)
        {
            return Record;
        }

        if (_lastExtension is { } last && last.Number == number)
        {
            return last;
        }

        NtfsRecord record = _volume.ReadRecord(reference);
        if (record.BaseReference != (Record.Number | ((ulong)Record.SequenceNumber << 48)))
        {
            throw DiskFormatException.Corrupt(record.Structure, record.Position + 0x20, $"the record does not belong to record {Record.Number}, whose $ATTRIBUTE_LIST names it");
        }

        _lastExtension = record;
        return record;
    }
}
