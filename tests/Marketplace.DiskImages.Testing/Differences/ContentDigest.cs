using System.Security.Cryptography;
using Marketplace.DiskImages.FileSystems;

namespace Marketplace.DiskImages.Testing.Differences;

/// <summary>
/// What a reader says about an image: one line of text for each place, or the error that was met there. Places are paths, so
/// that an error of a directory explains why what lies below it is missing.
/// </summary>
internal sealed class ContentDigest
{
    private const int MaxBytesOfFile = 1 << 16;
    private const int FullSearch = 40;

    private readonly SortedDictionary<string, string> _lines = new(StringComparer.Ordinal);
    private readonly HashSet<string> _errors = new(StringComparer.Ordinal);

    /// <summary>Everything that can be told of a file system.</summary>
    public static ContentDigest OfFileSystem(Func<FileSystem> open)
    {
        ContentDigest digest = new();
        digest.Guard("/", () =>
        {
            FileSystem fileSystem = open();
            digest._lines["identity"] = $"{fileSystem.TypeName} {fileSystem.Uuid} {fileSystem.Label} {fileSystem.PendingChanges}";
            digest.Walk(fileSystem.Root);
        });
        return digest;
    }

    /// <summary>Adds a line, or the error met while it is made.</summary>
    public void Add(string path, Func<string> line) => Guard(path, () => _lines[path] = line());

    /// <summary>Notes an error of a place.</summary>
    public void Guard(string path, Action action)
    {
        try
        {
            action();
        }
        catch (DiskFormatException)
        {
            _errors.Add(path);
        }
    }

    /// <summary>What a damaged image says otherwise without an error at that place or above it; null when it is silent about nothing.</summary>
    public string? FindSilentDifference(ContentDigest damaged)
    {
        foreach ((string path, string line) in _lines)
        {
            string? other = damaged._lines.GetValueOrDefault(path);
            if (other != line && !damaged.HasError(path))
            {
                return $"{path}: {line} became {other ?? "nothing"}";
            }
        }

        return damaged._lines.Where(line => !_lines.ContainsKey(line.Key) && !damaged.HasError(line.Key)).Select(line => $"{line.Key}: there is now {line.Value}").FirstOrDefault();
    }

    private bool HasError(string path)
    {
        for (; path.Length > 0; path = path[..Math.Max(0, path.LastIndexOf('/'))])
        {
            if (_errors.Contains(path))
            {
                return true;
            }
        }

        return _errors.Contains("/");
    }

    private void Walk(FileNode root)
    {
        byte[] buffer = new byte[MaxBytesOfFile];
        HashSet<ulong> seen = [];
        Stack<(string Path, FileNode Node)> pending = new([("", root)]);
        while (pending.TryPop(out (string Path, FileNode Node) item))
        {
            (string path, FileNode node) = item;
            Add(path.Length == 0 ? "/." : path, () => $"{node.Kind} {node.Mode:X} {node.UserId}:{node.GroupId} {node.Size} {node.LinkCount} {node.Modified:O} {Data(node, buffer)}");
            if (node.Kind == FileKind.Directory && seen.Add(node.Id))
            {
                Guard(path.Length == 0 ? "/" : path, () => WalkDirectory(path, node, pending));
            }
        }
    }

    private void WalkDirectory(string path, FileNode node, Stack<(string Path, FileNode Node)> pending)
    {
        List<DirectoryEntry> entries = [];
        foreach (DirectoryEntry entry in node.EnumerateDirectory())
        {
            entries.Add(entry);
            pending.Push(($"{path}/{entry.Name}", entry.Node));
        }

        int step = 1 + (entries.Count / FullSearch);
        for (int i = 0; i < entries.Count; i += step)
        {
            // An index that leads astray must not hide a name: a search says the same as the list.
            DirectoryEntry entry = entries[i];
            Add($"{path}/{entry.Name}/", () => $"found as {(node.Find(entry.Name) is { } found ? found.Id == entry.Node.Id ? "itself" : "another" : "nothing")}");
        }

        Add($"{path}/no such name/", () => node.Find("no such name") is null ? "nothing" : "something");
    }

    private static string Data(FileNode node, byte[] buffer)
    {
        if (node.Kind == FileKind.SymbolicLink)
        {
            return node.ReadLink();
        }

        if (node.Kind != FileKind.Regular)
        {
            return "";
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (long offset in (long[])[0, Math.Max(0, node.Size - buffer.Length)])
        {
            hash.AppendData(buffer.AsSpan(0, node.Read(offset, buffer)));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
