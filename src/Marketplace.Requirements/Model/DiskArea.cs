namespace Marketplace.Requirements.Model;

/// <summary>What a part of a disk is.</summary>
public enum DiskAreaKind
{
    /// <summary>A partition.</summary>
    Partition,

    /// <summary>A logical volume of LVM2, which lies on partitions.</summary>
    LogicalVolume,

    /// <summary>The whole disk, which has no partition table.</summary>
    WholeDisk,
}

/// <summary>A partition, a logical volume or a disk without a table, and what it holds.</summary>
public sealed record DiskArea
{
    /// <summary>What it is.</summary>
    public required DiskAreaKind Kind { get; init; }

    /// <summary>The number of the partition, or the name <c>group/name</c> of the logical volume; empty for the whole disk.</summary>
    public required string Name { get; init; }

    /// <summary>First byte, from the start of the disk; null for a logical volume, which may lie anywhere.</summary>
    public required long? Start { get; init; }

    /// <summary>Length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>The type the partition table says, in words or as it stands there; empty when there is none.</summary>
    public string Type { get; init; } = "";

    /// <summary>What it holds, for example <c>ext4</c>, <c>swap</c>, <c>LVM2 physical volume</c>, <c>empty</c>.</summary>
    public required string Content { get; init; }

    /// <summary>The label of the file system; empty when there is none or it is unknown.</summary>
    public string Label { get; init; } = "";

    /// <summary>Bytes the file system has taken, its own structures included; null when unknown.</summary>
    public long? UsedBytes { get; init; }

    /// <summary>Bytes of the file system that nothing takes; null when unknown.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>Why what it holds could not be read; empty when it could, or when there is nothing to read.</summary>
    public string Problem { get; init; } = "";
}
