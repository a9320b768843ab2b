using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;

namespace Marketplace.DiskImages.Testing;

/// <summary>A tree of a few files whose data are contents, and of links.</summary>
internal sealed class ContentTree : FileTree
{
    private readonly SortedDictionary<string, DiskContent> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);

    public ContentTree Add(string path, DiskContent content)
    {
        _files[path] = content;
        return this;
    }

    public ContentTree Add(string path, string text) => Add(path, new MemoryContent(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Makes a path another name of a file or directory that is there; both paths are absolute.</summary>
    public ContentTree Link(string path, string target)
    {
        _links[path] = target;
        return this;
    }

    public override FileStat? Stat(string path)
    {
        path = Resolve(path);
        return _files.TryGetValue(path, out DiskContent? file) ? new FileStat(path, FileKind.Regular, 0, 0, 0, file.Length, DateTimeOffset.UnixEpoch)
            : List(path).Count > 0 ? new FileStat(path, FileKind.Directory, 0, 0, 0, 0, DateTimeOffset.UnixEpoch)
            : null;
    }

    public override FileStat? LinkStat(string path) => Stat(path);

    public override IReadOnlyList<string> List(string path)
    {
        string prefix = Resolve(path).TrimEnd('/') + "/";
        return [.. _files.Keys.Where(file => file.StartsWith(prefix, StringComparison.Ordinal)).Select(file => file[prefix.Length..].Split('/')[0]).Distinct()];
    }

    public override string? ReadLink(string path) => _links.GetValueOrDefault(path);

    public override int Read(string path, long offset, Span<byte> destination)
    {
        if (!_files.TryGetValue(Resolve(path), out DiskContent? file))
        {
            return -1;
        }

        // In pieces, as a file system may give them.
        int count = (int)Math.Min(Math.Min(file.Length - offset, destination.Length), 5000);
        file.Read(offset, destination[..count]);
        return count;
    }

    private string Resolve(string path)
    {
        foreach ((string link, string target) in _links)
        {
            if (path == link || path.StartsWith(link + "/", StringComparison.Ordinal))
            {
                return target + path[link.Length..];
            }
        }

        return path;
    }
}
