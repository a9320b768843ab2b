using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Formats;

/// <summary>Opens the disks of the formats that hold them in another form than byte by byte.</summary>
internal static class DiskOpener
{
    /// <summary>The virtual disk, which does not own the file; null when there is no reader for the format.</summary>
    /// <exception cref="DiskFormatException">The file is damaged or uses what the reader does not know.</exception>
    public static DiskContent? Open(DiskFormat format, DiskContent file) => format switch
    {
        _ => null,
    };
}
