using System.Text.Json.Serialization;

namespace Marketplace.Requirements.Reports.Sarif;

// The parts of SARIF 2.1.0 (OASIS Standard, errata 01) that the report uses; names are those of the specification, section 3.

/// <summary>sarifLog, 3.13.</summary>
internal sealed record SarifLog(
    [property: JsonPropertyName("$schema")] string Schema,
    string Version,
    IReadOnlyList<SarifRun> Runs);

/// <summary>run, 3.14.</summary>
internal sealed record SarifRun(
    SarifTool Tool,
    SarifAutomationDetails AutomationDetails,
    IReadOnlyList<SarifInvocation> Invocations,
    string ColumnKind,
    IReadOnlyDictionary<string, SarifArtifactLocation> OriginalUriBaseIds,
    IReadOnlyList<SarifResult> Results,
    SarifRunProperties Properties);

/// <summary>What of the validation has no place of its own in a run.</summary>
internal sealed record SarifRunProperties(bool Succeeded, IReadOnlyList<string> Levels, string Generation);

/// <summary>runAutomationDetails, 3.17: which image the run is about.</summary>
internal sealed record SarifAutomationDetails(string Id);

/// <summary>tool, 3.18.</summary>
internal sealed record SarifTool(SarifDriver Driver);

/// <summary>toolComponent, 3.19.</summary>
internal sealed record SarifDriver(string Name, string SemanticVersion, string Language, IReadOnlyList<SarifRule> Rules);

/// <summary>reportingDescriptor, 3.49.</summary>
internal sealed record SarifRule(
    string Id,
    string Name,
    SarifText ShortDescription,
    SarifText FullDescription,
    SarifText Help,
    SarifConfiguration DefaultConfiguration,
    SarifTags Properties);

/// <summary>reportingConfiguration, 3.50.</summary>
internal sealed record SarifConfiguration(string Level);

/// <summary>The tags of a property bag, 3.8.2.</summary>
internal sealed record SarifTags(IReadOnlyList<string> Tags);

/// <summary>message, 3.11, or multiformatMessageString, 3.12.</summary>
internal sealed record SarifText(string Text, string? Markdown = null);

/// <summary>invocation, 3.20.</summary>
internal sealed record SarifInvocation(bool ExecutionSuccessful, DateTimeOffset EndTimeUtc);

/// <summary>result, 3.27.</summary>
internal sealed record SarifResult(
    string RuleId,
    int RuleIndex,
    string Kind,
    string Level,
    SarifText Message,
    IReadOnlyList<SarifLocation> Locations)
{
    public IReadOnlyList<SarifLocation>? RelatedLocations { get; init; }

    public IReadOnlyDictionary<string, string>? PartialFingerprints { get; init; }

    public IReadOnlyList<SarifSuppression>? Suppressions { get; init; }
}

/// <summary>location, 3.28.</summary>
internal sealed record SarifLocation
{
    public int? Id { get; init; }

    public SarifPhysicalLocation? PhysicalLocation { get; init; }

    public IReadOnlyList<SarifLogicalLocation>? LogicalLocations { get; init; }

    public SarifText? Message { get; init; }
}

/// <summary>physicalLocation, 3.29.</summary>
internal sealed record SarifPhysicalLocation(SarifArtifactLocation ArtifactLocation, SarifRegion? Region = null);

/// <summary>artifactLocation, 3.4.</summary>
internal sealed record SarifArtifactLocation
{
    public string? Uri { get; init; }

    public string? UriBaseId { get; init; }

    public SarifText? Description { get; init; }
}

/// <summary>region, 3.30.</summary>
internal sealed record SarifRegion(int StartLine);

/// <summary>logicalLocation, 3.33: a file inside a disk.</summary>
internal sealed record SarifLogicalLocation(string Name, string FullyQualifiedName, string Kind);

/// <summary>suppression, 3.35.</summary>
internal sealed record SarifSuppression(string Kind, string Status, string Justification);
