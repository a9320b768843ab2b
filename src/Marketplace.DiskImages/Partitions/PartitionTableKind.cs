namespace Marketplace.DiskImages.Partitions;

/// <summary>The kinds of partition tables.</summary>
public enum PartitionTableKind
{
    /// <summary>Master boot record, with extended partitions resolved.</summary>
    Mbr,

    /// <summary>GUID partition table.</summary>
    Gpt,
}
