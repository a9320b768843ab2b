using System.Globalization;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Reports.Html;

/// <summary>The top of the page: whether the image may be published, in one sentence, and the counts.</summary>
internal static class VerdictPart
{
    /// <summary>The verdict.</summary>
    /// <param name="Class">Its class in the style sheet.</param>
    /// <param name="Headline">In a few words.</param>
    /// <param name="Sentence">In a sentence.</param>
    internal sealed record Verdict(string Class, string Headline, string Sentence);

    /// <summary>The name of the image.</summary>
    public static string NameOf(ValidationReport report)
    {
        string[] parts = [.. new[] { report.Image.Publisher, report.Image.Offer, report.Image.Sku }.Where(part => part.Length > 0)];
        string name = parts.Length > 0 ? string.Join(" / ", parts) : Path.GetFileNameWithoutExtension(report.Image.ProjectFile);
        return report.Image.Version.Length > 0 ? $"{name} {report.Image.Version}" : name;
    }

    /// <summary>The verdict of a report.</summary>
    public static Verdict Of(ValidationReport report)
    {
        IReadOnlyList<Finding> shown = report.Diagnostics;
        int errors = shown.Count(finding => finding.Severity == Severity.Error);
        int warnings = shown.Count(finding => finding.Severity == Severity.Warning && finding.Outcome != Outcome.Inconclusive);
        int unknown = report.Count(Outcome.Inconclusive);
        string also = warnings > 0 ? $" {Markup.Count(warnings, "warning")} besides." : "";
        int later = report.Count(Outcome.NotChecked);
        string live = later > 0 ? $" {Markup.Count(later, "requirement")} can only be answered by a running machine or a publish." : "";
        string open = unknown > 0 ? $" {Markup.Count(unknown, "requirement")} could not be checked." : "";
        return errors > 0 ? new("bad", "Not fit to publish", $"{Markup.Count(errors, "error")} to mend before this image can be published.{also}{open}")
            : unknown > 0 ? new("open", "Not fully checked", $"Nothing was found that forbids publishing, but {Markup.Count(unknown, "requirement")} could not be checked.{also}{live}")
            : warnings > 0 ? new("warn", "Fit to publish, with warnings", $"No errors. {Markup.Count(warnings, "warning")} to look at first.{live}")
            : new("good", "Fit to publish", $"Everything that can be checked on the disks and the project is as asked.{live}");
    }

    /// <summary>Writes it.</summary>
    public static void Write(Markup page, ValidationReport report)
    {
        Verdict verdict = Of(report);
        page.Raw($"<header class=\"{verdict.Class}\">\n")
            .Element("p", "class=\"kind\"", "Azure Marketplace image validation")
            .Element("h1", "", verdict.Headline)
            .Element("p", "class=\"name\"", NameOf(report))
            .Element("p", "class=\"sentence\"", verdict.Sentence)
            .Raw("<ul class=\"counts\">\n");
        foreach ((Outcome outcome, string name, string style) in Outcomes)
        {
            int count = report.Count(outcome);
            page.Raw($"<li class=\"{(count > 0 ? style : "none")}\"><b>{count.ToString(CultureInfo.InvariantCulture)}</b> <span>").Text(name).Raw("</span></li>\n");
        }

        page.Raw("</ul>\n")
            .Element("p", "class=\"levels\"", $"Held to: {string.Join(", ", report.Levels.Select(LevelText))}")
            .Raw("</header>\n");
    }

    /// <summary>A level in words.</summary>
    public static string LevelText(RequirementsLevel level) => level == RequirementsLevel.Guide201510
        ? $"{LevelNames.Of(level)} (the guide of October 2015)"
        : $"{LevelNames.Of(level)} (what certification asks today)";

    private static readonly (Outcome Outcome, string Name, string Style)[] Outcomes =
    [
        (Outcome.Failed, "failed", "bad"),
        (Outcome.Inconclusive, "inconclusive", "open"),
        (Outcome.NotChecked, "not checked", "open"),
        (Outcome.Passed, "passed", "good"),
        (Outcome.NotApplicable, "not applicable", "none"),
    ];
}
