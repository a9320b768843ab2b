using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Volumes.Lvm;

/// <summary>A physical volume: the label, and the descriptions of the volume group in its metadata areas.</summary>
/// <param name="label">The label.</param>
/// <param name="content">The bytes of the partition or disk.</param>
internal sealed class LvmPhysicalVolume(LvmLabel label, DiskContent content)
{
    private const string TextStructure = "LVM2 metadata";

    public LvmLabel Label => label;

    public DiskContent Content => content;

    /// <summary>Reads the first label that is whole, as the tools do.</summary>
    /// <exception cref="DiskFormatException">No label is.</exception>
    public static LvmPhysicalVolume Read(DiskContent content)
    {
        DiskFormatException? problem = null;
        byte[] sector = new byte[LvmFormat.SectorSize];
        for (int number = 0; number < LvmFormat.LabelSectors && content.Length >= (number + 1L) * sector.Length; number++)
        {
            content.Read((long)number * sector.Length, sector);
            if (!LvmLabel.IsOne(sector))
            {
                continue;
            }

            try
            {
                return new LvmPhysicalVolume(LvmLabel.Parse(sector, number), content);
            }
            catch (DiskFormatException e)
            {
                problem ??= e;
            }
        }

        throw problem ?? DiskFormatException.Truncated("LVM2 label", 0, $"the volume has only {content.Length} bytes");
    }

    /// <summary>Reads the header of a metadata area.</summary>
    /// <exception cref="DiskFormatException">It is damaged, or the area does not lie in the volume.</exception>
    public LvmMetadataHeader ReadHeader(LvmArea area)
    {
        if (area.Size < LvmFormat.MetadataHeaderSize || area.Offset > (ulong)content.Length || area.Size > (ulong)content.Length - area.Offset)
        {
            throw DiskFormatException.Truncated(
                "LVM2 metadata area header", area.Offset > (ulong)content.Length ? -1 : (long)area.Offset, $"the area of {area.Size} bytes at {area.Offset} is not inside the volume of {content.Length} bytes");
        }

        byte[] header = new byte[LvmFormat.MetadataHeaderSize];
        content.Read((long)area.Offset, header);
        return LvmMetadataHeader.Parse(header, area);
    }

    /// <summary>Reads the text of a metadata area. The area is a ring: a text that reaches its end goes on after the header.</summary>
    /// <exception cref="DiskFormatException">The text does not have its checksum.</exception>
    public byte[] ReadText(LvmArea area, LvmMetadataHeader header)
    {
        byte[] text = new byte[header.TextSize];
        int first = (int)Math.Min(header.TextSize, area.Size - header.TextOffset);
        content.Read((long)(area.Offset + header.TextOffset), text.AsSpan(0, first));
        content.Read((long)area.Offset + LvmFormat.MetadataHeaderSize, text.AsSpan(first));
        uint checksum = LvmChecksum.Compute(text);
        return checksum == header.TextChecksum ? text
            : throw DiskFormatException.Corrupt(TextStructure, (long)(area.Offset + header.TextOffset), $"the checksum is {header.TextChecksum:x8}, the text has {checksum:x8}");
    }
}
