using System.Globalization;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Reports.Html;

/// <summary>The picture of a disk: a bar with its parts, filled as far as they are used, and a second bar with logical volumes.</summary>
internal static class DiskPicture
{
    private const int BarHeight = 52;
    private const int VolumesTop = 62;
    private const int VolumesHeight = 36;

    /// <summary>The width of a character of a name, and of its margins, in percent of the picture on a phone of 360 pixels: names fit there too.</summary>
    private const double CharacterWidth = 2.85;
    private const double NameMargin = 5;

    /// <summary>Writes it as inline SVG that is as wide as the page.</summary>
    public static void Write(Markup page, DiskSummary disk, DiskBar bar, int index)
    {
        bool hasVolumes = bar.LogicalVolumes.Count > 0;
        string id = string.Create(CultureInfo.InvariantCulture, $"disk{index}");
        int height = hasVolumes ? VolumesTop + VolumesHeight : BarHeight;
        page.Raw($"<svg class=\"picture\" role=\"img\" aria-labelledby=\"{id}t {id}d\" width=\"100%\" height=\"{height}\">\n")
            .Element("title", $"id=\"{id}t\"", $"{(disk.IsOSDisk ? "OS disk" : "Data disk")} of {SizeText.Format(disk.VirtualSize)}, to scale")
            .Element("desc", $"id=\"{id}d\"", string.Join("; ", bar.Segments.Concat(bar.LogicalVolumes).Select(Describe)))
            .Raw($"<defs><pattern id=\"{id}p\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><line class=\"hatch\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"7\"/></pattern></defs>\n");
        foreach (DiskSegment segment in bar.Segments)
        {
            Write(page, segment, 0, BarHeight, id);
        }

        foreach (DiskSegment segment in bar.LogicalVolumes)
        {
            Write(page, segment, VolumesTop, VolumesHeight, id);
        }

        page.Raw("</svg>\n")
            .Element("p", "class=\"legend\"", $"Strong colour: used. Pale: free, or usage unknown. Hatched: in no partition.{(hasVolumes ? " Second bar: logical volumes." : "")}{(bar.HasWidened ? " The smallest parts are drawn wider than they are." : "")}");
    }

    private static void Write(Markup page, DiskSegment segment, int top, int height, string id)
    {
        if (segment.Width <= 0)
        {
            return;
        }

        string place = $"x=\"{Percent(segment.X)}\" y=\"{top}\" height=\"{height}\"";
        page.Raw("<g>").Element("title", "", Describe(segment)).Raw($"<rect class=\"part {segment.Style}\" {place} width=\"{Percent(segment.Width)}\"/>");
        if (segment.Style == "gap")
        {
            page.Raw($"<rect {place} width=\"{Percent(segment.Width)}\" fill=\"url(#{id}p)\"/>");
        }
        else if (segment.UsedBytes is { } used && segment.FreeBytes is { } free && used + free > 0)
        {
            page.Raw($"<rect class=\"used {segment.Style}\" {place} width=\"{Percent(segment.Width * used / (used + free))}\"/>");
        }

        page.Raw($"<rect class=\"edge\" {place} width=\"{Percent(segment.Width)}\"/>");
        string name = segment.Style == "gap" ? segment.Name : Short(segment);
        if (segment.Width >= (name.Length * CharacterWidth) + NameMargin)
        {
            // At the right end, which is the last to fill.
            page.Raw($"<text x=\"{Percent(segment.X + segment.Width)}\" dx=\"-10\" y=\"{top + (height / 2) + 5}\" text-anchor=\"end\">")
                .Text(name).Raw("</text>");
        }

        page.Raw("</g>\n");
    }

    private static string Short(DiskSegment segment) => $"{(segment.Style == "lvm" ? "LVM" : segment.Holds.Split(',')[0])}, {DisksPart.About(segment.Length)}";

    private static string Describe(DiskSegment segment)
    {
        string usage = segment.UsedBytes is { } used && segment.FreeBytes is { } free ? $", {DisksPart.About(used)} used, {DisksPart.About(free)} free"
            : segment.HasFileSystem ? ", usage unknown"
            : "";
        return $"{segment.Name}: {segment.Holds}, {DisksPart.About(segment.Length)}{usage}";
    }

    private static string Percent(double value) => value.ToString("0.###", CultureInfo.InvariantCulture) + "%";
}
