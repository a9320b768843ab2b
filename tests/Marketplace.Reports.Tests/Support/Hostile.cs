using Marketplace.Requirements.Model;

namespace Marketplace.Reports.Tests.Support;

/// <summary>A report every word of which came from someone hostile.</summary>
internal static class Hostile
{
    public static ValidationReport Report(string text)
    {
        Finding finding = new()
        {
            Code = "MKT2011",
            Severity = Severity.Error,
            Outcome = Outcome.Failed,
            File = text,
            PathInDisk = "/" + text,
            Line = 1,
            Evidence = text,
            Found = text,
            Asked = text,
            Levels = [RequirementsLevel.Current],
            Section = "2.4",
            Why = text,
            Remedy = text,
            Repair = new Repair(RepairStage.Cleanup, text),
            Justification = text,
        };
        return SampleReports.Good with
        {
            Image = SampleReports.Good.Image with { Publisher = text, Offer = text, Sku = text, Version = text, OperatingSystem = text, RecommendedSizes = [text] },
            Generation = text,
            Disks = [SampleReports.Good.Disks[0] with { Path = text, Caching = text, PartitionTable = text, Areas = [.. SampleReports.Good.Disks[0].Areas.Select(area => area with { Name = text, Type = text, Content = text, Label = text, Problem = text })] }],
            Results = [.. SampleReports.Good.Results.Select(result => result.Id == "MKT2011" ? result with { Outcome = Outcome.Failed, Findings = [finding], Title = text, Why = text } : result with { Reason = text })],
            DeclarationFindings = [finding with { Code = "MKT0012" }],
        };
    }
}
