using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Volumes;

namespace Marketplace.DiskImages.Trees;

/// <summary>
/// The files of the Windows installation on a disk: the root of its drive C: is <c>/</c>. Names are found as Windows finds
/// them, without regard to case, and links lead where they do in Windows as long as they stay on the drive. Not safe for use
/// by several threads at once.
/// </summary>
public sealed class WindowsTree : FileTree
{
    private readonly TreeReader _reader;

    internal WindowsTree(Volume volume)
    {
        RootVolume = volume;
        _reader = new TreeReader(volume.FileSystem!.Root, new MountTable());
    }

    /// <summary>The volume of the installation.</summary>
    public Volume RootVolume { get; }

    /// <summary>Looks for the Windows installation of a disk.</summary>
    /// <param name="layout">The disk. It must stay open as long as the tree is used.</param>
    public static WindowsSearch Search(DiskLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return WindowsFinder.Search(layout);
    }

    /// <inheritdoc />
    public override FileStat? Stat(string path) => _reader.Stat(Check(path));

    /// <inheritdoc />
    public override FileStat? LinkStat(string path) => _reader.LinkStat(Check(path));

    /// <inheritdoc />
    public override IReadOnlyList<string> List(string path) => _reader.List(Check(path));

    /// <inheritdoc />
    public override string? ReadLink(string path) => _reader.ReadLink(Check(path));

    /// <inheritdoc />
    public override int Read(string path, long offset, Span<byte> destination) => _reader.Read(Check(path), offset, destination);

    /// <summary>Windows has paths that are longer than the resolver follows: they are no missing files.</summary>
    private static string Check(string path) => path.Length <= PathResolver.MaxPathLength
        ? path
        : throw DiskFormatException.Unsupported(FileName.ToDisplay(path[..64]) + "…", -1, $"the path has {path.Length} characters, at most {PathResolver.MaxPathLength} are followed");
}
