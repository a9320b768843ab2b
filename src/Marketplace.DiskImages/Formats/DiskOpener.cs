using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Formats.Qcow;
using Marketplace.DiskImages.Formats.Vhd;
using Marketplace.DiskImages.Formats.Vhdx;
using Marketplace.DiskImages.Formats.Vmdk;

namespace Marketplace.DiskImages.Formats;

/// <summary>Opens the virtual disk of a file, whatever its format.</summary>
internal static class DiskOpener
{
    /// <summary>The virtual disk, which does not own the file; null when there is no reader for the format.</summary>
    /// <param name="format">The format of the file.</param>
    /// <param name="file">The file, through which its parents and extents are opened.</param>
    /// <param name="diskLength">Length of the disk that stands in the file byte by byte; 0 in other formats.</param>
    /// <exception cref="DiskFormatException">The file is damaged, uses what the reader does not know, or needs a file that is not there.</exception>
    /// <exception cref="IOException">A parent or an extent cannot be read.</exception>
    public static DiskContent? Open(DiskFormat format, ImageFile file, long diskLength)
    {
        if (format == DiskFormat.FixedVhd)
        {
            VhdDisk.CheckIsFixed(file.Content);
        }

        return format switch
        {
            DiskFormat.DynamicVhd or DiskFormat.DifferencingVhd => VhdDisk.Open(file),
            DiskFormat.Vhdx => VhdxDisk.Open(file),
            DiskFormat.Qcow => QcowDisk.Open(file),
            DiskFormat.Vmdk => VmdkDisk.Open(file),
            _ => diskLength > 0 ? file.Content.Slice(0, diskLength) : null,
        };
    }

    /// <summary>Opens a parent of any format.</summary>
    /// <param name="file">The parent.</param>
    /// <exception cref="DiskFormatException">As for <see cref="Open"/>, and when there is no reader for its format.</exception>
    public static DiskContent OpenParent(ImageFile file)
    {
        (DiskFormat format, _, long diskLength) = FormatDetector.Detect(file.Content);
        return Open(format, file, diskLength) ?? throw DiskFormatException.Unsupported("parent disk", -1, $"'{FileSystems.FileName.ToDisplay(file.RelativePath)}' holds no disk that is read ({format})");
    }
}
