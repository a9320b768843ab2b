namespace Marketplace.DiskImages.Partitions;

/// <summary>A partition of a disk, from an MBR or a GPT.</summary>
public sealed record Partition
{
    /// <summary>The number as Linux counts it: <c>sda1</c> is 1; logical MBR partitions start at 5; on GPT the index of the entry plus 1.</summary>
    public required int Number { get; init; }

    /// <summary>First byte, from the start of the disk.</summary>
    public required long Offset { get; init; }

    /// <summary>Length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>The type byte of an MBR partition (0x83 Linux, 0x82 swap, …); null on GPT.</summary>
    public byte? MbrType { get; init; }

    /// <summary>The partition type GUID; null on MBR.</summary>
    public Guid? GptType { get; init; }

    /// <summary>The identifier as <c>fstab</c> writes it after <c>PARTUUID=</c>, lower case; empty when there is none.</summary>
    public string PartUuid { get; init; } = "";

    /// <summary>The partition name of a GPT entry; empty on MBR.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether an MBR entry has the active flag 0x80.</summary>
    public bool IsActive { get; init; }

    /// <summary>The byte after the last one.</summary>
    public long End => Offset + Length;

    /// <summary>Whether the type says that it is an EFI system partition.</summary>
    public bool IsEfiSystem => GptType == PartitionTypes.EfiSystem || MbrType == PartitionTypes.MbrEfiSystem;

    /// <summary>Whether the type says that it is a Linux swap area.</summary>
    public bool IsLinuxSwap => GptType == PartitionTypes.LinuxSwap || MbrType == PartitionTypes.MbrLinuxSwap;

    /// <summary>Whether the type says that it is a physical volume of LVM.</summary>
    public bool IsLinuxLvm => GptType == PartitionTypes.LinuxLvm || MbrType == PartitionTypes.MbrLinuxLvm;
}
