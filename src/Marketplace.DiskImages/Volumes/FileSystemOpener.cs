using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.FileSystems.Btrfs;
using Marketplace.DiskImages.FileSystems.Ext;
using Marketplace.DiskImages.FileSystems.Fat;
using Marketplace.DiskImages.FileSystems.Ntfs;
using Marketplace.DiskImages.FileSystems.Xfs;

namespace Marketplace.DiskImages.Volumes;

/// <summary>Opens the file systems this library reads.</summary>
internal static class FileSystemOpener
{
    /// <summary>The file system; null when there is no reader for the kind.</summary>
    /// <exception cref="DiskFormatException">The file system is damaged or uses what the reader does not know.</exception>
    public static FileSystem? Open(VolumeKind kind, DiskContent content) => kind switch
    {
        VolumeKind.Btrfs => BtrfsFileSystem.Open(content),
        VolumeKind.Ext => ExtFileSystem.Open(content),
        VolumeKind.Fat => FatFileSystem.Open(content),
        VolumeKind.Ntfs => NtfsFileSystem.Open(content),
        VolumeKind.Xfs => XfsFileSystem.Open(content),
        _ => null,
    };
}
