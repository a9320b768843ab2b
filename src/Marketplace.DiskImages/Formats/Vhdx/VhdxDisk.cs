using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Formats.Vhdx;

/// <summary>Opens a VHDX: header, log, regions, metadata, parent chain, block allocation table.</summary>
internal static class VhdxDisk
{
    /// <summary>Opens the virtual disk of a file.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="DiskFormatException">It is damaged, uses what is not read, or its parent is not there.</exception>
    public static DiskContent Open(ImageFile file)
    {
        if (!HasSignature(file.Content))
        {
            throw DiskFormatException.Corrupt(VhdxFormat.FileStructure, 0, "the signature 'vhdxfile' is missing");
        }

        VhdxHeader header = VhdxHeader.Read(file.Content);
        DiskContent content = VhdxLogReplay.Apply(file, header);
        VhdxRegionTable regions = VhdxRegionTable.Read(content);
        VhdxMetadata metadata = VhdxMetadata.Read(content, regions.Metadata);
        VhdxTableCheck.Run(content, header, regions, metadata);
        return new VhdxContent(content, regions.Table, metadata, metadata.Parent?.Open(file));
    }

    /// <summary>The identifier a child knows its parent by; null when the file is no VHDX.</summary>
    public static Guid? FindDataWriteGuid(DiskContent file) => HasSignature(file) ? VhdxHeader.Read(file).DataWriteGuid : null;

    private static bool HasSignature(DiskContent file)
    {
        byte[] bytes = new byte[VhdxFormat.FileSignature.Length];
        if (file.Length < bytes.Length)
        {
            return false;
        }

        file.Read(0, bytes);
        return bytes.AsSpan().SequenceEqual(VhdxFormat.FileSignature);
    }
}
