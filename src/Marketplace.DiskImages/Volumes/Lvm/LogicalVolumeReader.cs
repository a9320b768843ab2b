namespace Marketplace.DiskImages.Volumes.Lvm;

/// <summary>Finds the logical volumes on the physical volumes of a disk.</summary>
internal static class LogicalVolumeReader
{
    /// <summary>The volumes, each physical volume with what is wrong with it, and after them the logical volumes. What logical volumes hold is not searched for more physical volumes.</summary>
    /// <param name="volumes">The partitions, or the whole disk.</param>
    public static IReadOnlyList<Volume> AddTo(IReadOnlyList<Volume> volumes)
    {
        if (volumes.All(volume => volume.Kind != VolumeKind.LvmPhysicalVolume))
        {
            return volumes;
        }

        List<Volume> result = [.. volumes];
        LvmGroups groups = new();
        List<(int Index, LvmPhysicalVolume Volume, DiskFormatException? Problem)> physical = [];
        for (int i = 0; i < result.Count; i++)
        {
            if (result[i].Kind == VolumeKind.LvmPhysicalVolume)
            {
                try
                {
                    LvmPhysicalVolume volume = LvmPhysicalVolume.Read(result[i].Content);
                    physical.Add((i, volume, groups.Read(volume)));
                }
                catch (DiskFormatException e)
                {
                    result[i] = result[i].WithProblem(e);
                }
            }
        }

        foreach ((int index, LvmPhysicalVolume volume, DiskFormatException? problem) in physical)
        {
            if (!groups.HasMember(volume.Label.Uuid) && (problem ?? FindWhyUndescribed(volume)) is { } why)
            {
                result[index] = result[index].WithProblem(why);
            }
        }

        ILookup<string, LvmPhysicalVolume> byUuid = physical.ToLookup(volume => volume.Volume.Label.Uuid, volume => volume.Volume);
        foreach ((LvmVolumeGroup group, DiskFormatException? problem) in groups.All)
        {
            LvmGroupMap map = new(group, byUuid);
            result.AddRange(group.LogicalVolumes.Where(volume => volume.IsVisible).Select(volume => Open(group, map, volume, problem)));
        }

        return result;
    }

    private static Volume Open(LvmVolumeGroup group, LvmGroupMap map, LvmLogicalVolume volume, DiskFormatException? problem)
    {
        LogicalVolumeName name = new(group.Name, volume.Name);
        try
        {
            return problem is null ? VolumeReader.ReadLogical(name, map.Open(volume)) : VolumeReader.Unreadable(name, volume.Size, problem);
        }
        catch (DiskFormatException e)
        {
            return VolumeReader.Unreadable(name, volume.Size, e);
        }
    }

    /// <summary>A physical volume that no group uses holds nothing; one whose group is described elsewhere may hold anything.</summary>
    private static DiskFormatException? FindWhyUndescribed(LvmPhysicalVolume volume) =>
        volume.Label.IsUsed ?? volume.Label.MetadataAreas.Count == 0
            ? DiskFormatException.Unsupported("LVM2 label", -1, "the volume group that uses the physical volume is not described on this disk")
            : null;
}
