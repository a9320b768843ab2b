using Marketplace.Requirements;
using Marketplace.Requirements.Model;

namespace Marketplace.FaultTable;

/// <summary>Validates a disk as the OS disk of an image that is declared without fault.</summary>
internal static class SystemCheck
{
    /// <summary>The report.</summary>
    public static ValidationReport Validate(string disk, string system) => ImageValidator.Validate(
        new ImageDeclaration
        {
            ProjectFile = Path.Combine(Path.GetDirectoryName(disk)!, "appliance.vmproj"),
            OSDisks = [new DiskDeclaration { Path = disk, DisplayPath = Path.GetFileName(disk), Caching = "ReadWrite" }],
            DataDisks = [],
            Version = "1.0.0",
            Publisher = "contoso",
            Offer = "appliance",
            Sku = "standard",
            OSFamily = "Linux",
            OperatingSystem = char.ToUpperInvariant(system[0]) + system[1..].Replace('-', ' '),
            RecommendedSizes = ["Standard_D2s_v5", "Standard_D4s_v5", "Standard_D8s_v5"],
        },
        new ValidationOptions { Levels = "2015-10;current" },
        CancellationToken.None);

    /// <summary>The errors and warnings as <c>CODE:Severity</c>, each once.</summary>
    public static IReadOnlyList<string> Found(ValidationReport report) =>
        [.. report.Diagnostics.Select(finding => $"{finding.Code}:{finding.Severity}").Distinct(StringComparer.Ordinal)];

    /// <summary>The errors and warnings in words.</summary>
    public static string Describe(ValidationReport report) =>
        string.Join('\n', report.Diagnostics.Select(finding => $"      {finding.Severity} {finding.Code} {finding.PathInDisk}{(finding.Line > 0 ? ":" + finding.Line : "")} {finding.Found}"));
}
