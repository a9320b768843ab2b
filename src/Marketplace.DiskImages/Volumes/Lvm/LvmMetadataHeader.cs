using System.Buffers.Binary;

namespace Marketplace.DiskImages.Volumes.Lvm;

/// <summary>The header of a metadata area (struct mda_header): where in the ring of the area the description of the group is.</summary>
/// <param name="TextOffset">First byte of the text, from the start of the area; 0 when there is no text.</param>
/// <param name="TextSize">Length of the text in bytes.</param>
/// <param name="TextChecksum">Checksum of the text.</param>
/// <param name="IsIgnored">Whether the area is not kept up to date.</param>
internal readonly record struct LvmMetadataHeader(ulong TextOffset, ulong TextSize, uint TextChecksum, bool IsIgnored)
{
    private const string Structure = "LVM2 metadata area header";

    /// <summary>Reads the header of an area.</summary>
    /// <param name="header">Its first 512 bytes.</param>
    /// <param name="area">The area as the label has it.</param>
    /// <exception cref="DiskFormatException">It is damaged, or not the one of this area.</exception>
    public static LvmMetadataHeader Parse(ReadOnlySpan<byte> header, LvmArea area)
    {
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(header);
        uint computed = LvmChecksum.Compute(header[sizeof(uint)..LvmFormat.MetadataHeaderSize]);
        if (checksum != computed)
        {
            throw Corrupt(area, $"the checksum is {checksum:x8}, the bytes have {computed:x8}");
        }

        if (!header[LvmFormat.MetadataMagicOffset..].StartsWith(LvmFormat.MetadataMagic))
        {
            throw Corrupt(area, "it does not have the words every header has");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(header[LvmFormat.MetadataVersionOffset..]) is not LvmFormat.MetadataVersion and var version)
        {
            throw DiskFormatException.Unsupported(Structure, (long)area.Offset, $"version {version}");
        }

        LvmArea own = new(BinaryPrimitives.ReadUInt64LittleEndian(header[LvmFormat.MetadataStartOffset..]), BinaryPrimitives.ReadUInt64LittleEndian(header[LvmFormat.MetadataSizeOffset..]));
        if (own != area)
        {
            throw Corrupt(area, $"it is for {own.Size} bytes at {own.Offset}, the label says {area.Size} bytes");
        }

        // struct raw_locn: offset, size, checksum, flags. The first one is the committed text.
        ReadOnlySpan<byte> location = header[LvmFormat.MetadataLocationOffset..];
        LvmMetadataHeader result = new(
            BinaryPrimitives.ReadUInt64LittleEndian(location),
            BinaryPrimitives.ReadUInt64LittleEndian(location[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(location[16..]),
            (BinaryPrimitives.ReadUInt32LittleEndian(location[20..]) & LvmFormat.LocationIgnored) != 0);
        if (result.TextOffset != 0)
        {
            result.CheckText(area);
        }

        return result;
    }

    /// <summary>The text lies in the ring after the header, and does not overtake itself.</summary>
    private void CheckText(LvmArea area)
    {
        ulong ring = area.Size - LvmFormat.MetadataHeaderSize;
        if (TextOffset < LvmFormat.MetadataHeaderSize || TextOffset >= area.Size || TextSize == 0 || TextSize > ring)
        {
            throw Corrupt(area, $"the text of {TextSize} bytes at {TextOffset} is not inside the area of {area.Size} bytes");
        }

        if (TextSize > LvmFormat.MaxTextSize)
        {
            throw DiskFormatException.Unsupported(Structure, (long)area.Offset, $"the text has {TextSize} bytes, at most {LvmFormat.MaxTextSize} are read");
        }
    }

    private static DiskFormatException Corrupt(LvmArea area, string detail) => DiskFormatException.Corrupt(Structure, (long)area.Offset, detail);
}
