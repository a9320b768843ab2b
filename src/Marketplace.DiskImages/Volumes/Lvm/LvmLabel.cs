using System.Buffers.Binary;
using System.Text;

namespace Marketplace.DiskImages.Volumes.Lvm;

/// <summary>A part of a physical volume (struct disk_locn).</summary>
/// <param name="Offset">First byte, from the start of the physical volume.</param>
/// <param name="Size">Length in bytes.</param>
internal readonly record struct LvmArea(ulong Offset, ulong Size);

/// <summary>The label of a physical volume and the header it points to, in one sector.</summary>
/// <param name="Uuid">The identifier, grouped.</param>
/// <param name="MetadataAreas">Where descriptions of the volume group are.</param>
/// <param name="IsUsed">Whether a volume group has the physical volume; null when the header is too old to tell.</param>
internal sealed record LvmLabel(string Uuid, IReadOnlyList<LvmArea> MetadataAreas, bool? IsUsed)
{
    private const string Structure = "LVM2 label";

    /// <summary>Whether the sector has the words of a label.</summary>
    public static bool IsOne(ReadOnlySpan<byte> sector) => sector.StartsWith(LvmFormat.LabelId) && sector[LvmFormat.LabelTypeOffset..].StartsWith(LvmFormat.LabelType);

    /// <summary>Reads a sector that is one.</summary>
    /// <param name="sector">The 512 bytes.</param>
    /// <param name="number">Number of the sector in the volume.</param>
    /// <exception cref="DiskFormatException">It is damaged.</exception>
    public static LvmLabel Parse(ReadOnlySpan<byte> sector, int number)
    {
        long start = (long)number * LvmFormat.SectorSize;
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(sector[LvmFormat.LabelChecksumOffset..]);
        uint computed = LvmChecksum.Compute(sector[LvmFormat.LabelHeaderOffset..LvmFormat.SectorSize]);
        if (checksum != computed)
        {
            throw DiskFormatException.Corrupt(Structure, start, $"the checksum is {checksum:x8}, the bytes have {computed:x8}");
        }

        ulong sectorNumber = BinaryPrimitives.ReadUInt64LittleEndian(sector[LvmFormat.LabelSectorOffset..]);
        if (sectorNumber != (ulong)number)
        {
            throw DiskFormatException.Corrupt(Structure, start, $"it says that it is in sector {sectorNumber}");
        }

        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(sector[LvmFormat.LabelHeaderOffset..]);
        if (offset is < LvmFormat.LabelSize or > LvmFormat.SectorSize - LvmFormat.HeaderAreasOffset)
        {
            throw DiskFormatException.Corrupt(Structure, start, $"the header of the physical volume at {offset} is not inside the sector");
        }

        ReadOnlySpan<byte> header = sector[(int)offset..];
        string uuid = LvmFormat.FormatUuid(Encoding.Latin1.GetString(header[..LvmFormat.UuidSize]));
        ReadOnlySpan<byte> rest = header[LvmFormat.HeaderAreasOffset..];
        ReadAreas(ref rest, start);
        List<LvmArea> metadata = ReadAreas(ref rest, start);
        if (metadata.Count > LvmFormat.MaxMetadataAreas)
        {
            throw DiskFormatException.Unsupported(Structure, start, $"{metadata.Count} metadata areas, at most {LvmFormat.MaxMetadataAreas} are read");
        }

        return new LvmLabel(uuid, metadata, ReadIsUsed(rest));
    }

    /// <summary>A list of areas that ends with an empty one.</summary>
    private static List<LvmArea> ReadAreas(ref ReadOnlySpan<byte> rest, long start)
    {
        List<LvmArea> areas = [];
        while (rest.Length >= LvmFormat.AreaSize)
        {
            LvmArea area = new(BinaryPrimitives.ReadUInt64LittleEndian(rest), BinaryPrimitives.ReadUInt64LittleEndian(rest[sizeof(ulong)..]));
            rest = rest[LvmFormat.AreaSize..];
            if (area.Offset == 0)
            {
                return areas;
            }

            areas.Add(area);
        }

        throw DiskFormatException.Corrupt(Structure, start, "a list of areas does not end inside the sector");
    }

    private static bool? ReadIsUsed(ReadOnlySpan<byte> extension) =>
        extension.Length < 2 * sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(extension) == 0 ? null
        : (BinaryPrimitives.ReadUInt32LittleEndian(extension[sizeof(uint)..]) & LvmFormat.ExtensionUsed) != 0;
}
