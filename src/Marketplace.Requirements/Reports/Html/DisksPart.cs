using System.Globalization;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Reports.Html;

/// <summary>The disks: a picture to scale of each, and the same in words and numbers.</summary>
internal static class DisksPart
{
    /// <summary>Writes it.</summary>
    public static void Write(Markup page, ValidationReport report)
    {
        if (report.Disks.Count == 0)
        {
            return;
        }

        page.Raw("<section id=\"disks\">\n<h2>Disks</h2>\n");
        for (int i = 0; i < report.Disks.Count; i++)
        {
            Write(page, report.Disks[i], i);
        }

        page.Raw("</section>\n");
    }

    private static void Write(Markup page, DiskSummary disk, int index)
    {
        page.Raw("<figure class=\"disk\">\n<figcaption><h3>")
            .Text(disk.IsOSDisk ? "OS disk" : disk.Lun is { } lun ? string.Create(CultureInfo.InvariantCulture, $"Data disk, LUN {lun}") : "Data disk")
            .Raw("</h3>")
            .Element("p", "class=\"place\"", disk.Path)
            .Element("p", "", Describe(disk))
            .Raw("</figcaption>\n");
        if (disk.LayoutProblem.Length > 0)
        {
            page.Element("p", "class=\"unknown\"", $"What is on this disk is not known: {disk.LayoutProblem}");
        }
        else if (disk.VirtualSize > 0)
        {
            DiskBar bar = DiskBar.Of(disk);
            DiskPicture.Write(page, disk, bar, index);
            WriteTable(page, bar);
        }

        page.Raw("</figure>\n");
    }

    private static string Describe(DiskSummary disk)
    {
        List<string> parts = [];
        if (disk.VirtualSize > 0)
        {
            parts.Add(SizeText.Format(disk.VirtualSize));
            parts.Add($"{About(disk.AllocatedBytes)} stored in the file");
        }

        parts.Add(disk.PartitionTable.Length > 0 ? disk.PartitionTable : disk.LayoutProblem.Length == 0 ? "no partition table" : "layout unknown");
        if (disk.Caching.Length > 0)
        {
            parts.Add($"caching {disk.Caching}");
        }

        if (disk.IsConverted)
        {
            parts.Add("published as the fixed VHD made of it");
        }

        return string.Join(" · ", parts);
    }

    private static void WriteTable(Markup page, DiskBar bar)
    {
        page.Raw("<table class=\"areas\">\n<thead><tr><th scope=\"col\">Part</th><th scope=\"col\">Holds</th><th scope=\"col\" class=\"number\">Size</th><th scope=\"col\" class=\"number\">Used</th><th scope=\"col\" class=\"number\">Free</th></tr></thead>\n<tbody>\n");
        foreach (DiskSegment segment in bar.Segments.Concat(bar.LogicalVolumes))
        {
            page.Raw($"<tr><td><span class=\"swatch {segment.Style}\"></span>").Text(segment.Name).Raw("</td><td>").Text(segment.Holds);
            if (segment.Problem.Length > 0)
            {
                page.Raw(" ").Element("span", "class=\"unknown\"", segment.Problem);
            }

            page.Raw("</td>")
                .Element("td", "class=\"number\" data-name=\"Size\"", About(segment.Length))
                .Element("td", "class=\"number\" data-name=\"Used\"", Known(segment, segment.UsedBytes))
                .Element("td", "class=\"number\" data-name=\"Free\"", Known(segment, segment.FreeBytes))
                .Raw("</tr>\n");
        }

        page.Raw("</tbody>\n</table>\n");
    }

    private static string Known(DiskSegment segment, long? bytes) => bytes is { } known ? About(known) : segment.HasFileSystem ? "unknown" : "–";

    /// <summary>A size to look at, rounded.</summary>
    public static string About(long bytes) => bytes switch
    {
        >= SizeText.GiB => ((double)bytes / SizeText.GiB).ToString("0.#", CultureInfo.InvariantCulture) + " GiB",
        >= SizeText.MiB => ((double)bytes / SizeText.MiB).ToString("0.#", CultureInfo.InvariantCulture) + " MiB",
        >= 1024 => ((double)bytes / 1024).ToString("0.#", CultureInfo.InvariantCulture) + " KiB",
        _ => bytes.ToString(CultureInfo.InvariantCulture) + " bytes",
    };
}
