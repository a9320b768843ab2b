using System.Text.Json;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Reports.Sarif;

/// <summary>A validation as SARIF 2.1.0: every requirement is a rule, and every outcome a result of the kind the specification has for it.</summary>
internal static class SarifReport
{
    private const string SchemaUri = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    /// <summary>The report as text.</summary>
    /// <param name="report">The report; its paths are relative to the project.</param>
    /// <param name="projectFolder">The folder of the project within the repository, with forward slashes; empty when it is its root.</param>
    public static string Write(ValidationReport report, string projectFolder)
    {
        SarifRules rules = new(report);
        SarifPlaces places = new(report.Image.ProjectFile, projectFolder);
        SarifRun run = new(
            new SarifTool(new SarifDriver("Marketplace.Build.Sdk", ToolVersion.Text, "en", rules.All)),
            new SarifAutomationDetails($"{report.Image.Publisher}/{report.Image.Offer}/{report.Image.Sku}/"),
            [new SarifInvocation(ExecutionSuccessful: true, report.Time.ToUniversalTime())],
            "utf16CodeUnits",
            new Dictionary<string, SarifArtifactLocation>
            {
                [SarifPlaces.BaseId] = new() { Description = new SarifText("The root of the repository, or the folder of the project when it is in none.") },
            },
            [.. Results(report, rules, places)],
            new SarifRunProperties(report.Succeeded, [.. report.Levels.Select(LevelNames.Of)], report.Generation));
        return JsonSerializer.Serialize(new SarifLog(SchemaUri, "2.1.0", [run]), SarifJsonContext.Default.SarifLog);
    }

    private static IEnumerable<SarifResult> Results(ValidationReport report, SarifRules rules, SarifPlaces places)
    {
        SarifFingerprint fingerprint = new();

        // Requirements that could not be checked are warnings of the build, and so are failures here too, once for each cause.
        IEnumerable<Finding> failures = report.DeclarationFindings
            .Concat(report.Diagnostics.Where(finding => finding.Outcome == Outcome.Inconclusive))
            .Concat(report.Results.SelectMany(result => result.Findings).Where(finding => finding.Outcome != Outcome.Inconclusive));
        foreach (Finding finding in failures)
        {
            yield return new SarifResult(
                finding.Code,
                rules.IndexOf(finding.Code),
                "fail",
                SarifRules.LevelOf(finding.Severity),
                new SarifText(Plain(Message(finding))),
                [places.Of(finding)])
            {
                RelatedLocations = places.Related(finding),
                PartialFingerprints = fingerprint.Next(finding),
                Suppressions = Suppressions(finding),
            };
        }

        foreach (RequirementResult result in report.Results.Where(result => result.Outcome != Outcome.Failed))
        {
            yield return new SarifResult(
                result.Id,
                rules.IndexOf(result.Id),
                KindOf(result.Outcome),
                "none",
                new SarifText(Plain($"{result.Title}: {(result.Reason.Length > 0 ? result.Reason : "as asked")}.")),
                [places.AtProject()]);
        }
    }

    private static string Message(Finding finding) => finding.File.Length == 0 ? finding.ToMessage() : $"{finding.File}: {finding.ToMessage()}";

    // A finding the project only made a warning is still shown as one; its message has the justification.
    private static SarifSuppression[]? Suppressions(Finding finding) =>
        finding.Justification.Length > 0 && finding.Severity < Severity.Warning
            ? [new SarifSuppression("external", "accepted", finding.Justification)]
            : null;

    // 3.27.9: "open" is evaluated with too little to decide; "review" is for a person to decide.
    private static string KindOf(Outcome outcome) => outcome switch
    {
        Outcome.Passed => "pass",
        Outcome.NotApplicable => "notApplicable",
        Outcome.Inconclusive => "open",
        Outcome.NotChecked => "review",
        _ => "fail",
    };

    // 3.11: brackets begin links and braces placeholders; words from a disk must make neither.
    private static string Plain(string text) => text
        .Replace("[", "\\[", StringComparison.Ordinal)
        .Replace("]", "\\]", StringComparison.Ordinal)
        .Replace("{", "{{", StringComparison.Ordinal)
        .Replace("}", "}}", StringComparison.Ordinal);
}
