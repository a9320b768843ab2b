using Marketplace.DiskImages.FileSystems;

namespace Marketplace.DiskImages.Trees;

/// <summary>A single file system as a tree, with nothing mounted on it. Not safe for use by several threads at once.</summary>
/// <param name="fileSystem">The file system; its content must stay open as long as the tree is used.</param>
public sealed class VolumeTree(FileSystem fileSystem) : FileTree
{
    private readonly TreeReader _reader = new((fileSystem ?? throw new ArgumentNullException(nameof(fileSystem))).Root, new MountTable());

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
