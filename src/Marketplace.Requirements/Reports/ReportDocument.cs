using System.Text.Json;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Reports;

/// <summary>The shape of <c>validation.json</c>. A change that older readers would misunderstand gets a new schema number.</summary>
internal sealed record ReportDocument
{
    /// <summary>The schema this version writes and reads: <c>docs/validation.schema.json</c>. 1 had no reasons, criteria and layouts.</summary>
    public const int CurrentSchema = 2;

    /// <summary>The schema of the document.</summary>
    public required int Schema { get; init; }

    /// <summary>Whether nothing of severity Error was found.</summary>
    public required bool Succeeded { get; init; }

    /// <summary>When the validation ran.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The levels that were asked for.</summary>
    public required IReadOnlyList<RequirementsLevel> Levels { get; init; }

    /// <summary>The boot generation.</summary>
    public required string Generation { get; init; }

    /// <summary>How many requirements came to each outcome.</summary>
    public required ReportCounts Counts { get; init; }

    /// <summary>The declaration.</summary>
    public required ImageDeclaration Image { get; init; }

    /// <summary>Where customers find the offer.</summary>
    public IReadOnlyList<OfferAddress> Addresses { get; init; } = [];

    /// <summary>The disks.</summary>
    public required IReadOnlyList<DiskSummary> Disks { get; init; }

    /// <summary>Faults of the declaration.</summary>
    public required IReadOnlyList<Finding> DeclarationFindings { get; init; }

    /// <summary>The results.</summary>
    public required IReadOnlyList<RequirementResult> Results { get; init; }

    /// <summary>The report as text.</summary>
    public static string Write(ValidationReport report) => JsonSerializer.Serialize(
        new ReportDocument
        {
            Schema = CurrentSchema,
            Succeeded = report.Succeeded,
            Time = report.Time,
            Levels = report.Levels,
            Generation = report.Generation,
            Counts = new ReportCounts(
                report.Count(Outcome.Passed),
                report.Count(Outcome.Failed),
                report.Count(Outcome.NotApplicable),
                report.Count(Outcome.Inconclusive),
                report.Count(Outcome.NotChecked)),
            Image = report.Image,
            Addresses = report.Addresses,
            Disks = report.Disks,
            DeclarationFindings = report.DeclarationFindings,
            Results = report.Results,
        },
        ReportJsonContext.Default.ReportDocument);

    /// <summary>The report a text was made from.</summary>
    /// <exception cref="JsonException">The text is not a report of this schema.</exception>
    public static ValidationReport Read(string json)
    {
        ReportDocument document = JsonSerializer.Deserialize(json, ReportJsonContext.Default.ReportDocument)
            ?? throw new JsonException("The text is not a validation report.");
        if (document.Schema != CurrentSchema)
        {
            throw new JsonException($"The validation report has schema {document.Schema}; this version reads schema {CurrentSchema}.");
        }

        return new ValidationReport
        {
            Time = document.Time,
            Levels = document.Levels,
            Image = document.Image,
            Generation = document.Generation,
            Disks = document.Disks,
            Results = document.Results,
            DeclarationFindings = document.DeclarationFindings,
        };
    }
}
