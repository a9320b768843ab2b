using System.Globalization;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Signatures;
using Microsoft.Build.Framework;

namespace Marketplace.Build.Tasks;

/// <summary>Judges signed URIs that a user supplies, and nothing else: no disk is opened and nothing is sent.</summary>
public sealed class CheckVmImageSasUris : VmImageTask
{
    /// <summary>What leads to the URIs: files, or environment variables by the metadata FromEnvironment.</summary>
    public ITaskItem[] SasUris { get; set; } = [];

    /// <summary>The levels, separated by semicolons.</summary>
    public string Requirements { get; set; } = "";

    /// <summary>Adjusted requirements: id, with metadata Severity and Justification.</summary>
    public ITaskItem[] RequirementOverrides { get; set; } = [];

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var items = SasUriItems.Read(ProjectFile, SasUris);
        var options = new ValidationOptions { Levels = Requirements, Overrides = RequirementOverride(RequirementOverrides) };
        var findings = items.Faults.Concat(SignatureRules.Judge(items.Uris, ProjectFile, options)).ToList();
        findings.ForEach(Diagnostics.Finding);
        Diagnostics.Line(SasUris.Length == 0
            ? "No SAS URI is supplied (VmImageSasUri): none was checked."
            : string.Create(CultureInfo.InvariantCulture, $"{items.Uris.Count} SAS URI(s) checked: {findings.Count(finding => finding.Severity == Severity.Error)} error(s), {findings.Count(finding => finding.Severity == Severity.Warning)} warning(s)"));
        return Task.CompletedTask;
    }

    internal static IReadOnlyList<RequirementOverride> RequirementOverride(IEnumerable<ITaskItem> items) =>
        [.. items.Select(item => new RequirementOverride(item.ItemSpec, item.GetMetadata("Severity"), item.GetMetadata("Justification")))];
}
