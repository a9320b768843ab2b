using System.Text;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Reports.Sarif;

/// <summary>The rules of a run: every requirement, and the other codes that occur.</summary>
internal sealed class SarifRules
{
    private readonly List<SarifRule> _rules = [];
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);

    /// <summary>The rules of a report's requirements.</summary>
    public SarifRules(ValidationReport report)
    {
        foreach (RequirementResult result in report.Results)
        {
            Add(Describe(result, report.Levels));
        }

        foreach (Finding finding in report.Diagnostics.Where(finding => !_index.ContainsKey(finding.Code)).DistinctBy(finding => finding.Code))
        {
            Add(Describe(finding));
        }
    }

    /// <summary>The rules.</summary>
    public IReadOnlyList<SarifRule> All => _rules;

    /// <summary>The index of a rule.</summary>
    public int IndexOf(string id) => _index[id];

    private void Add(SarifRule rule)
    {
        _index[rule.Id] = _rules.Count;
        _rules.Add(rule);
    }

    private static SarifRule Describe(RequirementResult result, IReadOnlyList<RequirementsLevel> levels)
    {
        string remedy = RequirementCatalog.All.FirstOrDefault(requirement => requirement.Id == result.Id)?.Remedy ?? "";
        LevelCriterion[] asked = [.. result.Criteria.Where(criterion => levels.Contains(criterion.Level))];
        Severity severity = asked.Select(criterion => criterion.Severity).DefaultIfEmpty(Severity.None).Max();
        List<string> tags = ["azure-marketplace"];
        if (result.Section.Length > 0)
        {
            tags.Add("guide/" + result.Section);
        }

        tags.AddRange(result.Criteria.Select(criterion => "level/" + LevelNames.Of(criterion.Level)));
        return new SarifRule(
            result.Id,
            NameOf(result.Title),
            new SarifText(result.Title),
            new SarifText(Sentence(result.Why)),
            Help(result, remedy),
            new SarifConfiguration(severity == Severity.None ? "none" : LevelOf(severity)),
            new SarifTags(tags));
    }

    private static SarifRule Describe(Finding finding)
    {
        string title = finding.Code == CouldNotBeChecked.Code ? "Requirements that could not be checked" : "Fault of the project";
        return new SarifRule(
            finding.Code,
            NameOf(title),
            new SarifText(title),
            new SarifText(Sentence(finding.Asked)),
            new SarifText(Sentence("To mend it: " + finding.Remedy)),
            new SarifConfiguration(LevelOf(finding.Severity)),
            new SarifTags(["azure-marketplace"]));
    }

    private static SarifText Help(RequirementResult result, string remedy)
    {
        StringBuilder text = new();
        StringBuilder markdown = new();
        text.Append("Why: ").Append(Sentence(result.Why));
        markdown.Append(Sentence(result.Why)).Append("\n\n| Level | Severity | What is asked | Source |\n|---|---|---|---|\n");
        foreach (LevelCriterion criterion in result.Criteria)
        {
            text.Append("\nLevel ").Append(LevelNames.Of(criterion.Level)).Append(" (").Append(criterion.Severity).Append("): ")
                .Append(criterion.Asked).Append(". Source: ").Append(criterion.Source).Append('.');
            markdown.Append("| ").Append(LevelNames.Of(criterion.Level)).Append(" | ").Append(criterion.Severity).Append(" | ")
                .Append(Cell(criterion.Asked)).Append(" | ").Append(Cell(criterion.Source)).Append(" |\n");
        }

        if (remedy.Length > 0)
        {
            text.Append("\nTo mend it: ").Append(Sentence(remedy));
            markdown.Append("\n**To mend it:** ").Append(Sentence(remedy)).Append('\n');
        }

        return new SarifText(text.ToString(), markdown.ToString());
    }

    /// <summary>The level of a failure.</summary>
    public static string LevelOf(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "note",
    };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static string Sentence(string text) => text.EndsWith('.') ? text : text + ".";

    // The form the specification gives as an example: words joined, each with a capital.
    private static string NameOf(string title)
    {
        StringBuilder name = new();
        bool start = true;
        foreach (char c in title)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                start = true;
                continue;
            }

            name.Append(start ? char.ToUpperInvariant(c) : c);
            start = false;
        }

        return name.ToString();
    }
}
