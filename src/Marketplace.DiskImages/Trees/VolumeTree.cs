using Marketplace.DiskImages.FileSystems;

namespace Marketplace.DiskImages.Trees;

/// <summary>A single file system as a tree, with nothing mounted on it. Not safe for use by several threads at once.</summary>
public sealed class VolumeTree : FileTree
{
    private readonly TreeReader _reader;

    /// <summary>Makes the tree of what the file system shows without mount options.</summary>
    /// <param name="fileSystem">The file system; its content must stay open as long as the tree is used.</param>
    public VolumeTree(FileSystem fileSystem)
        : this((fileSystem ?? throw new ArgumentNullException(nameof(fileSystem))).Root)
    {
    }

    /// <summary>Makes the tree below a directory.</summary>
    internal VolumeTree(FileNode root) => _reader = new TreeReader(root, new MountTable());

    /// <inheritdoc />
    public override FileStat? Stat(string path) => _reader.Stat(path);

    /// <inheritdoc />
    public override FileStat? LinkStat(string path) => _reader.LinkStat(path);

    /// <inheritdoc />
    public override IReadOnlyList<string> List(string path) => _reader.List(path);

    /// <inheritdoc />
    public override string? ReadLink(string path) => _reader.ReadLink(path);

    /// <inheritdoc />
    public override int Read(string path, long offset, Span<byte> destination) => _reader.Read(path, offset, destination);
}
