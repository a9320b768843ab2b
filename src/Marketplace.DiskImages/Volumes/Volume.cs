using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Partitions;

namespace Marketplace.DiskImages.Volumes;

/// <summary>A partition, a whole disk without a table, or a logical volume, and what it holds.</summary>
public sealed class Volume
{
    internal Volume(
        Partition? partition, DiskContent content, VolumeKind kind, string uuid, string label, FileSystem? fileSystem, DiskFormatException? problem, LogicalVolumeName? logicalVolume = null)
    {
        Partition = partition;
        Content = content;
        Kind = kind;
        Uuid = uuid;
        Label = label;
        FileSystem = fileSystem;
        Problem = problem;
        LogicalVolume = logicalVolume;
    }

    /// <summary>The partition; null when the volume is the whole disk or a logical volume.</summary>
    public Partition? Partition { get; }

    /// <summary>The name of the logical volume; null when the volume is none.</summary>
    public LogicalVolumeName? LogicalVolume { get; }

    /// <summary>Whether the volume is the whole disk.</summary>
    public bool IsWholeDisk => Partition is null && LogicalVolume is null;

    /// <summary>The bytes of the volume.</summary>
    public DiskContent Content { get; }

    /// <summary>What the signature says.</summary>
    public VolumeKind Kind { get; }

    /// <summary>The identifier as <c>fstab</c> writes it after <c>UUID=</c>; empty when unknown.</summary>
    public string Uuid { get; }

    /// <summary>The label; empty when there is none or it is unknown.</summary>
    public string Label { get; }

    /// <summary>The opened file system; null when the volume holds none that is read by this library.</summary>
    public FileSystem? FileSystem { get; }

    /// <summary>
    /// Why what the volume holds could not be opened: the file system of a known kind, the description of the logical volumes on a
    /// physical volume, or the logical volume itself. Null when it was, or when there is nothing to open.
    /// </summary>
    public DiskFormatException? Problem { get; }

    /// <summary>How people call it: <c>partition 1</c>, <c>the whole disk</c> or <c>logical volume rootvg/rootlv</c>.</summary>
    public string DisplayName => LogicalVolume is not null ? $"logical volume {LogicalVolume}" : Partition is not null ? $"partition {Partition.Number}" : "the whole disk";

    /// <summary>The same volume with a problem, unless it has one.</summary>
    internal Volume WithProblem(DiskFormatException problem) => new(Partition, Content, Kind, Uuid, Label, FileSystem, Problem ?? problem, LogicalVolume);
}
