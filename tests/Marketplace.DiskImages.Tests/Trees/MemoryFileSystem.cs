using System.Text;
using Marketplace.DiskImages.FileSystems;

namespace Marketplace.DiskImages.Tests.Trees;

/// <summary>A small file system in memory, with links and with directories that cannot be read.</summary>
internal sealed class MemoryFileSystem : FileSystem
{
    private readonly MemoryNode _root = new(FileKind.Directory);

    /// <param name="lines">Paths: <c>/dir/</c>, <c>/file=text</c>, <c>/link -> target</c>, <c>/damaged!</c> and <c>/damaged-file=!</c>. Directories on the way are made.</param>
    public MemoryFileSystem(params string[] lines)
    {
        foreach (string line in lines)
        {
            if (line.Split(" -> ") is { Length: 2 } link)
            {
                Add(link[0], new MemoryNode(FileKind.SymbolicLink, link[1]));
            }
            else if (line.EndsWith('/'))
            {
                Add(line[..^1], new MemoryNode(FileKind.Directory));
            }
            else if (line.EndsWith("=!", StringComparison.Ordinal))
            {
                Add(line[..^2], new MemoryNode(FileKind.Regular, "x") { IsDamaged = true });
            }
            else if (line.EndsWith('!'))
            {
                Add(line[..^1], new MemoryNode(FileKind.Directory) { IsDamaged = true });
            }
            else
            {
                int equals = line.IndexOf('=', StringComparison.Ordinal);
                Add(line[..equals], new MemoryNode(FileKind.Regular, line[(equals + 1)..]));
            }
        }
    }

    public override string TypeName => "memory";

    public override string Uuid => "";

    public override string Label => "";

    public override FileNode Root => _root;

    private void Add(string path, MemoryNode node)
    {
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        MemoryNode directory = _root;
        foreach (string name in names[..^1])
        {
            directory = directory.Children.TryGetValue(name, out MemoryNode? child) ? child : directory.Children[name] = new MemoryNode(FileKind.Directory);
        }

        directory.Children[names[^1]] = node;
    }

    private sealed class MemoryNode(FileKind kind, string text = "") : FileNode
    {
        public Dictionary<string, MemoryNode> Children { get; } = [];

        public bool IsDamaged { get; init; }

        public override ulong Id => 0;

        public override FileKind Kind => kind;

        public override int Mode => 0;

        public override uint UserId => 0;

        public override uint GroupId => 0;

        public override long Size => text.Length;

        public override uint LinkCount => 1;

        public override DateTimeOffset Modified => DateTimeOffset.UnixEpoch;

        public override IEnumerable<DirectoryEntry> EnumerateDirectory()
        {
            CheckDamage();
            return Children.Select(child => new DirectoryEntry(child.Key, child.Value));
        }

        public override FileNode? Find(string name)
        {
            CheckDamage();
            return Children.GetValueOrDefault(name);
        }

        public override int Read(long offset, Span<byte> destination)
        {
            CheckDamage();
            ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text).AsSpan((int)Math.Min(offset, text.Length));
            int count = Math.Min(rest.Length, destination.Length);
            rest[..count].CopyTo(destination);
            return count;
        }

        public override string ReadLink() => text;

        private void CheckDamage()
        {
            if (IsDamaged)
            {
                throw DiskFormatException.Corrupt("memory node", 0, "damaged");
            }
        }
    }
}
