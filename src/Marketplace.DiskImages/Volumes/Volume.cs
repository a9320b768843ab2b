using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Partitions;

namespace Marketplace.DiskImages.Volumes;

/// <summary>A partition, or a whole disk without a table, and what it holds.</summary>
public sealed class Volume
{
    internal Volume(Partition? partition, DiskContent content, VolumeKind kind, string uuid, string label, FileSystem? fileSystem, DiskFormatException? problem)
    {
        Partition = partition;
        Content = content;
        Kind = kind;
        Uuid = uuid;
        Label = label;
        FileSystem = fileSystem;
        Problem = problem;
    }

    /// <summary>The partition; null when the volume is the whole disk.</summary>
    public Partition? Partition { get; }

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

    /// <summary>Why the file system of a known kind could not be opened; null when it was, or when there is none.</summary>
    public DiskFormatException? Problem { get; }

    /// <summary>How people call it: <c>partition 1</c> or <c>the whole disk</c>.</summary>
    public string DisplayName => Partition is null ? "the whole disk" : $"partition {Partition.Number}";
}
