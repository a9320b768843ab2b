using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems.Xfs.Log;

namespace Marketplace.DiskImages.FileSystems.Xfs;

/// <summary>An XFS file system, with its log replayed in memory when it was not unmounted.</summary>
internal sealed class XfsFileSystem : FileSystem
{
    private readonly XfsVolume _volume;

    private readonly bool _wasUnmounted;

    private XfsFileSystem(XfsVolume volume, bool wasUnmounted, IReadOnlyList<string> notes)
    {
        _volume = volume;
        _wasUnmounted = wasUnmounted;
        Notes = notes;
        XfsInode root = volume.ReadInode(volume.Superblock.RootInode);
        if (root.Kind != FileKind.Directory)
        {
            throw DiskFormatException.Corrupt(root.Structure, root.Offset, $"di_mode of the root is 0x{root.Mode:X4}, expected a directory");
        }

        Root = new XfsNode(volume, root);
    }

    public override string TypeName => "xfs";

    public override string Uuid
    {
        get
        {
            byte[] uuid = _volume.Superblock.Uuid;
            return uuid.AsSpan().ContainsAnyExcept((byte)0) ? new Guid(uuid, bigEndian: true).ToString("D") : "";
        }
    }

    public override string Label => _volume.Superblock.Label;

    public override FileNode Root { get; }

    public override IReadOnlyList<string> Notes { get; }

    public override FileSystemSpace? FindSpace() => _wasUnmounted
        ? FileSystemSpace.OfBlocks(_volume.Superblock.DataBlocks, _volume.Superblock.FreeDataBlocks, _volume.Superblock.BlockSize)
        : null;

    /// <summary>Opens the file system of a volume.</summary>
    /// <param name="volume">The volume; it must stay open as long as the file system is used.</param>
    /// <exception cref="DiskFormatException">
    /// The superblock, the log or the root directory is damaged (Corrupt), the volume is shorter than the file system
    /// (Truncated), or a feature or something in the log is not read (Unsupported).
    /// </exception>
    public static XfsFileSystem Open(DiskContent volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        XfsVolume opened = XfsVolume.Open(volume);
        if (XlogRecovery.Run(opened) is not { } recovery)
        {
            return new XfsFileSystem(opened, wasUnmounted: true, []);
        }

        XfsVolume replayed = XfsVolume.Open(recovery.Content);
        if (replayed.Superblock.BlockSize != opened.Superblock.BlockSize || replayed.Superblock.GroupBlocks != opened.Superblock.GroupBlocks)
        {
            throw DiskFormatException.Corrupt(XfsSuperblock.Structure, 0, "the log changes the size of blocks or of allocation groups");
        }

        return new XfsFileSystem(replayed, wasUnmounted: false, recovery.Notes);
    }
}
