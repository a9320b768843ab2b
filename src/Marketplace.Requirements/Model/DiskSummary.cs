namespace Marketplace.Requirements.Model;

/// <summary>What is known of a disk after validation.</summary>
public sealed record DiskSummary
{
    /// <summary>Absolute path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>True for the OS disk.</summary>
    public required bool IsOSDisk { get; init; }

    /// <summary>The LUN of a data disk; null for the OS disk or when it is not a number.</summary>
    public required int? Lun { get; init; }

    /// <summary>Host caching as declared.</summary>
    public required string Caching { get; init; }

    /// <summary>Length of the file in bytes, footer included; 0 when the file could not be opened.</summary>
    public required long FileLength { get; init; }

    /// <summary>Time of the last change of the file.</summary>
    public required DateTimeOffset FileModified { get; init; }

    /// <summary>What changes with every change of a disk read in place (the entity tag of a blob); empty for a local file.</summary>
    public string RemoteVersion { get; init; } = "";

    /// <summary>True when the disk is published as a fixed VHD made of another format.</summary>
    public bool IsConverted { get; init; }

    /// <summary>Virtual size in bytes; 0 when unknown.</summary>
    public required long VirtualSize { get; init; }

    /// <summary>Sum of the allocated extents in bytes; 0 when unknown.</summary>
    public required long AllocatedBytes { get; init; }

    /// <summary>The partition table: <c>GPT</c>, <c>MBR</c>, or empty when there is none or it is unknown.</summary>
    public string PartitionTable { get; init; } = "";

    /// <summary>What is on the disk: partitions by their start, then logical volumes; empty when it could not be read.</summary>
    public IReadOnlyList<DiskArea> Areas { get; init; } = [];

    /// <summary>Why <see cref="Areas"/> is not known; empty when it is.</summary>
    public string LayoutProblem { get; init; } = "";
}
