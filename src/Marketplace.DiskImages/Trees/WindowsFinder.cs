using Marketplace.DiskImages.Volumes;

namespace Marketplace.DiskImages.Trees;

/// <summary>Finds the volume with the Windows installation of a disk.</summary>
internal static class WindowsFinder
{
    private static readonly string[] Marks = ["/Windows/System32/config/SYSTEM", "/Windows/System32/ntoskrnl.exe"];

    public static WindowsSearch Search(DiskLayout layout)
    {
        List<Volume> candidates = [];
        List<UnreadableVolume> unreadable = [];
        foreach (Volume volume in layout.Volumes)
        {
            try
            {
                if (WhyUnreadable(volume) is { } reason)
                {
                    unreadable.Add(new UnreadableVolume(volume, reason));
                }
                else if (volume is { Kind: VolumeKind.Ntfs, FileSystem: not null } && IsSystem(volume))
                {
                    candidates.Add(volume);
                }
            }
            catch (DiskFormatException e)
            {
                unreadable.Add(new UnreadableVolume(volume, e.Message));
            }
        }

        return new WindowsSearch(candidates.Count > 0 ? new WindowsTree(candidates[0]) : null, candidates, unreadable);
    }

    /// <summary>Why files of a volume that may hold Windows cannot be told; null when they can, or when it holds no Windows.</summary>
    private static string? WhyUnreadable(Volume volume) => volume.Kind switch
    {
        VolumeKind.Ntfs or VolumeKind.BitLocker or VolumeKind.Unknown => RootFinder.WhyUnreadable(volume),
        VolumeKind.ReFs => "ReFS is not read",
        _ => null,
    };

    private static bool IsSystem(Volume volume)
    {
        VolumeTree tree = new(volume.FileSystem!);
        return Marks.Any(tree.FileExists);
    }
}
