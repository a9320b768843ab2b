using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Partitions;
using Marketplace.DiskImages.Volumes;

namespace Marketplace.DiskImages.Trees;

/// <summary>Finds the volume that is the root of a Linux system.</summary>
internal static class RootFinder
{
    public static RootSearch Search(DiskLayout layout)
    {
        List<Candidate> candidates = [];
        List<UnreadableVolume> unreadable = [];

        // No Linux has its root on NTFS, so neither what is there nor what is damaged there is looked at.
        foreach (Volume volume in layout.Volumes.Where(volume => volume.Kind != VolumeKind.Ntfs))
        {
            try
            {
                if (volume.FileSystem is not null)
                {
                    candidates.AddRange(RootsOf(volume.FileSystem).Select(root => new Candidate(volume, root)));
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

        if (candidates.Count == 0)
        {
            candidates.AddRange(RootsWithoutUsr(layout));
        }

        (Candidate Candidate, int Rank)[] ranked = [.. candidates.Select(candidate => (candidate, Rank(layout, candidate))).OrderByDescending(candidate => candidate.Item2)];
        Candidate? root = ranked.Length == 0 ? null : ranked[0].Candidate;
        return new RootSearch(
            root is null ? null : SystemAssembler.Assemble(layout, root.Volume, root.Directory),
            root is null ? [] : [root.Volume, .. candidates.Where(candidate => candidate != root).Select(candidate => candidate.Volume)],
            unreadable)
        {
            IsAmbiguous = ranked.Length > 1 && ranked[1].Rank == ranked[0].Rank,
        };
    }

    /// <summary>The directories of a file system that are the root of a system: what it shows without options, else those only an option of the kernel line shows.</summary>
    private static List<FileNode> RootsOf(FileSystem fileSystem) =>
        IsRoot(new VolumeTree(fileSystem)) ? [fileSystem.Root] : [.. fileSystem.OtherRoots.Where(root => IsRoot(new VolumeTree(root)))];

    /// <summary>Roots by their partition type alone, when the files of the system are on another volume that is mounted at /usr by its type.</summary>
    private static IEnumerable<Candidate> RootsWithoutUsr(DiskLayout layout)
    {
        try
        {
            return UsrVolumes.Of(layout).Any(UsrVolumes.HasRelease)
                ? layout.Volumes.Where(volume => volume.FileSystem is not null && UsrVolumes.IsRoot(volume)).Select(volume => new Candidate(volume, volume.FileSystem!.Root))
                : [];
        }
        catch (DiskFormatException)
        {
            // The search has met the same damage and told it.
            return [];
        }
    }

    /// <summary>Why files of a volume that may hold a system cannot be read; null when it was read or holds no system.</summary>
    public static string? WhyUnreadable(Volume volume) =>
        volume.FileSystem is { } fileSystem ? (fileSystem.PendingChanges.Length > 0 ? fileSystem.PendingChanges : null)
        : volume.Problem is { } problem ? problem.Message
        : volume.Kind switch
        {
            VolumeKind.Ext => "ext is not read",
            VolumeKind.F2fs => "F2FS is not read",
            VolumeKind.Zfs => "ZFS is not read",
            VolumeKind.ReadOnlyLinux => "SquashFS, EROFS and CramFS are not read",
            VolumeKind.LvmPhysicalVolume when volume.LogicalVolume is not null => "it is a physical volume of LVM inside a logical volume, which is not read",
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
    private static int Rank(DiskLayout layout, Candidate candidate)
    {
        int byType = candidate.Volume.Partition?.GptType is { } type && (type == PartitionTypes.LinuxRootX64 || type == PartitionTypes.LinuxRootArm64) ? 2 : 0;
        int byRelease = HasRelease(new VolumeTree(candidate.Directory)) ? 4 : 0;
        return byRelease + byType + (CallsItselfRoot(layout, candidate) ? 1 : 0);
    }

    private static bool CallsItselfRoot(DiskLayout layout, Candidate candidate)
    {
        try
        {
            return new VolumeTree(candidate.Directory).ReadAllText(FstabRules.Path, FstabRules.MaxSize) is { } text
                && Fstab.Parse(text).Take(FstabRules.MaxMounts).Any(entry => entry.MountPoint == "/"
                    && DeviceNames.Find(layout, entry.Source).Volume == candidate.Volume
                    && candidate.Volume.FileSystem!.OpenRoot(entry.Options).Id == candidate.Directory.Id);
        }
        catch (DiskFormatException)
        {
            // Reading the chosen root's fstab reports it; here it only says nothing in favour of this candidate.
            return false;
        }
    }

    /// <summary>A directory that is the root of a system.</summary>
    /// <param name="Volume">Its volume.</param>
    /// <param name="Directory">The directory.</param>
    private sealed record Candidate(Volume Volume, FileNode Directory);
}
