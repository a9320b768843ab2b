using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Reports.Html;

/// <summary>A part of the picture of a disk: a partition, a logical volume, or space that no partition takes.</summary>
internal sealed record DiskSegment
{
    public required string Name { get; init; }

    public required string Holds { get; init; }

    public required long Length { get; init; }

    /// <summary>The class in the style sheet, which chooses the colour.</summary>
    public required string Style { get; init; }

    public long? UsedBytes { get; init; }

    public long? FreeBytes { get; init; }

    public string Problem { get; init; } = "";

    /// <summary>Whether it holds a file system that has used and free space.</summary>
    public bool HasFileSystem { get; init; }

    /// <summary>Left end, in percent of the picture.</summary>
    public double X { get; set; }

    /// <summary>Width, in percent of the picture.</summary>
    public double Width { get; set; }

    /// <summary>Whether it is wider than to scale, so that it can be seen.</summary>
    public bool IsWidened { get; set; }

    /// <summary>The segment of an area.</summary>
    public static DiskSegment Of(DiskArea area) => new()
    {
        Name = area.Kind switch
        {
            DiskAreaKind.Partition => $"Partition {area.Name}",
            DiskAreaKind.LogicalVolume => area.Name,
            _ => "Whole disk",
        },
        Holds = string.Join(", ", new[] { area.Content, Differs(area) ? area.Type : "", area.Label.Length > 0 ? $"“{area.Label}”" : "" }.Where(part => part.Length > 0)),
        Length = area.Length,
        Style = StyleOf(area.Content, area.Problem),
        UsedBytes = area.UsedBytes,
        FreeBytes = area.FreeBytes,
        Problem = area.Problem,
        HasFileSystem = StyleOf(area.Content, "") is "fs" or "boot",
    };

    /// <summary>The segment of space that no partition takes.</summary>
    public static DiskSegment Unpartitioned(long length) => new() { Name = "Unpartitioned", Holds = "no partition", Length = length, Style = "gap" };

    private static bool Differs(DiskArea area) => area.Type.Length > 0 && !area.Type.EndsWith(area.Content, StringComparison.OrdinalIgnoreCase);

    private static string StyleOf(string content, string problem) => problem.Length > 0 ? "broken" : content switch
    {
        "vfat" or "FAT" => "boot",
        "ext2" or "ext3" or "ext4" or "Ext" or "xfs" or "XFS" or "btrfs" or "Btrfs" or "ntfs" or "NTFS" => "fs",
        "swap" => "swap",
        "LVM physical volume" => "lvm",
        "empty" => "blank",
        _ => "other",
    };
}
