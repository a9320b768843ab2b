using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Reports.Html;

/// <summary>Where the parts of a disk stand in its picture: to scale, but never too narrow to be seen.</summary>
internal sealed class DiskBar
{
    /// <summary>The least width of a part, in percent of the picture.</summary>
    private const double MinWidth = 2.2;

    /// <summary>The largest share of the picture that the least widths may take together.</summary>
    private const double MaxWidened = 60;

    /// <summary>Gaps up to this length are the usual alignment of partitions and not shown.</summary>
    private const long MaxAlignment = 2 << 20;

    private DiskBar(IReadOnlyList<DiskSegment> segments, IReadOnlyList<DiskSegment> logicalVolumes)
    {
        Segments = segments;
        LogicalVolumes = logicalVolumes;
    }

    /// <summary>Partitions and the space between them, from the start of the disk.</summary>
    public IReadOnlyList<DiskSegment> Segments { get; }

    /// <summary>Logical volumes, placed below the physical volumes; empty when there are none.</summary>
    public IReadOnlyList<DiskSegment> LogicalVolumes { get; }

    /// <summary>Whether a part is wider than to scale.</summary>
    public bool HasWidened => Segments.Concat(LogicalVolumes).Any(segment => segment.IsWidened);

    /// <summary>The picture of a disk.</summary>
    public static DiskBar Of(DiskSummary disk)
    {
        List<DiskSegment> segments = [];
        long end = 0;
        foreach (DiskArea area in disk.Areas.Where(area => area.Start is not null))
        {
            if (area.Start!.Value - end > MaxAlignment)
            {
                segments.Add(DiskSegment.Unpartitioned(area.Start.Value - end));
            }

            segments.Add(DiskSegment.Of(area));
            end = Math.Max(end, area.Start.Value + area.Length);
        }

        if (disk.VirtualSize - end > MaxAlignment)
        {
            segments.Add(DiskSegment.Unpartitioned(disk.VirtualSize - end));
        }

        Place(segments, 0, 100);
        DiskSegment[] volumes = [.. disk.Areas.Where(area => area.Kind == DiskAreaKind.LogicalVolume).Select(DiskSegment.Of)];
        DiskSegment[] physical = [.. segments.Where(segment => segment.Style == "lvm")];
        if (volumes.Length > 0)
        {
            // Which extents a volume has is not shown: they stand side by side under the physical volumes.
            double left = physical.Length > 0 ? physical[0].X : 0;
            double room = physical.Length > 0 ? physical[^1].X + physical[^1].Width - left : 100;
            long total = Math.Max(physical.Sum(segment => segment.Length), volumes.Sum(segment => segment.Length));
            Place(volumes, left, total > 0 ? room * volumes.Sum(segment => segment.Length) / total : room);
        }

        return new DiskBar(segments, volumes);
    }

    private static void Place(IReadOnlyList<DiskSegment> segments, double left, double room)
    {
        double total = segments.Sum(segment => (double)segment.Length);
        if (total <= 0 || room <= 0)
        {
            return;
        }

        double least = Math.Min(MinWidth, Math.Min(MaxWidened, room * MaxWidened / 100) / segments.Count);
        foreach (DiskSegment segment in segments)
        {
            segment.Width = room * segment.Length / total;
            segment.IsWidened = segment.Width < least;
        }

        // What the narrow ones are given is taken from the others, each by its share.
        double narrow = segments.Where(segment => segment.IsWidened).Sum(_ => least);
        double wide = segments.Where(segment => !segment.IsWidened).Sum(segment => segment.Width);
        double x = left;
        foreach (DiskSegment segment in segments)
        {
            segment.Width = segment.IsWidened ? least : segment.Width * (room - narrow) / wide;
            segment.X = x;
            x += segment.Width;
        }
    }
}
