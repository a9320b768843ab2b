using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems;

namespace Marketplace.DiskImages.Trees;

/// <summary>The data of a file in a tree. As the tree, it is not safe for use by several threads at once.</summary>
internal sealed class TreeFileContent : DiskContent
{
    private readonly FileTree _tree;
    private readonly string _path;

    private TreeFileContent(FileTree tree, string path, long length)
    {
        _tree = tree;
        _path = path;
        Length = length;
    }

    public override long Length { get; }

    /// <summary>The regular file at the path, links followed; null when there is none.</summary>
    /// <exception cref="DiskFormatException">The path cannot be read.</exception>
    public static TreeFileContent? Open(FileTree tree, string path) =>
        tree.Stat(path) is { Kind: FileKind.Regular } stat ? new TreeFileContent(tree, path, stat.Size) : null;

    public override IEnumerable<Extent> GetAllocatedExtents()
    {
        if (Length > 0)
        {
            yield return new Extent(0, Length);
        }
    }

    protected override void ReadCore(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int read = _tree.Read(_path, offset, destination);
            if (read <= 0)
            {
                throw DiskFormatException.Truncated(FileName.ToDisplay(_path), offset, $"the data ends before the {Length} bytes the file claims");
            }

            destination = destination[read..];
            offset += read;
        }
    }
}
