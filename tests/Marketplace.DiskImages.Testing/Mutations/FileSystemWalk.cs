using Marketplace.DiskImages.FileSystems;

namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>Reads all of a file system that can be read: names, metadata, links, and of each file its first and its last bytes. Damage in one place does not end the walk.</summary>
internal sealed class FileSystemWalk
{
    private const int MaxNodes = 20_000;
    private const int MaxBytesOfFile = 1 << 20;

    private readonly MemoryMeter _meter;
    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly HashSet<ulong> _seen = [];
    private readonly Stack<FileNode> _pending = [];
    private int _nodes;
    private DiskFormatException? _first;

    private FileSystemWalk(MemoryMeter meter) => _meter = meter;

    /// <summary>Opens and walks a file system.</summary>
    /// <exception cref="DiskFormatException">The first damage that was met, after everything else was read.</exception>
    public static void Run(Func<FileSystem?> open, MemoryMeter meter)
    {
        if (open() is { } fileSystem)
        {
            _ = fileSystem.TypeName + fileSystem.Uuid + fileSystem.Label + fileSystem.Notes.Count;
            meter.Step();
            new FileSystemWalk(meter).Walk(fileSystem.Root);
        }
    }

    private void Walk(FileNode root)
    {
        _pending.Push(root);
        while (_pending.TryPop(out FileNode? node))
        {
            Visit(node);
        }

        if (_first is not null)
        {
            throw _first;
        }
    }

    private void Visit(FileNode node)
    {
        _ = (node.Mode, node.UserId, node.GroupId, node.LinkCount, node.Modified);
        switch (node.Kind)
        {
            case FileKind.Directory when _seen.Add(node.Id):
                Guard(() =>
                {
                    foreach (DirectoryEntry entry in node.EnumerateDirectory().Take(MaxNodes - _nodes))
                    {
                        _nodes++;
                        _pending.Push(entry.Node);
                        _meter.Step();
                    }
                });
                Guard(() => node.Find("no such name"));
                break;
            case FileKind.Regular when _seen.Add(node.Id):
                Guard(() => Read(node, 0));
                Guard(() => Read(node, Math.Max(0, node.Size - MaxBytesOfFile)));
                break;
            case FileKind.SymbolicLink:
                Guard(() => node.ReadLink());
                break;
        }
    }

    private void Read(FileNode node, long offset)
    {
        for (int total = 0, read; total < MaxBytesOfFile && (read = node.Read(offset + total, _buffer)) > 0; total += read)
        {
            _meter.Step();
        }
    }

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (DiskFormatException e)
        {
            _first ??= e;
        }

        _meter.Step();
    }
}
