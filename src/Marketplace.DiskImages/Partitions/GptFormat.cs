namespace Marketplace.DiskImages.Partitions;

/// <summary>Constants of the GUID partition table (UEFI Specification 2.10, 5.3).</summary>
internal static class GptFormat
{
    public const string HeaderStructure = "GPT header";
    public const string EntriesStructure = "GPT partition entries";
    public const uint Revision = 0x00010000;
    public const int MinHeaderSize = 92;

    public const int SignatureOffset = 0;
    public const int RevisionOffset = 8;
    public const int HeaderSizeOffset = 12;
    public const int HeaderCrc32Offset = 16;
    public const int MyLbaOffset = 24;
    public const int AlternateLbaOffset = 32;
    public const int FirstUsableLbaOffset = 40;
    public const int LastUsableLbaOffset = 48;
    public const int DiskGuidOffset = 56;
    public const int PartitionEntryLbaOffset = 72;
    public const int NumberOfPartitionEntriesOffset = 80;
    public const int SizeOfPartitionEntryOffset = 84;
    public const int PartitionEntryArrayCrc32Offset = 88;

    public const int EntryTypeGuidOffset = 0;
    public const int EntryUniqueGuidOffset = 16;
    public const int EntryFirstLbaOffset = 32;
    public const int EntryLastLbaOffset = 40;
    public const int EntryNameOffset = 56;
    public const int EntryNameSize = 72;
    public const int MinEntrySize = 128;

    /// <summary>The largest entry array that is read: 8192 entries of 128 bytes. The usual one has 16 KiB.</summary>
    public const int MaxEntriesSize = 1 << 20;

    /// <summary>The most partitions that are read: Linux knows no more of one disk (DISK_MAX_PARTS).</summary>
    public const int MaxPartitions = 256;

    /// <summary>No disk has more sectors, so that every product of a sector number fits 63 bits.</summary>
    public const long MaxLba = (long.MaxValue / 4096) - 1;

    public static ReadOnlySpan<byte> Signature => "EFI PART"u8;

    /// <summary>Sizes of sectors a table may count in, the usual one first.</summary>
    public static ReadOnlySpan<int> SectorSizes => [512, 4096];
}
