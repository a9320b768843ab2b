using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Formats.Mapping;

namespace Marketplace.DiskImages.Formats.Vmdk;

/// <summary>Opens a VMDK: one sparse file with its descriptor inside, or a descriptor with extents beside it.</summary>
internal static class VmdkDisk
{
    /// <summary>Opens the virtual disk of a file.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="DiskFormatException">It is damaged, of a kind that is not read, or an extent is not in the folder of the image.</exception>
    public static DiskContent Open(ImageFile file)
    {
        Span<byte> signature = stackalloc byte[VmdkFormat.SparseSignature.Length];
        if (file.Content.Length < VmdkFormat.HeaderSize)
        {
            return OpenExtents(file, ReadDescriptor(file.Content, 0, file.Content.Length));
        }

        file.Content.Read(0, signature);
        return signature.SequenceEqual(VmdkFormat.SparseSignature) ? OpenSparse(file)
            : signature.SequenceEqual(VmdkFormat.EsxSparseSignature) ? throw DiskFormatException.Unsupported(VmdkFormat.HeaderStructure, 0, "a sparse extent of ESX Server ('COWD')")
            : OpenExtents(file, ReadDescriptor(file.Content, 0, file.Content.Length));
    }

    private static VmdkSparseContent OpenSparse(ImageFile file)
    {
        VmdkSparseHeader header = VmdkSparseContent.ReadHeader(file.Content, 0);
        if (header.DescriptorOffset == 0)
        {
            throw DiskFormatException.Unsupported(VmdkFormat.HeaderStructure, 28, "it is one extent of a disk, whose descriptor is another file: open that one");
        }

        VmdkDescriptor descriptor = ReadDescriptor(file.Content, header.DescriptorOffset, header.DescriptorSize);
        Check(descriptor, "monolithicSparse", "streamOptimized");
        NoteUncleanShutdown(file, header);
        return descriptor.Extents is [{ Type: "SPARSE" } extent] && extent.Sectors * VmdkFormat.SectorSize == header.Capacity
            ? VmdkSparseContent.Open(file.Content)
            : throw DiskFormatException.Corrupt(VmdkFormat.DescriptorStructure, header.DescriptorOffset, $"{descriptor.Extents.Count} extents do not make up the capacity of {header.Capacity} bytes");
    }

    private static JoinedContent OpenExtents(ImageFile file, VmdkDescriptor descriptor)
    {
        Check(descriptor, "monolithicFlat", "twoGbMaxExtentFlat", "twoGbMaxExtentSparse");
        List<(DiskContent? Content, long Length)> parts = [];
        long total = 0;
        foreach (VmdkExtent extent in descriptor.Extents.Where(extent => extent.Sectors > 0))
        {
            long length = extent.Sectors * VmdkFormat.SectorSize;
            total = length <= (long.MaxValue / 2) - total ? total + length : throw DiskFormatException.Corrupt(VmdkFormat.DescriptorStructure, -1, "the extents are longer than any disk");
            parts.Add((OpenExtent(file, extent, length), length));
        }

        return parts.Count > 0 ? new JoinedContent(parts) : throw DiskFormatException.Corrupt(VmdkFormat.DescriptorStructure, -1, "there are no extents");
    }

    private static DiskContent? OpenExtent(ImageFile file, VmdkExtent extent, long length)
    {
        string shown = FileName.ToDisplay(extent.FileName);
        switch (extent.Type)
        {
            case "ZERO":
                return null;
            case "FLAT":
                DiskContent flat = OpenFile(file, extent, shown).Content;
                long offset = extent.Offset * VmdkFormat.SectorSize;
                return offset <= flat.Length && length <= flat.Length - offset
                    ? flat.Slice(offset, length)
                    : throw DiskFormatException.Truncated(VmdkFormat.DescriptorStructure, -1, $"the extent '{shown}' has {length} bytes from byte {offset} on, its file has {flat.Length}");
            case "SPARSE":
                ImageFile sparse = OpenFile(file, extent, shown);
                NoteUncleanShutdown(sparse, VmdkSparseContent.ReadHeader(sparse.Content, 0));
                VmdkSparseContent content = VmdkSparseContent.Open(sparse.Content);
                return content.Length == length ? content
                    : throw DiskFormatException.Corrupt(VmdkFormat.DescriptorStructure, -1, $"the extent '{shown}' has {length} bytes, its file tells {content.Length}");
            default:
                throw DiskFormatException.Unsupported(VmdkFormat.DescriptorStructure, -1, $"an extent of the type {FileName.ToDisplay(extent.Type)}");
        }
    }

    private static ImageFile OpenFile(ImageFile file, VmdkExtent extent, string shown) =>
        file.Resolve(extent.FileName) is not { } path ? throw DiskFormatException.Unsupported(VmdkFormat.DescriptorStructure, -1, $"the extent '{shown}' is not in the folder of the image")
        : file.TryOpen(path, VmdkFormat.DescriptorStructure) ?? throw DiskFormatException.Unsupported(VmdkFormat.DescriptorStructure, -1, $"there is no file '{shown}' in the folder of the image");

    private static VmdkDescriptor ReadDescriptor(DiskContent file, long offset, long size)
    {
        if (size > VmdkFormat.MaxDescriptorSize)
        {
            throw DiskFormatException.Unsupported(VmdkFormat.DescriptorStructure, offset, $"{size} bytes, at most {VmdkFormat.MaxDescriptorSize} are read");
        }

        if (offset > file.Length || size > file.Length - offset)
        {
            throw DiskFormatException.Truncated(VmdkFormat.DescriptorStructure, offset, $"{size} bytes, the file has {file.Length}");
        }

        byte[] bytes = new byte[size];
        file.Read(offset, bytes);
        return VmdkDescriptor.Parse(bytes);
    }

    private static void Check(VmdkDescriptor descriptor, params ReadOnlySpan<string> kinds)
    {
        if (!kinds.Contains(descriptor.CreateType))
        {
            throw DiskFormatException.Unsupported(VmdkFormat.DescriptorStructure, -1, $"a disk of the type '{FileName.ToDisplay(descriptor.CreateType)}'");
        }

        if (!descriptor.ParentCid.Equals(VmdkFormat.NoParent, StringComparison.OrdinalIgnoreCase))
        {
            throw DiskFormatException.Unsupported(VmdkFormat.DescriptorStructure, -1, "a snapshot or linked clone, which needs its parent");
        }
    }

    private static void NoteUncleanShutdown(ImageFile file, VmdkSparseHeader header)
    {
        if (header.UncleanShutdown)
        {
            file.Note("the VMDK was not closed properly by its last user");
        }
    }
}
