namespace Marketplace.DiskImages.Volumes.Lvm;

/// <summary>The volume groups of a disk, each by its newest description.</summary>
internal sealed class LvmGroups
{
    private readonly Dictionary<(int Size, uint Checksum), LvmVolumeGroup> _descriptions = [];
    private readonly Dictionary<string, Newest> _groups = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private long _textRead;

    /// <summary>The newest descriptions, with what is wrong with the whole group, in the order in which they were found.</summary>
    public IEnumerable<(LvmVolumeGroup Group, DiskFormatException? Problem)> All => _order.Select(uuid => (_groups[uuid].Group, FindProblem(_groups[uuid])));

    /// <summary>Reads the descriptions in the metadata areas of a physical volume. Like the tools it takes a whole copy when another one is damaged.</summary>
    /// <returns>What is wrong with the first damaged area; null when none is.</returns>
    public DiskFormatException? Read(LvmPhysicalVolume volume)
    {
        DiskFormatException? problem = null;
        foreach (LvmArea area in volume.Label.MetadataAreas)
        {
            try
            {
                LvmMetadataHeader header = volume.ReadHeader(area);
                if (header is { TextOffset: > 0, IsIgnored: false })
                {
                    Add(Describe(volume, area, header), header);
                }
            }
            catch (DiskFormatException e)
            {
                problem ??= e;
            }
        }

        return problem;
    }

    /// <summary>Whether the newest description of a group has the physical volume.</summary>
    public bool HasMember(string uuid) => _groups.Values.Any(newest => newest.Group.Members.Values.Any(member => member.Uuid == uuid));

    /// <summary>The same text lies in every area of a group: it is parsed once.</summary>
    private LvmVolumeGroup Describe(LvmPhysicalVolume volume, LvmArea area, LvmMetadataHeader header)
    {
        (int, uint) key = ((int)header.TextSize, header.TextChecksum);
        if (!_descriptions.TryGetValue(key, out LvmVolumeGroup? group))
        {
            _textRead += (long)header.TextSize;
            if (_textRead > LvmFormat.MaxTextOfDisk)
            {
                throw DiskFormatException.Unsupported(LvmSection.Structure, -1, $"more than {LvmFormat.MaxTextOfDisk} bytes of descriptions of volume groups on one disk");
            }

            _descriptions[key] = group = LvmVolumeGroup.Parse(volume.ReadText(area, header));
        }

        return group;
    }

    private void Add(LvmVolumeGroup group, LvmMetadataHeader header)
    {
        if (!_groups.TryGetValue(group.Uuid, out Newest? newest))
        {
            _order.Add(group.Uuid);
        }
        else if (group.SequenceNumber < newest.Group.SequenceNumber)
        {
            return;
        }
        else if (group.SequenceNumber == newest.Group.SequenceNumber)
        {
            newest.IsDisputed |= newest.Checksum != header.TextChecksum || newest.Size != header.TextSize;
            return;
        }

        _groups[group.Uuid] = new Newest(group, header.TextSize, header.TextChecksum);
    }

    private DiskFormatException? FindProblem(Newest newest)
    {
        LvmVolumeGroup group = newest.Group;
        return newest.IsDisputed ? DiskFormatException.Corrupt(LvmSection.Structure, -1, $"{group.Name}: two different descriptions have the same seqno {group.SequenceNumber}")
            : _groups.Values.Count(other => other.Group.Name == group.Name) > 1 ? DiskFormatException.Corrupt(LvmSection.Structure, -1, $"{group.Name}: two volume groups of the disk have this name")
            : group.IsExported ? DiskFormatException.Unsupported(LvmSection.Structure, -1, $"{group.Name}: the volume group is exported, and no system uses it")
            : null;
    }

    private sealed class Newest(LvmVolumeGroup group, ulong size, uint checksum)
    {
        public LvmVolumeGroup Group => group;

        public ulong Size => size;

        public uint Checksum => checksum;

        /// <summary>Whether another description claims to be as new and says something else.</summary>
        public bool IsDisputed { get; set; }
    }
}
