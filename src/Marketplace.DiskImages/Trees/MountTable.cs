using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Volumes;

namespace Marketplace.DiskImages.Trees;

/// <summary>What covers a directory of the tree: the root of a readable file system, or the knowledge that it cannot be read.</summary>
/// <param name="Root">The directory that is seen there; null when it cannot be read.</param>
/// <param name="Volume">The volume the directory is on; null when it cannot be read.</param>
/// <param name="Unreadable">Why it cannot be read; null when it can.</param>
internal sealed record MountTarget(FileNode? Root, Volume? Volume, UnreadableMount? Unreadable);

/// <summary>The mount points of a tree by their path, links resolved. The last mount at a path covers the ones before it.</summary>
internal sealed class MountTable
{
    private readonly Dictionary<string, MountTarget> _mounts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> _names = new(StringComparer.Ordinal);

    public int Count => _mounts.Count;

    public void Add(string path, MountTarget target)
    {
        _mounts[path] = target;
        for (string child = path; child.Length > 1; child = ParentOf(child))
        {
            string parent = ParentOf(child);
            if (!_names.TryGetValue(parent, out SortedSet<string>? names))
            {
                _names[parent] = names = new SortedSet<string>(StringComparer.Ordinal);
            }

            names.Add(child[(child.LastIndexOf('/') + 1)..]);
        }
    }

    public MountTarget? Find(string path) => _mounts.GetValueOrDefault(path);

    /// <summary>Whether a mount point lies below the path, so that there is a directory at the path whatever the file system says.</summary>
    public bool HasMountsBelow(string path) => _names.ContainsKey(path);

    /// <summary>The names in a directory that lead to mount points.</summary>
    public IEnumerable<string> NamesIn(string path) => _names.TryGetValue(path, out SortedSet<string>? names) ? names : [];

    /// <summary>The volume that a path lies on; null when it cannot be read.</summary>
    public Volume? VolumeOf(string path)
    {
        while (path.Length > 1 && !_mounts.ContainsKey(path))
        {
            path = ParentOf(path);
        }

        return Find(path)?.Volume;
    }

    private static string ParentOf(string path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : "/";
}
