using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Reports;
using Marketplace.Requirements.Reports.Html;
using Marketplace.Requirements.Reports.Repairs;
using Marketplace.Requirements.Reports.Sarif;

namespace Marketplace.Requirements.Model;

/// <summary>The result of a validation; every report is made from it.</summary>
public sealed record ValidationReport
{
    /// <summary>When the validation ran.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The levels that were asked for.</summary>
    public required IReadOnlyList<RequirementsLevel> Levels { get; init; }

    /// <summary>The declaration that was validated.</summary>
    public required ImageDeclaration Image { get; init; }

    /// <summary>The boot generation <c>V1</c> or <c>V2</c> that was declared or found; empty when unknown.</summary>
    public required string Generation { get; init; }

    /// <summary>The disks, the OS disk first, then data disks by LUN.</summary>
    public required IReadOnlyList<DiskSummary> Disks { get; init; }

    /// <summary>One result for each requirement, ordered by id.</summary>
    public required IReadOnlyList<RequirementResult> Results { get; init; }

    /// <summary>Faults of the declaration itself (codes <c>MKT0…</c>); when there are any, requirements that need the faulty part are inconclusive.</summary>
    public required IReadOnlyList<Finding> DeclarationFindings { get; init; }

    /// <summary>Where customers find the offer, in the form of each level.</summary>
    public IReadOnlyList<OfferAddress> Addresses => OfferAddress.Of(Image);

    /// <summary>
    /// The errors and warnings to show, errors first, then by file and code. Inconclusive requirements with one common cause
    /// are one finding (<c>MKT1090</c>), and none when the cause is shown as an error itself. Infos are in <see cref="Results"/> only.
    /// </summary>
    public IReadOnlyList<Finding> Diagnostics
    {
        get
        {
            List<Finding> shown = [.. DeclarationFindings];
            shown.AddRange(Results.SelectMany(result => result.Findings).Where(finding => finding.Outcome != Outcome.Inconclusive));
            shown.AddRange(CouldNotBeChecked.Group(Results.SelectMany(result => result.Findings).Where(finding => finding.Outcome == Outcome.Inconclusive)));
            return
            [
                .. shown.Where(finding => finding.Severity >= Severity.Warning)
                    .OrderByDescending(finding => finding.Severity)
                    .ThenBy(finding => finding.File, StringComparer.Ordinal)
                    .ThenBy(finding => finding.Code, StringComparer.Ordinal),
            ];
        }
    }

    /// <summary>Whether nothing of severity Error was found.</summary>
    public bool Succeeded => Diagnostics.All(finding => finding.Severity < Severity.Error);

    /// <summary>Number of results of an outcome.</summary>
    /// <param name="outcome">The outcome to count.</param>
    public int Count(Outcome outcome) => Results.Count(result => result.Outcome == outcome);

    /// <summary>The report as <c>validation.json</c>: schema 2, UTF-8, indented.</summary>
    public string ToJson() => ReportDocument.Write(this);

    /// <summary>The report as SARIF 2.1.0, which code-scanning sites show.</summary>
    /// <param name="projectFolder">The folder of the project within its repository, with forward slashes; empty when it is the root.</param>
    public string ToSarif(string projectFolder = "") => SarifReport.Write(this, projectFolder);

    /// <summary>The report as one HTML page that needs nothing else: no script, no file, no network.</summary>
    public string ToHtml() => HtmlReport.Write(this);

    /// <summary>The script that mends the errors and warnings inside the machine; null when it could mend none of them.</summary>
    public RepairScript? ToRepairScript() => RepairScriptWriter.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="System.Text.Json.JsonException">The text is not a report, or has a schema this version does not read.</exception>
    public static ValidationReport FromJson(string json) => ReportDocument.Read(json);
}
