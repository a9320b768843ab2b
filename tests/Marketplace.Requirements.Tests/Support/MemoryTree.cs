using System.Text;
using Marketplace.DiskImages;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Tests.Support;

/// <summary>A file tree in memory, with links and places that cannot be read.</summary>
/// <param name="comparison">How names are found: Ordinal as in Linux, OrdinalIgnoreCase as in Windows.</param>
internal sealed class MemoryTree(StringComparison comparison = StringComparison.Ordinal) : FileTree
{
    private readonly SortedDictionary<string, Entry> _entries = new(StringComparer.FromComparison(comparison)) { ["/"] = new(FileKind.Directory, [], "", 0b111_101_101) };
    private readonly HashSet<string> _unreadable = new(StringComparer.FromComparison(comparison));

    public MemoryTree Add(string path, string text, int mode = 0b110_100_100) => Add(path, Encoding.UTF8.GetBytes(text), mode);

    public MemoryTree Add(string path, byte[] data, int mode = 0b110_100_100)
    {
        AddParents(path);
        _entries[path] = new Entry(FileKind.Regular, data, "", mode);
        return this;
    }

    public MemoryTree Directory(string path)
    {
        AddParents(path + "/x");
        return this;
    }

    public MemoryTree Link(string path, string target)
    {
        AddParents(path);
        _entries[path] = new Entry(FileKind.SymbolicLink, [], target, 0b111_111_111);
        return this;
    }

    public MemoryTree Remove(string path)
    {
        foreach (string key in _entries.Keys.Where(key => key.Equals(path, comparison) || key.StartsWith(path + "/", comparison)).ToArray())
        {
            _entries.Remove(key);
        }

        return this;
    }

    /// <summary>Every access to the path or below it throws.</summary>
    public MemoryTree Unreadable(string path)
    {
        _unreadable.Add(path);
        return this;
    }

    public override FileStat? Stat(string path) => Resolve(path, followLast: true) is { } found ? ToStat(found) : null;

    public override FileStat? LinkStat(string path) => Resolve(path, followLast: false) is { } found ? ToStat(found) : null;

    public override IReadOnlyList<string> List(string path)
    {
        if (Resolve(path, followLast: true) is not { } directory || _entries[directory].Kind != FileKind.Directory)
        {
            return [];
        }

        string prefix = directory == "/" ? "/" : directory + "/";
        return [.. _entries.Keys.Where(key => key.Length > prefix.Length && key.StartsWith(prefix, comparison) && !key[prefix.Length..].Contains('/', StringComparison.Ordinal)).Select(key => key[prefix.Length..])];
    }

    public override string? ReadLink(string path) =>
        Resolve(path, followLast: false) is { } found && _entries[found].Kind == FileKind.SymbolicLink ? _entries[found].Target : null;

    public override int Read(string path, long offset, Span<byte> destination)
    {
        if (Resolve(path, followLast: true) is not { } found || _entries[found].Kind != FileKind.Regular)
        {
            return -1;
        }

        byte[] data = _entries[found].Data;
        int count = (int)Math.Clamp(data.Length - offset, 0, destination.Length);
        data.AsSpan((int)Math.Min(offset, data.Length), count).CopyTo(destination);
        return count;
    }

    private FileStat ToStat(string path) =>
        new(path, _entries[path].Kind, _entries[path].Mode, 0, 0, _entries[path].Data.Length, DateTimeOffset.UnixEpoch);

    private string? Resolve(string path, bool followLast)
    {
        List<string> pending = [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        string current = "/";
        int hops = 0;
        for (int i = 0; i < pending.Count; i++)
        {
            if (pending[i] == "..")
            {
                current = current[..Math.Max(1, current.LastIndexOf('/'))];
                continue;
            }

            string next = pending[i] == "." ? current : (current == "/" ? "/" : current + "/") + pending[i];
            if (_unreadable.Contains(next))
            {
                throw new DiskFormatException(DiskFormatErrorKind.Unsupported, next, -1, "the file system mounted there is not read");
            }

            if (!_entries.TryGetValue(next, out Entry? entry))
            {
                return null;
            }

            if (entry.Kind == FileKind.SymbolicLink && (followLast || i < pending.Count - 1))
            {
                if (++hops > MaxLinkHops)
                {
                    return null;
                }

                pending = [.. entry.Target.Split('/', StringSplitOptions.RemoveEmptyEntries), .. pending.Skip(i + 1)];
                current = entry.Target.StartsWith('/') ? "/" : current;
                i = -1;
                continue;
            }

            current = next;
        }

        return current;
    }

    private void AddParents(string path)
    {
        for (int slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            _entries.TryAdd(path[..slash], new Entry(FileKind.Directory, [], "", 0b111_101_101));
        }
    }

    private sealed record Entry(FileKind Kind, byte[] Data, string Target, int Mode);
}
