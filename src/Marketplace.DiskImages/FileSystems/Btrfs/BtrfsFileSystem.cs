using System.Globalization;
using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>A Btrfs file system on one device. Without mount options its default subvolume is seen.</summary>
internal sealed class BtrfsFileSystem : FileSystem
{
    private const string MountOptionStructure = "Btrfs subvolume";

    private readonly BtrfsVolume _volume;

    private BtrfsFileSystem(BtrfsVolume volume)
    {
        _volume = volume;
        ulong id = volume.ReadDefaultSubvolume();
        Root = volume.OpenRootDirectory(id) ?? throw DiskFormatException.Corrupt(MountOptionStructure, -1, $"the default subvolume {id} is not there");
    }

    public override string TypeName => "btrfs";

    public override string Uuid => _volume.Superblock.Uuid.ToString("D");

    public override string Label => _volume.Superblock.Label;

    public override FileNode Root { get; }

    public override IReadOnlyList<string> Notes => _volume.Superblock.Flags.HasFlag(BtrfsSuperblockFlags.Error)
        ? [.. _volume.Notes, "The file system records errors, it should be checked with btrfs check."]
        : _volume.Notes;

    /// <inheritdoc />
    /// <remarks>The direct subvolumes of the top level, where distributions put the subvolume that the kernel line names.</remarks>
    public override IEnumerable<FileNode> OtherRoots =>
        _volume.OpenRootDirectory(BtrfsFormat.TopLevelId) is { } top ? top.FindSubvolumes().Where(node => node.Id != Root.Id).Take(BtrfsFormat.MaxRootCandidates) : [];

    /// <inheritdoc />
    /// <remarks>The count of the last commit; what a log adds is not in it.</remarks>
    public override FileSystemSpace? FindSpace()
    {
        BtrfsSuperblock superblock = _volume.Superblock;
        return superblock.LogRoot == 0 && superblock.TotalBytes <= long.MaxValue && superblock.BytesUsed <= superblock.TotalBytes
            ? FileSystemSpace.Of((long)superblock.TotalBytes, superblock.TotalBytes - superblock.BytesUsed)
            : null;
    }

    /// <summary>Opens the file system of a volume.</summary>
    /// <param name="volume">The volume; it must stay open as long as the file system is used.</param>
    /// <exception cref="DiskFormatException">
    /// Every copy of the superblock, or of another structure on the way to the default subvolume, is damaged (Corrupt), the volume is shorter
    /// than the device (Truncated), or a feature, several devices or a log to be replayed stand in the way (Unsupported).
    /// </exception>
    public static BtrfsFileSystem Open(DiskContent volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        return new BtrfsFileSystem(BtrfsVolume.Open(volume));
    }

    /// <inheritdoc />
    /// <remarks><c>subvolid=</c> and <c>subvol=</c> (a path from the top level) as in btrfs(5); when both are given they must agree.</remarks>
    public override FileNode OpenRoot(string options)
    {
        ArgumentNullException.ThrowIfNull(options);
        FileNode? byId = FindOption(options, "subvolid=") is { } id ? OpenById(id) : null;
        FileNode? byPath = FindOption(options, "subvol=") is { } path ? OpenByPath(path) : null;
        return byId is not null && byPath is not null && byId.Id != byPath.Id
            ? throw DiskFormatException.Unsupported(MountOptionStructure, -1, $"subvol and subvolid of the options {FileName.ToDisplay(options)} are not the same subvolume, so it is not mounted")
            : byPath ?? byId ?? Root;
    }

    /// <summary>The value of an option; of one given more than once the last one counts.</summary>
    private static string? FindOption(string options, string name) =>
        options.Split(',').LastOrDefault(option => option.StartsWith(name, StringComparison.Ordinal))?[name.Length..];

    private BtrfsNode OpenById(string value)
    {
        if (!ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong id))
        {
            throw DiskFormatException.Unsupported(MountOptionStructure, -1, $"subvolid={FileName.ToDisplay(value)} is not a number");
        }

        return _volume.OpenRootDirectory(id == 0 ? BtrfsFormat.TopLevelId : id)
            ?? throw DiskFormatException.Unsupported(MountOptionStructure, -1, $"there is no subvolume with the id {id}, so it is not mounted");
    }

    private BtrfsNode OpenByPath(string path)
    {
        FileNode? node = _volume.OpenRootDirectory(BtrfsFormat.TopLevelId);
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = node is { Kind: FileKind.Directory } ? node.Find(name) : null;
        }

        return node is BtrfsNode { Kind: FileKind.Directory, IsSubvolume: true } found
            ? found
            : throw DiskFormatException.Unsupported(MountOptionStructure, -1, $"there is no subvolume {FileName.ToDisplay(path)}, so it is not mounted");
    }
}
