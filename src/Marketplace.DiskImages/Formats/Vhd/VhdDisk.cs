using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Formats.Vhd;

/// <summary>Opens dynamic and differencing disks: footer and copy, header, parent chain.</summary>
internal static class VhdDisk
{
    /// <summary>Opens the virtual disk of a file that begins with a copy of a footer.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="DiskFormatException">It is damaged, or its parent is not there.</exception>
    public static DiskContent Open(ImageFile file)
    {
        (VhdFooter footer, long end) = ReadFooter(file);
        VhdDynamicHeader header = ReadHeader(file.Content, footer);
        DiskContent? parent = footer.DiskType switch
        {
            VhdFormat.TypeDynamic => null,
            VhdFormat.TypeDifferencing => VhdParent.Open(file, header),
            _ => throw DiskFormatException.Unsupported(VhdFormat.FooterStructure, VhdFormat.DiskTypeOffset, $"disk type {footer.DiskType}"),
        };
        return VhdDynamicContent.Open(file.Content, end, footer, header, parent);
    }

    /// <summary>Refuses a file whose footer tells a fixed disk while the copy at the start tells another type: nothing says which one is right.</summary>
    /// <param name="file">The bytes of a file that ends with the footer of a fixed disk.</param>
    /// <exception cref="DiskFormatException">The two contradict each other.</exception>
    public static void CheckIsFixed(DiskContent file)
    {
        if (TryRead(file, 0) is { DiskType: VhdFormat.TypeDynamic or VhdFormat.TypeDifferencing } copy && copy.Checksum == copy.ExpectedChecksum)
        {
            throw DiskFormatException.Corrupt(VhdFormat.FooterStructure, file.Length - VhdFormat.FooterSize, $"the footer tells a fixed disk, and its copy at the start a disk of the type {copy.DiskType}");
        }
    }

    /// <summary>The footer at the end of any VHD, or its copy when the file is a dynamic disk without its end; null when there is neither.</summary>
    public static VhdFooter? FindFooter(DiskContent file) => TryRead(file, file.Length - VhdFormat.FooterSize) ?? TryRead(file, 0);

    // The footer at the end counts, the copy at the start is for when it is missing or damaged. If both are sound and tell
    // different disks, nothing says which one is right.
    private static (VhdFooter Footer, long End) ReadFooter(ImageFile file)
    {
        long last = file.Content.Length - VhdFormat.FooterSize;
        VhdFooter? footer = TryRead(file.Content, last);
        VhdFooter? copy = TryRead(file.Content, 0);
        if (footer is null || footer.Checksum != footer.ExpectedChecksum)
        {
            if (copy is null || copy.Checksum != copy.ExpectedChecksum)
            {
                throw DiskFormatException.Corrupt(VhdFormat.FooterStructure, Math.Max(0, last), "neither the footer at the end nor its copy at the start is sound");
            }

            file.Note(footer is null
                ? "the VHD footer at the end is missing, its copy at the start was used"
                : "the checksum of the VHD footer at the end is wrong, its copy at the start was used");
            return (copy, footer is null ? file.Content.Length : last);
        }

        if (copy is null || copy.Checksum != copy.ExpectedChecksum)
        {
            file.Note("the copy of the VHD footer at the start is missing or damaged, the footer at the end was used");
        }
        else if (copy.CurrentSize != footer.CurrentSize || copy.DiskType != footer.DiskType || copy.DataOffset != footer.DataOffset || copy.UniqueId != footer.UniqueId)
        {
            throw DiskFormatException.Corrupt(
                VhdFormat.FooterStructure,
                last,
                $"the footer (type {footer.DiskType}, {footer.CurrentSize} bytes, {footer.UniqueId}, header at {footer.DataOffset}) and its copy at the start (type {copy.DiskType}, {copy.CurrentSize} bytes, {copy.UniqueId}, header at {copy.DataOffset}) are both sound and tell different disks");
        }
        else if (copy.Checksum != footer.Checksum)
        {
            file.Note("the VHD footer at the end and its copy at the start differ in fields that do not change the disk");
        }

        return (footer, last);
    }

    private static VhdFooter? TryRead(DiskContent file, long offset)
    {
        if (offset < 0 || file.Length < VhdFormat.FooterSize)
        {
            return null;
        }

        byte[] bytes = new byte[VhdFormat.FooterSize];
        file.Read(offset, bytes);
        return VhdFooter.HasCookie(bytes) ? VhdFooter.Parse(bytes) : null;
    }

    private static VhdDynamicHeader ReadHeader(DiskContent file, VhdFooter footer)
    {
        if (footer.FileFormatVersion != VhdFormat.FileFormatVersion)
        {
            throw DiskFormatException.Unsupported(VhdFormat.FooterStructure, VhdFormat.FileFormatVersionOffset, $"file format version 0x{footer.FileFormatVersion:x8}");
        }

        if (footer.DataOffset > (ulong)Math.Max(0, file.Length - VhdFormat.DynamicHeaderSize))
        {
            throw DiskFormatException.Truncated(VhdFormat.DynamicHeaderStructure, (long)Math.Min(footer.DataOffset, long.MaxValue), $"the file has {file.Length} bytes");
        }

        byte[] bytes = new byte[VhdFormat.DynamicHeaderSize];
        file.Read((long)footer.DataOffset, bytes);
        return VhdDynamicHeader.Parse(bytes);
    }
}
