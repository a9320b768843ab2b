using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Reports.Html;

/// <summary>Everything that did not pass, by section of the guide: failures, and with the same weight what nobody could check.</summary>
internal static class FindingsPart
{
    /// <summary>Writes it.</summary>
    public static void Write(Markup page, ValidationReport report)
    {
        page.Raw("<section id=\"findings\">\n<h2>To mend, to check, to know</h2>\n");
        if (report.DeclarationFindings.Count > 0)
        {
            page.Element("h3", "", "The project");
            foreach (Finding finding in report.DeclarationFindings)
            {
                FindingCard.WriteFault(page, finding);
            }
        }

        RequirementResult[] shown = [.. report.Results.Where(IsShown)];
        foreach (IGrouping<string, RequirementResult> section in shown.GroupBy(result => result.Section).OrderBy(group => group.Key.Length == 0).ThenBy(group => group.Key, StringComparer.Ordinal))
        {
            page.Element("h3", "", section.Key.Length > 0 ? $"Section {section.Key} of the guide{TitleOf(section.Key)}" : "Not in the guide: asked by certification today");
            foreach (RequirementResult result in section.OrderByDescending(Weight).ThenBy(result => result.Id, StringComparer.Ordinal))
            {
                FindingCard.Write(page, result);
            }
        }

        if (shown.Length == 0 && report.DeclarationFindings.Count == 0)
        {
            page.Element("p", "class=\"muted\"", "Nothing: every requirement passed or does not apply.");
        }

        page.Raw("</section>\n");
    }

    // A note on a requirement that passed is worth knowing too.
    private static bool IsShown(RequirementResult result) =>
        result.Outcome is Outcome.Failed or Outcome.Inconclusive or Outcome.NotChecked || result.Findings.Count > 0;

    private static int Weight(RequirementResult result) => result.Outcome switch
    {
        Outcome.Inconclusive => 25,
        Outcome.NotChecked => 15,
        _ => 10 * (int)result.Findings.Select(finding => finding.Severity).DefaultIfEmpty(Severity.None).Max(),
    };

    private static string TitleOf(string section) => section[0] switch
    {
        '1' => ": offers and SKUs",
        '2' => ": Linux images",
        '3' => ": Windows images",
        '5' => ": publishing",
        _ => "",
    };
}
