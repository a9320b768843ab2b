using Marketplace.DiskImages.Partitions;
using Marketplace.DiskImages.Volumes;

namespace Marketplace.DiskImages.Trees;

/// <summary>Finds the volume that is the root of a Linux system.</summary>
internal static class RootFinder
{
    public static RootSearch Search(DiskLayout layout)
    {
        List<Volume> candidates = [];
        List<UnreadableVolume> unreadable = [];
        foreach (Volume volume in layout.Volumes)
        {
            try
            {
                if (volume.FileSystem is not null && IsRoot(new VolumeTree(volume.FileSystem)))
                {
                    candidates.Add(volume);
                }
                else if (WhyUnreadable(volume) is { } reason)
                {
                    unreadable.Add(new UnreadableVolume(volume, reason));
                }
            }
            catch (DiskFormatException e)
            {
                unreadable.Add(new UnreadableVolume(volume, e.Message));
            }
        }

        Volume? root = candidates.OrderByDescending(volume => Rank(layout, volume)).FirstOrDefault();
        return new RootSearch(
            root is null ? null : SystemAssembler.Assemble(layout, root),
            root is null ? [] : [root, .. candidates.Where(volume => volume != root)],
            unreadable);
    }

    /// <summary>Why files of a volume that may hold a system cannot be read; null when it was read or holds no system.</summary>
    public static string? WhyUnreadable(Volume volume) =>
        volume.FileSystem is not null ? null
        : volume.Problem is { } problem ? problem.Message
        : volume.Kind switch
        {
            VolumeKind.Btrfs => "Btrfs is not read",
            VolumeKind.Ext => "ext is not read",
            VolumeKind.F2fs => "F2FS is not read",
            VolumeKind.Zfs => "ZFS is not read",
            VolumeKind.ReadOnlyLinux => "SquashFS, EROFS and CramFS are not read",
            VolumeKind.LvmPhysicalVolume => "it is a physical volume of LVM, whose logical volumes are not read",
            VolumeKind.LinuxRaid => "it is a member of a Linux software RAID, which is not read",
            VolumeKind.Luks => "it is encrypted with LUKS",
            VolumeKind.BitLocker => "it is encrypted with BitLocker",

            // A root whose superblock is damaged looks like this; a BIOS boot partition and a reserved one always do.
            VolumeKind.Unknown when volume.Partition?.GptType is not { } type || (type != PartitionTypes.BiosBoot && type != PartitionTypes.MicrosoftReserved) => "it holds no known file system",
            _ => null,
        };

    /// <summary>The link of /etc/os-release counts even when its target is on another volume mounted at /usr.</summary>
    private static bool HasRelease(FileTree tree) => tree.LinkStat("/etc/os-release") is not null || tree.FileExists("/usr/lib/os-release");

    /// <summary>Systems older than os-release (RHEL 6 and its like) are known by the files every Linux system has.</summary>
    private static bool IsRoot(FileTree tree) => HasRelease(tree) || (tree.FileExists("/etc/fstab") && tree.FileExists("/etc/passwd"));

    /// <summary>How much speaks for a candidate: os-release, the partition type, then that its own fstab calls it the root.</summary>
    private static int Rank(DiskLayout layout, Volume volume)
    {
        int byType = volume.Partition?.GptType is { } type && (type == PartitionTypes.LinuxRootX64 || type == PartitionTypes.LinuxRootArm64) ? 2 : 0;
        int byRelease = HasRelease(new VolumeTree(volume.FileSystem!)) ? 4 : 0;
        return byRelease + byType + (CallsItselfRoot(layout, volume) ? 1 : 0);
    }

    private static bool CallsItselfRoot(DiskLayout layout, Volume volume)
    {
        try
        {
            return new VolumeTree(volume.FileSystem!).ReadAllText(FstabRules.Path, FstabRules.MaxSize) is { } text
                && Fstab.Parse(text).Take(FstabRules.MaxMounts).Any(entry => entry.MountPoint == "/" && DeviceNames.Find(layout, entry.Source).Volume == volume);
        }
        catch (DiskFormatException)
        {
            // Reading the chosen root's fstab reports it; here it only says nothing in favour of this candidate.
            return false;
        }
    }
}
