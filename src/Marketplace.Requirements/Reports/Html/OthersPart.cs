using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Reports.Html;

/// <summary>What passed and what does not apply, in a compact table.</summary>
internal static class OthersPart
{
    /// <summary>Writes it.</summary>
    public static void Write(Markup page, ValidationReport report)
    {
        RequirementResult[] passed = [.. report.Results.Where(result => result.Outcome == Outcome.Passed)];
        RequirementResult[] others = [.. report.Results.Where(result => result.Outcome == Outcome.NotApplicable)];
        if (passed.Length + others.Length == 0)
        {
            return;
        }

        page.Raw("<section id=\"others\">\n<h2>Passed and not applicable</h2>\n<table class=\"compact\">\n<thead><tr><th scope=\"col\">Requirement</th><th scope=\"col\">Section</th><th scope=\"col\">Outcome</th></tr></thead>\n<tbody>\n");
        foreach (RequirementResult result in passed.Concat(others))
        {
            page.Raw("<tr><td>").Element("span", "class=\"code\"", result.Id).Raw(" ").Text(result.Title).Raw("</td>")
                .Element("td", "", result.Section.Length > 0 ? result.Section : "–")
                .Raw(result.Outcome == Outcome.Passed ? "<td class=\"good\">Passed" : "<td class=\"muted\">Not applicable: ").Text(result.Reason).Raw("</td></tr>\n");
        }

        page.Raw("</tbody>\n</table>\n</section>\n");
    }
}
