using System.Globalization;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Reports.Html;

/// <summary>One requirement that did not pass: what was found and where, what is asked and by whom, why, and how to mend it.</summary>
internal static class FindingCard
{
    /// <summary>Writes the card of a requirement.</summary>
    public static void Write(Markup page, RequirementResult result)
    {
        (string style, string badge) = Badge(result);
        Open(page, style, badge, result.Id, result.Title);
        Finding[] findings = [.. result.Findings.Where(finding => finding.Outcome != Outcome.Inconclusive)];
        if (result.Reason.Length > 0 && findings.All(finding => finding.Found != result.Reason))
        {
            string lead = result.Outcome switch
            {
                Outcome.Inconclusive => "Could not be checked: ",
                Outcome.NotChecked => "Not checked here: ",
                Outcome.NotApplicable => "Not applicable: ",
                _ => "",
            };
            page.Element("p", "class=\"found\"", $"{lead}{result.Reason}.");
        }

        foreach (Finding finding in findings)
        {
            WriteFound(page, finding);
        }

        page.Raw("<dl>\n");
        foreach (string asked in findings.Select(finding => finding.Asked).Distinct().Where(asked => result.Criteria.All(criterion => criterion.Asked != asked)))
        {
            page.Term("Asked", Sentence(asked));
        }

        WriteCriteria(page, result, findings);
        page.Term("Why", Sentence(result.Why));
        IEnumerable<Finding> remedies = findings.Length > 0 ? findings : result.Findings;
        foreach (string remedy in remedies.Select(finding => finding.Remedy).Distinct())
        {
            page.Term("To mend it", Sentence(remedy));
        }

        string[] commands = [.. findings.Select(finding => finding.Repair?.Commands.Trim('\n') ?? "").Where(text => text.Length > 0).Distinct()];
        if (commands.Length > 0)
        {
            page.Raw("<div><dt>Step of the repair script</dt><dd>").Element("pre", "", string.Join('\n', commands)).Raw("</dd></div>\n");
        }

        foreach (string justification in findings.Select(finding => finding.Justification).Where(text => text.Length > 0).Distinct())
        {
            page.Term("Adjusted by the project", justification);
        }

        page.Raw("</dl>\n</article>\n");
    }

    /// <summary>Writes the card of a fault of the declaration.</summary>
    public static void WriteFault(Markup page, Finding finding)
    {
        Open(page, "bad", "Error", finding.Code, "Fault of the project");
        WriteFound(page, finding);
        page.Raw("<dl>\n").Term("Asked", Sentence(finding.Asked)).Term("To mend it", Sentence(finding.Remedy)).Raw("</dl>\n</article>\n");
    }

    private static void Open(Markup page, string style, string badge, string code, string title) =>
        page.Raw($"<article class=\"{style}\">\n<h4><span class=\"badge\">{badge}</span> ").Element("span", "class=\"code\"", code).Raw(" ").Text(title).Raw("</h4>\n");

    private static void WriteFound(Markup page, Finding finding)
    {
        page.Raw("<div class=\"found\">").Element("p", "", Sentence(UpperFirst(finding.Found)));
        string place = finding.PathInDisk.Length == 0 ? finding.File
            : $"{finding.PathInDisk}{(finding.Line > 0 ? ", line " + finding.Line.ToString(CultureInfo.InvariantCulture) : "")} in {finding.File}";
        if (place.Length > 0)
        {
            page.Element("p", "class=\"place\"", place);
        }

        if (finding.Evidence.Length > 0)
        {
            page.Element("pre", "class=\"evidence\"", finding.Evidence);
        }

        page.Raw("</div>\n");
    }

    private static void WriteCriteria(Markup page, RequirementResult result, Finding[] findings)
    {
        // Of a failure the levels that ask for it; of what was not checked all that would.
        LevelCriterion[] asked = [.. result.Criteria.Where(criterion => findings.Length == 0 || findings.Any(finding => finding.Levels.Contains(criterion.Level)))];
        foreach (IGrouping<string, LevelCriterion> same in asked.GroupBy(criterion => criterion.Asked))
        {
            page.Raw("<div><dt>Asked by ").Text(string.Join(" and ", same.Select(criterion => LevelNames.Of(criterion.Level)))).Raw("</dt><dd>")
                .Text(Sentence(UpperFirst(same.Key))).Raw(" ")
                .Element("span", "class=\"source\"", string.Join("; ", same.Select(criterion => criterion.Source).Distinct()))
                .Raw("</dd></div>\n");
        }
    }

    private static (string Style, string Badge) Badge(RequirementResult result) => result.Outcome switch
    {
        Outcome.Inconclusive => ("open", "Inconclusive"),
        Outcome.NotChecked => ("open", "Not checked"),
        _ => result.Findings.Select(finding => finding.Severity).DefaultIfEmpty(Severity.None).Max() switch
        {
            Severity.Error => ("bad", "Error"),
            Severity.Warning => ("warn", "Warning"),
            Severity.Info => ("info", "Note"),
            _ => ("info", "Accepted"),
        },
    };

    private static string UpperFirst(string text) =>
        text.Length > 1 && char.IsLower(text[0]) && !text.Split(' ')[0].AsSpan().ContainsAny("./_=") ? char.ToUpperInvariant(text[0]) + text[1..] : text;

    private static string Sentence(string text) => text.Length == 0 || text[^1] is '.' or '?' or '!' ? text : text + ".";
}
