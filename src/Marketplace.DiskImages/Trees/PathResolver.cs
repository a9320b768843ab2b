using Marketplace.DiskImages.FileSystems;

namespace Marketplace.DiskImages.Trees;

/// <summary>A file found by its path.</summary>
/// <param name="Path">The path without links.</param>
/// <param name="Node">The file; for the mount point of an unreadable file system the directory below it.</param>
/// <param name="Unreadable">Why what is mounted there cannot be read; null when nothing is wrong.</param>
internal sealed record ResolvedFile(string Path, FileNode Node, UnreadableMount? Unreadable);

/// <summary>Walks paths as the Linux kernel does: names one by one, links inside the tree only, mounts by the path without links.</summary>
internal sealed class PathResolver(FileNode root, MountTable mounts)
{
    /// <summary>PATH_MAX of Linux.</summary>
    public const int MaxPathLength = 4096;

    /// <summary>A name has at most 255 bytes on Linux and 255 code units on NTFS, where a lone surrogate stands as three bytes.</summary>
    private const int MaxNameLength = 3 * 255;

    /// <summary>Names that are remembered; all are forgotten when there are more, which costs no more than finding them again.</summary>
    private const int CacheSize = 8192;

    private readonly Dictionary<string, FileNode?> _cache = new(StringComparer.Ordinal);

    /// <summary>The file at the path, or null when there is none.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="followLast">Whether a link in the last name is followed.</param>
    /// <exception cref="ArgumentException">The path is not absolute.</exception>
    /// <exception cref="DiskFormatException">A directory or link on the way cannot be read.</exception>
    public ResolvedFile? Resolve(string path, bool followLast)
    {
        if (!path.StartsWith('/'))
        {
            throw new ArgumentException($"'{path}' is not an absolute path.", nameof(path));
        }

        List<ResolvedFile> walked = [new("/", mounts.Find("/")?.Root ?? root, null)];
        Stack<string> pending = new();
        if (!Push(pending, path))
        {
            return null;
        }

        int hops = 0;
        while (pending.TryPop(out string? name))
        {
            ResolvedFile current = walked[^1];
            if (current.Node.Kind != FileKind.Directory || name.Length > MaxNameLength)
            {
                return null;
            }

            if (name == ".")
            {
                continue;
            }

            if (name == "..")
            {
                walked.RemoveRange(Math.Max(1, walked.Count - 1), Math.Min(1, walked.Count - 1));
                continue;
            }

            if (Step(current, name) is not { } child)
            {
                return null;
            }

            if (child.Node.Kind != FileKind.SymbolicLink || (pending.Count == 0 && !followLast))
            {
                walked.Add(child);
                continue;
            }

            string target = child.Node.ReadLink();
            if (target.Length == 0 || ++hops > FileTree.MaxLinkHops || !Push(pending, target))
            {
                return null;
            }

            if (target[0] == '/')
            {
                walked.RemoveRange(1, walked.Count - 1);
            }
        }

        return walked[^1];
    }

    /// <summary>The file of that name in a directory, mounts first.</summary>
    private ResolvedFile? Step(ResolvedFile directory, string name)
    {
        if (directory.Unreadable is { } unreadable)
        {
            throw NotReadable(unreadable);
        }

        string path = directory.Path.Length == 1 ? "/" + name : $"{directory.Path}/{name}";
        MountTarget? mount = mounts.Find(path);
        if (mount?.Root is { } mounted)
        {
            return new ResolvedFile(path, mounted, null);
        }

        FileNode? node = Lookup(directory.Node, name, path);
        if (node is null or { Kind: not FileKind.Directory } && (mount is not null || mounts.HasMountsBelow(path)))
        {
            // What mounts at boot makes the missing directory first.
            node = MissingDirectory.Instance;
        }

        return node is null ? null : new ResolvedFile(path, node, mount?.Unreadable);
    }

    private FileNode? Lookup(FileNode directory, string name, string path)
    {
        if (_cache.TryGetValue(path, out FileNode? known))
        {
            return known;
        }

        FileNode? found = directory.Find(name);
        if (_cache.Count >= CacheSize)
        {
            _cache.Clear();
        }

        _cache[path] = found;
        return found;
    }

    public void Forget() => _cache.Clear();

    public static DiskFormatException NotReadable(UnreadableMount mount) =>
        DiskFormatException.Unsupported($"{FileName.ToDisplay(mount.Path)} ({FileName.ToDisplay(mount.Source)})", -1, mount.Reason);

    /// <summary>Puts the names of a path on the stack, first name on top; false when the path is too long for Linux.</summary>
    private static bool Push(Stack<string> pending, string path)
    {
        if (path.Length > MaxPathLength)
        {
            return false;
        }

        // A path that ends with a slash asks for a directory, and so does one that ends with a dot.
        string[] names = path.EndsWith('/') ? [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries), "."] : path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = names.Length - 1; i >= 0; i--)
        {
            pending.Push(names[i]);
        }

        return true;
    }
}
