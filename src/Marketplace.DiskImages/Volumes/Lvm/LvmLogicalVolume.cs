namespace Marketplace.DiskImages.Volumes.Lvm;

/// <summary>A logical volume of a group.</summary>
/// <param name="Name">The name users see.</param>
/// <param name="IsVisible">Whether users see it: the parts that a thin pool, a cache or a RAID is made of are hidden.</param>
/// <param name="Size">Length in bytes; 0 when it is not known.</param>
/// <param name="Segments">Its segments, in order and without gaps; empty when there is a problem.</param>
/// <param name="MergesInto">The logical volume that this one, a snapshot, will be merged into; null for every other one.</param>
/// <param name="Problem">Why it cannot be read; null when it can, as far as the description tells.</param>
internal sealed record LvmLogicalVolume(string Name, bool IsVisible, long Size, IReadOnlyList<LvmSegment> Segments, string? MergesInto, DiskFormatException? Problem)
{
    /// <summary>What a volume made of plain extents may be. Every other word stands for something that is not read.</summary>
    private static readonly string[] KnownStatus = ["READ", "WRITE", "VISIBLE", "FIXED_MINOR", "NOTSYNCED"];

    /// <summary>Reads a logical volume. What is wrong with it is told by <see cref="Problem"/>, and the others are read.</summary>
    /// <exception cref="DiskFormatException">Not even its name can be trusted.</exception>
    public static LvmLogicalVolume Parse(string name, LvmSection section, long extentSize)
    {
        LvmName.Check(section, name);

        // A volume whose status cannot be read is shown, with what is wrong.
        bool isVisible = true;
        try
        {
            IReadOnlyList<string> status = section.FindWords("status");
            isVisible = status.Contains("VISIBLE");
            return ParseSegments(name, section, extentSize, isVisible, status.FirstOrDefault(word => !KnownStatus.Contains(word)));
        }
        catch (DiskFormatException e)
        {
            return new LvmLogicalVolume(name, isVisible, 0, [], null, e);
        }
    }

    private static LvmLogicalVolume ParseSegments(string name, LvmSection section, long extentSize, bool isVisible, string? unknownStatus)
    {
        LvmSection[] sections = [.. section.Sections.Where(child => child.Name.StartsWith("segment", StringComparison.Ordinal)).Select(child => child.Section)];
        long count = section.RequireNumber("segment_count", LvmFormat.MaxNodes);
        if (count != sections.Length || count == 0)
        {
            throw section.Corrupt($"segment_count is {count}, and there are {sections.Length} segments");
        }

        if (FindSnapshot(name, sections[0]) is { } snapshot)
        {
            return snapshot;
        }

        List<LvmSegment> segments = [.. sections.Select(segment => LvmSegment.Parse(segment, extentSize)).OrderBy(segment => segment.Start)];
        long end = 0;
        foreach (LvmSegment segment in segments)
        {
            if (segment.Start != end)
            {
                throw section.Corrupt($"a segment starts at byte {segment.Start}, the ones before it end at byte {end}");
            }

            end = segment.End;
        }

        DiskFormatException? problem = segments.FirstOrDefault(segment => !segment.IsStriped) is { } other ? section.Unsupported($"the logical volume is of type {LvmSection.Show(other.Type)}, which is not read")
            : unknownStatus is not null ? section.Unsupported($"the logical volume has the status {LvmSection.Show(unknownStatus)}, which is not known")
            : null;
        return new LvmLogicalVolume(name, isVisible, end, segments, null, problem);
    }

    /// <summary>A snapshot is described by a volume with a made-up name; users see the name of the volume that stores the changes.</summary>
    private static LvmLogicalVolume? FindSnapshot(string name, LvmSection segment)
    {
        if (segment.FindText("type") != "snapshot")
        {
            return null;
        }

        string? merging = segment.FindText("merging_store");
        string store = merging ?? segment.RequireText("cow_store");
        LvmName.Check(segment, store);
        return new LvmLogicalVolume(
            store, merging is null, 0, [], merging is null ? null : segment.RequireText("origin"), segment.Unsupported($"the logical volume {store} (here {name}) is of type snapshot, which is not read"));
    }
}
