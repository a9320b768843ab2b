using Marketplace.DiskImages.Volumes;

namespace Marketplace.DiskImages.Trees;

/// <summary>A file system at its place in the assembled tree.</summary>
/// <param name="Path">The mount point, <c>/</c> for the root.</param>
/// <param name="Volume">The volume.</param>
public sealed record Mount(string Path, Volume Volume);

/// <summary>A place of the tree whose files are not known because its file system could not be found or read.</summary>
/// <param name="Path">The mount point.</param>
/// <param name="Source">The device as <c>fstab</c> names it, or how the volume is called.</param>
/// <param name="Reason">Why, one plain sentence without a final full stop.</param>
public sealed record UnreadableMount(string Path, string Source, string Reason)
{
    /// <summary>The volume that is mounted there; null when it was not found on this disk.</summary>
    public Volume? Volume { get; init; }
}

/// <summary>
/// The file tree of the Linux system on a disk: the root file system, found by <c>/etc/os-release</c> or
/// <c>/usr/lib/os-release</c> (on older systems by <c>/etc/fstab</c> and <c>/etc/passwd</c>), with the other volumes of the
/// disk mounted where its <c>/etc/fstab</c> says.
/// </summary>
public abstract class SystemTree : FileTree
{
    /// <summary>The volume of the root file system.</summary>
    public abstract Volume RootVolume { get; }

    /// <summary>The entries of <c>/etc/fstab</c>; empty when there is no such file.</summary>
    public abstract IReadOnlyList<FstabEntry> FstabEntries { get; }

    /// <summary>The mounted file systems, the root first.</summary>
    public abstract IReadOnlyList<Mount> Mounts { get; }

    /// <summary>
    /// Mount points whose files are not known. Listing one, and every access below one, throws a <see cref="DiskFormatException"/>
    /// of kind Unsupported; the mount point itself is the directory that is there before anything is mounted.
    /// </summary>
    public abstract IReadOnlyList<UnreadableMount> UnreadableMounts { get; }

    /// <summary>Assembles the system of a disk; null when no volume of the disk has a root file system that could be read. <see cref="Search"/> tells why.</summary>
    /// <param name="layout">The disk. It must stay open as long as the tree is used.</param>
    /// <exception cref="DiskFormatException">A root file system was found and its /etc/fstab cannot be read.</exception>
    public static SystemTree? Assemble(DiskLayout layout) => Search(layout).Tree;

    /// <summary>Looks for the root of the system on a disk and assembles its tree.</summary>
    /// <param name="layout">The disk. It must stay open as long as the tree is used.</param>
    /// <exception cref="DiskFormatException">A root file system was found and its /etc/fstab cannot be read.</exception>
    public static RootSearch Search(DiskLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return RootFinder.Search(layout);
    }
}
