using Marketplace.DiskImages.Volumes;

namespace Marketplace.DiskImages.Trees;

/// <summary>A volume that may hold a system and could not be looked into.</summary>
/// <param name="Volume">The volume.</param>
/// <param name="Reason">Why, one plain sentence without a final full stop.</param>
public sealed record UnreadableVolume(Volume Volume, string Reason);

/// <summary>What the search for the Linux root of a disk found: a tree, or why there is none.</summary>
/// <param name="Tree">The assembled tree; null when no volume that could be read has a root file system.</param>
/// <param name="Candidates">The volumes with a root file system. The first one was taken.</param>
/// <param name="UnreadableVolumes">The volumes that could hold a root file system and could not be looked into.</param>
public sealed record RootSearch(SystemTree? Tree, IReadOnlyList<Volume> Candidates, IReadOnlyList<UnreadableVolume> UnreadableVolumes)
{
    /// <summary>Whether as much speaks for another candidate as for the one that was taken, so that which of them starts is not known.</summary>
    public bool IsAmbiguous { get; init; }

    /// <summary>Why there is no tree, one plain sentence without a final full stop; empty when there is one.</summary>
    public string Explanation =>
        Tree is not null ? ""
        : UnreadableVolumes.Count == 0 ? "no volume of the disk has the root of a Linux system (/etc/os-release, or /etc/fstab and /etc/passwd)"
        : "no Linux root was found, and not every volume could be read: " + string.Join("; ", UnreadableVolumes.Select(volume => $"{volume.Volume.DisplayName}: {volume.Reason}"));
}
