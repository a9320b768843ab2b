using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Reports.Html;

/// <summary>Findings whose severity the project changed, and why.</summary>
internal static class AdjustmentsPart
{
    /// <summary>Writes it; nothing when the project adjusted nothing that was found.</summary>
    public static void Write(Markup page, ValidationReport report)
    {
        Finding[] adjusted = [.. report.Results.SelectMany(result => result.Findings).Where(finding => finding.Justification.Length > 0).DistinctBy(finding => finding.Code)];
        if (adjusted.Length == 0)
        {
            return;
        }

        page.Raw("<section id=\"adjustments\">\n<h2>Adjusted by the project</h2>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Requirement</th><th scope=\"col\">Counts as</th><th scope=\"col\">Justification</th></tr></thead>\n<tbody>\n");
        foreach (Finding finding in adjusted)
        {
            page.Raw("<tr>").Element("td", "class=\"code\"", finding.Code).Element("td", "", finding.Severity.ToString()).Element("td", "", finding.Justification).Raw("</tr>\n");
        }

        page.Raw("</tbody>\n</table></div>\n</section>\n");
    }
}
