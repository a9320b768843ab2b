namespace Marketplace.DiskImages.Volumes.Lvm;

/// <summary>A physical volume as the description of a group has it.</summary>
/// <param name="Uuid">Its identifier, grouped.</param>
/// <param name="IsMissing">Whether the group was changed while it was away, so that what is on it may be old.</param>
/// <param name="Start">The first byte of its extents (pe_start).</param>
/// <param name="ExtentCount">Number of its extents (pe_count).</param>
internal sealed record LvmMember(string Uuid, bool IsMissing, long Start, long ExtentCount);

/// <summary>A volume group: what one description of it says.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Uuid">Its identifier.</param>
/// <param name="SequenceNumber">seqno: the description with the greatest one is the newest.</param>
/// <param name="IsExported">Whether it was made ready to be moved to another machine: no machine uses it until it is imported.</param>
/// <param name="ExtentSize">Bytes of an extent.</param>
/// <param name="Members">The physical volumes by the name the description gives them.</param>
/// <param name="LogicalVolumes">The logical volumes, the internal ones too.</param>
internal sealed record LvmVolumeGroup(
    string Name, string Uuid, long SequenceNumber, bool IsExported, long ExtentSize, IReadOnlyDictionary<string, LvmMember> Members, IReadOnlyList<LvmLogicalVolume> LogicalVolumes)
{
    private const string Contents = "Text Format Volume Group";
    private const int TextVersion = 1;

    /// <summary>Sectors and extents: the tools hold them in 32 bits.</summary>
    private const long MaxCount = uint.MaxValue;

    /// <summary>Reads a description.</summary>
    /// <exception cref="DiskFormatException">It is not one, or contradicts itself.</exception>
    public static LvmVolumeGroup Parse(ReadOnlySpan<byte> text)
    {
        LvmSection root = LvmTextParser.Parse(text);
        if (root.FindText("contents") != Contents || root.RequireNumber("version", int.MaxValue) != TextVersion)
        {
            throw root.Unsupported($"it is not the description of a volume group in version {TextVersion}");
        }

        if (root.Sections.Count != 1)
        {
            throw root.Corrupt($"{root.Sections.Count} volume groups");
        }

        (string name, LvmSection group) = root.Sections[0];
        LvmName.Check(group, name);
        if (group.FindText("format") is { } format && format != "lvm2")
        {
            throw group.Unsupported("the format is not lvm2");
        }

        long extentSize = group.RequireNumber("extent_size", MaxCount) * LvmFormat.SectorSize;
        if (extentSize == 0)
        {
            throw group.Corrupt("extent_size is 0");
        }

        return new LvmVolumeGroup(
            name,
            group.RequireText("id"),
            group.RequireNumber("seqno", MaxCount),
            group.FindWords("status").Contains("EXPORTED"),
            extentSize,
            ReadMembers(group),
            ReadLogicalVolumes(group, extentSize));
    }

    private static Dictionary<string, LvmMember> ReadMembers(LvmSection group)
    {
        Dictionary<string, LvmMember> members = new(StringComparer.Ordinal);
        foreach ((string name, LvmSection member) in group.FindSection("physical_volumes")?.Sections ?? throw group.Corrupt("there is no physical_volumes"))
        {
            bool isMissing = member.FindWords("status").Concat(member.FindWords("flags")).Contains("MISSING");
            long start = member.RequireNumber("pe_start", long.MaxValue / LvmFormat.SectorSize) * LvmFormat.SectorSize;
            members.Add(name, new LvmMember(member.RequireText("id"), isMissing, start, member.RequireNumber("pe_count", MaxCount)));
        }

        return members;
    }

    private static List<LvmLogicalVolume> ReadLogicalVolumes(LvmSection group, long extentSize)
    {
        IReadOnlyList<(string Name, LvmSection Section)> sections = group.FindSection("logical_volumes")?.Sections ?? [];
        return sections.Count > LvmFormat.MaxLogicalVolumes
            ? throw group.Unsupported($"{sections.Count} logical volumes, at most {LvmFormat.MaxLogicalVolumes} are read")
            : [.. sections.Select(volume => LvmLogicalVolume.Parse(volume.Name, volume.Section, extentSize))];
    }
}
