namespace Marketplace.DiskImages.Partitions;

/// <summary>The partition table of a disk.</summary>
public sealed record PartitionTable
{
    /// <summary>MBR or GPT.</summary>
    public required PartitionTableKind Kind { get; init; }

    /// <summary>Size in bytes of the sectors the table counts in: 512 or 4096.</summary>
    public required int SectorSize { get; init; }

    /// <summary>The partitions in the order of their numbers; extended containers and empty entries are left out.</summary>
    public required IReadOnlyList<Partition> Partitions { get; init; }

    /// <summary>What is unusual but readable (backup table not at the end, overlapping entries, …), one plain sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The byte after the table at the start of the disk: after the entries of a GPT, after sector 0 of an MBR.</summary>
    public required long TableEnd { get; init; }

    /// <summary>The length in bytes of the disk the table was written for, as far as it tells: up to the backup header of a GPT, up to the end of the last partition of an MBR.</summary>
    public required long DescribedLength { get; init; }

    /// <summary>Whether sector 0 has boot code for BIOS firmware: anything but zeros in its first 440 bytes.</summary>
    public required bool HasBootCode { get; init; }

    /// <summary>Whether a GPT stands beside an MBR with partitions of its own, which BIOS firmware may boot.</summary>
    public bool IsHybrid { get; init; }

    /// <summary>The identifier of the disk: the GUID of a GPT, or the eight hexadecimal digits of an MBR, lower case.</summary>
    public string DiskId { get; init; } = "";

    /// <summary>Why the primary GPT could not be used and the backup was read instead; null when it could. Linux does not look at the backup by itself.</summary>
    public string? PrimaryProblem { get; init; }

    /// <summary>Offset in bytes of the first partition; null when there is none.</summary>
    public long? FirstPartitionOffset => Partitions.Count == 0 ? null : Partitions.Min(partition => partition.Offset);

    /// <summary>Whether a GPT has the partition GRUB keeps its second stage in.</summary>
    public bool HasBiosBootPartition => Partitions.Any(partition => partition.GptType == PartitionTypes.BiosBoot);

    /// <summary>Whether an MBR partition has the active flag.</summary>
    public bool HasActivePartition => Partitions.Any(partition => partition.IsActive);

    /// <summary>Whether UEFI firmware finds a system partition: the type GUID on a GPT, type 0xEF on an MBR.</summary>
    public bool HasEfiSystemPartition => Partitions.Any(partition => partition.IsEfiSystem);
}
