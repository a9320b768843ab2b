using Marketplace.DiskImages.FileSystems;

namespace Marketplace.DiskImages.Trees;

/// <summary>What a <see cref="FileTree"/> answers, over the nodes of file systems. Not safe for use by several threads at once.</summary>
internal sealed class TreeReader(FileNode root, MountTable mounts)
{
    // A name of 12 bytes on the disk takes eight times as much here, and a directory may have 64 MiB.
    private const int MaxNames = 1 << 18;

    private readonly PathResolver _resolver = new(root, mounts);

    public ResolvedFile? Resolve(string path) => _resolver.Resolve(path, followLast: true);

    /// <summary>To be called after the mounts have changed.</summary>
    public void Forget() => _resolver.Forget();

    public FileStat? Stat(string path) => ToStat(_resolver.Resolve(path, followLast: true));

    public FileStat? LinkStat(string path) => ToStat(_resolver.Resolve(path, followLast: false));

    public IReadOnlyList<string> List(string path)
    {
        if (_resolver.Resolve(path, followLast: true) is not { Node.Kind: FileKind.Directory } directory)
        {
            return [];
        }

        if (directory.Unreadable is { } unreadable)
        {
            throw PathResolver.NotReadable(unreadable);
        }

        SortedSet<string> names = new(mounts.NamesIn(directory.Path), StringComparer.Ordinal);
        foreach (DirectoryEntry entry in directory.Node.EnumerateDirectory())
        {
            names.Add(entry.Name);
            if (names.Count > MaxNames)
            {
                throw DiskFormatException.Unsupported(FileName.ToDisplay(directory.Path), -1, $"the directory has more than {MaxNames} names");
            }
        }

        return [.. names];
    }

    public string? ReadLink(string path) =>
        _resolver.Resolve(path, followLast: false) is { Node: { Kind: FileKind.SymbolicLink } link } ? link.ReadLink() : null;

    public int Read(string path, long offset, Span<byte> destination) =>
        _resolver.Resolve(path, followLast: true) is { Node: { Kind: FileKind.Regular } file } ? file.Read(offset, destination) : -1;

    private static FileStat? ToStat(ResolvedFile? file) => file is null
        ? null
        : new FileStat(file.Path, file.Node.Kind, file.Node.Mode, file.Node.UserId, file.Node.GroupId, file.Node.Size, file.Node.Modified);
}
