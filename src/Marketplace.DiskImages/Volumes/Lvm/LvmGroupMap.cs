using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Volumes.Lvm;

/// <summary>Where the logical volumes of a group are on the physical volumes of a disk.</summary>
/// <param name="group">The group.</param>
/// <param name="physicalVolumes">The physical volumes of the disk by identifier.</param>
internal sealed class LvmGroupMap(LvmVolumeGroup group, ILookup<string, LvmPhysicalVolume> physicalVolumes)
{
    private const string Structure = "LVM2 logical volume";

    private readonly HashSet<LvmLogicalVolume> _overlapping = FindOverlapping(group);
    private readonly HashSet<string> _repeated = [.. group.LogicalVolumes.Where(volume => volume.IsVisible).CountBy(volume => volume.Name).Where(name => name.Value > 1).Select(name => name.Key)];
    private readonly HashSet<string?> _changedByMerge = [.. group.LogicalVolumes.Select(volume => volume.MergesInto)];

    /// <summary>The bytes of a logical volume.</summary>
    /// <exception cref="DiskFormatException">They are not all on this disk, or the description contradicts itself or the disk.</exception>
    public DiskContent Open(LvmLogicalVolume volume) =>
        volume.Problem is { } problem ? throw problem
        : _overlapping.Contains(volume) ? throw Corrupt(volume, "another logical volume has some of the same extents")
        : _repeated.Contains(volume.Name) ? throw Corrupt(volume, "two logical volumes of the group have this name")
        : _changedByMerge.Contains(volume.Name) ? throw Unsupported(volume, "a snapshot will be merged into it, which is not read")
        : new LogicalVolumeContent([.. volume.Segments.Select(segment => new MappedSegment(segment.Start, segment.Length, segment.StripeSize, Map(volume, segment)))]);

    /// <summary>Logical volumes, internal ones too, that share extents with others.</summary>
    private static HashSet<LvmLogicalVolume> FindOverlapping(LvmVolumeGroup group)
    {
        var ranges =
            from volume in @group.LogicalVolumes
            from segment in volume.Segments
            from stripe in segment.Stripes
            orderby stripe.Area, stripe.Extent
            select (stripe.Area, Start: stripe.Extent, End: stripe.Extent + segment.ExtentsEach, Volume: volume);
        HashSet<LvmLogicalVolume> overlapping = [];
        (string Area, long Start, long End, LvmLogicalVolume? Volume) furthest = ("", 0, 0, null);
        foreach (var range in ranges)
        {
            if (range.Area == furthest.Area && range.Start < furthest.End)
            {
                overlapping.Add(range.Volume);
                overlapping.Add(furthest.Volume!);
            }

            furthest = range.Area != furthest.Area || range.End > furthest.End ? range : furthest;
        }

        return overlapping;
    }

    private MappedStripe[] Map(LvmLogicalVolume volume, LvmSegment segment)
    {
        MappedStripe[] stripes = new MappedStripe[segment.Stripes.Count];
        for (int i = 0; i < stripes.Length; i++)
        {
            LvmStripe stripe = segment.Stripes[i];
            (LvmMember member, DiskContent content) = FindPhysicalVolume(volume, stripe.Area);
            if (stripe.Extent > member.ExtentCount - segment.ExtentsEach)
            {
                throw Corrupt(volume, $"it has {segment.ExtentsEach} extents from extent {stripe.Extent} on, the physical volume {member.Uuid} has {member.ExtentCount}");
            }

            // Divided, not multiplied: the end in bytes may not fit in 64 bits.
            long onDisk = Math.Max(0, content.Length - member.Start) / group.ExtentSize;
            if (stripe.Extent > onDisk - segment.ExtentsEach)
            {
                throw DiskFormatException.Truncated(Structure, -1, $"{Describe(volume)}: it has {segment.ExtentsEach} extents from extent {stripe.Extent} on, only {onDisk} extents of the physical volume {member.Uuid} are on the disk");
            }

            stripes[i] = new MappedStripe(content, member.Start + (stripe.Extent * group.ExtentSize));
        }

        return stripes;
    }

    private (LvmMember Member, DiskContent Content) FindPhysicalVolume(LvmLogicalVolume volume, string area)
    {
        if (!group.Members.TryGetValue(area, out LvmMember? member))
        {
            throw Unsupported(volume, $"it is made of {LvmSection.Show(area)}, which is no physical volume");
        }

        if (member.IsMissing)
        {
            throw Unsupported(volume, $"the physical volume {member.Uuid} was missing when the volume group was changed, so that what is on it may be old");
        }

        LvmPhysicalVolume[] found = [.. physicalVolumes[member.Uuid].Take(2)];
        return found switch
        {
            [] => throw Unsupported(volume, $"the physical volume {member.Uuid} is not on this disk"),
            [var one] => (member, one.Content),
            _ => throw Corrupt(volume, $"the physical volume {member.Uuid} is on this disk twice"),
        };
    }

    private string Describe(LvmLogicalVolume volume) => $"{group.Name}/{volume.Name}";

    private DiskFormatException Corrupt(LvmLogicalVolume volume, string detail) => DiskFormatException.Corrupt(Structure, -1, $"{Describe(volume)}: {detail}");

    private DiskFormatException Unsupported(LvmLogicalVolume volume, string detail) => DiskFormatException.Unsupported(Structure, -1, $"{Describe(volume)}: {detail}");
}
