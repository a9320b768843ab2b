using Marketplace.DiskImages.Volumes;

namespace Marketplace.DiskImages.Trees;

/// <summary>What the search for the Windows installation of a disk found: a tree, or why there is none.</summary>
/// <param name="Tree">The files of the installation; null when no volume that could be read has one.</param>
/// <param name="Candidates">The volumes with an installation. The first one was taken.</param>
/// <param name="UnreadableVolumes">The volumes that could hold one and could not be looked into, or whose files may be other than they are read.</param>
public sealed record WindowsSearch(WindowsTree? Tree, IReadOnlyList<Volume> Candidates, IReadOnlyList<UnreadableVolume> UnreadableVolumes)
{
    /// <summary>Why there is no tree, one plain sentence without a final full stop; empty when there is one.</summary>
    public string Explanation =>
        Tree is not null ? ""
        : UnreadableVolumes.Count == 0 ? @"no volume of the disk has an installation of Windows (\Windows\System32\ntoskrnl.exe or \Windows\System32\config\SYSTEM)"
        : "no installation of Windows was found, and not every volume could be read: " + string.Join("; ", UnreadableVolumes.Select(volume => $"{volume.Volume.DisplayName}: {volume.Reason}"));
}
