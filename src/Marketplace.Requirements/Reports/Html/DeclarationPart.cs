using System.Globalization;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Reports.Html;

/// <summary>What the project declares.</summary>
internal static class DeclarationPart
{
    /// <summary>Writes it.</summary>
    public static void Write(Markup page, ValidationReport report)
    {
        ImageDeclaration image = report.Image;
        page.Raw("<section id=\"declaration\">\n<h2>The image as declared</h2>\n<dl class=\"facts\">\n")
            .Term("Project", image.ProjectFile)
            .Term("Version", image.Version)
            .Term("Publisher", image.Publisher)
            .Term("Offer", image.Offer)
            .Term("SKU", image.Sku)
            .Term("Operating system", string.Join(", ", new[] { image.OperatingSystem, image.OSFamily }.Where(part => part.Length > 0)))
            .Term("Generation", report.Generation.Length > 0 ? report.Generation : "unknown")
            .Term("Recommended sizes", string.Join(", ", image.RecommendedSizes))
            .Term("Levels", string.Join(", ", report.Levels.Select(VerdictPart.LevelText)))
            .Term("Validated", TimeOf(report));
        foreach (IGrouping<RequirementsLevel, OfferAddress> form in report.Addresses.Where(address => report.Levels.Contains(address.Level)).GroupBy(address => address.Level))
        {
            page.Raw("<div>").Element("dt", "", $"Offer address, {LevelNames.Of(form.Key)}").Raw("<dd>");
            foreach (OfferAddress address in form)
            {
                page.Element("p", "", $"{address.Place}: {address.Uri}");
            }

            page.Raw("</dd></div>\n");
        }

        page.Raw("</dl>\n</section>\n");
    }

    /// <summary>When the validation ran.</summary>
    public static string TimeOf(ValidationReport report) => report.Time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
