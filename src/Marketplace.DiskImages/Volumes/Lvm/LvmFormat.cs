namespace Marketplace.DiskImages.Volumes.Lvm;

/// <summary>Offsets, sizes and limits of LVM2 as its tools write them (lvm2 lib/label, lib/format_text; "LVM2" in the libvslvm documentation). Numbers are little-endian.</summary>
internal static class LvmFormat
{
    public const int SectorSize = 512;

    /// <summary>The label lies in one of the first four sectors.</summary>
    public const int LabelSectors = 4;

    /// <summary>struct label_header: id, sector_xl, crc_xl, offset_xl, type.</summary>
    public const int LabelSectorOffset = 8;
    public const int LabelChecksumOffset = 16;
    public const int LabelHeaderOffset = 20;
    public const int LabelTypeOffset = 24;
    public const int LabelSize = 32;

    /// <summary>struct pv_header: pv_uuid, device_size_xl, disk_areas_xl (data areas, an empty one, metadata areas, an empty one), then the extension.</summary>
    public const int UuidSize = 32;
    public const int HeaderAreasOffset = 40;
    public const int AreaSize = 16;

    /// <summary>PV_EXT_USED of struct pv_header_extension: a volume group has the physical volume.</summary>
    public const uint ExtensionUsed = 1;

    /// <summary>struct mda_header: checksum_xl, magic, version, start, size, raw_locns.</summary>
    public const int MetadataHeaderSize = 512;
    public const int MetadataMagicOffset = 4;
    public const int MetadataVersionOffset = 20;
    public const int MetadataStartOffset = 24;
    public const int MetadataSizeOffset = 32;
    public const int MetadataLocationOffset = 40;
    public const uint MetadataVersion = 1;

    /// <summary>RAW_LOCN_IGNORED of struct raw_locn: the area is not kept up to date.</summary>
    public const uint LocationIgnored = 1;

    /// <summary>The first value of every checksum (INITIAL_CRC).</summary>
    public const uint ChecksumSeed = 0xF597A6CF;

    /// <summary>The tools make one or two metadata areas in a physical volume.</summary>
    public const int MaxMetadataAreas = 8;

    /// <summary>The longest description of a group that is read, in bytes; the default area of 1 MiB holds half a MiB.</summary>
    public const int MaxTextSize = 16 << 20;

    /// <summary>The most bytes of different descriptions that are read on one disk: two of the longest ones.</summary>
    public const int MaxTextOfDisk = 2 * MaxTextSize;

    /// <summary>Sections, values and list elements of one description, at most 400 bytes of memory each. A group of 1000 volumes has 20 000.</summary>
    public const int MaxNodes = 1 << 17;

    /// <summary>Sections in sections; the tools write four levels.</summary>
    public const int MaxDepth = 8;

    /// <summary>The most logical volumes of a group that are looked into; each costs some reads.</summary>
    public const int MaxLogicalVolumes = 1024;

    /// <summary>NAME_LEN without the final zero.</summary>
    public const int MaxNameLength = 127;

    public static ReadOnlySpan<byte> LabelId => "LABELONE"u8;

    public static ReadOnlySpan<byte> LabelType => "LVM2 001"u8;

    /// <summary>FMTT_MAGIC.</summary>
    public static ReadOnlySpan<byte> MetadataMagic => " LVM2 x[5A%r0N*>"u8;

    /// <summary>An identifier in the groups of 6, 4, 4, 4, 4, 4 and 6 characters in which people see it.</summary>
    public static string FormatUuid(string uuid) => $"{uuid[..6]}-{uuid[6..10]}-{uuid[10..14]}-{uuid[14..18]}-{uuid[18..22]}-{uuid[22..26]}-{uuid[26..]}";
}
