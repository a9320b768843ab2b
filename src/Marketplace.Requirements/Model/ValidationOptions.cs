using Marketplace.Requirements.Signatures;

namespace Marketplace.Requirements.Model;

/// <summary>An adjustment of one requirement by the project.</summary>
/// <param name="Id">The requirement, for example <c>MKT1006</c>.</param>
/// <param name="Severity">The severity as written: <c>Error</c>, <c>Warning</c>, <c>Info</c> or <c>None</c>.</param>
/// <param name="Justification">Why; it appears in the report. Required to lower a severity.</param>
public sealed record RequirementOverride(string Id, string Severity, string Justification);

/// <summary>How to validate.</summary>
public sealed record ValidationOptions
{
    /// <summary>The levels as written, separated by semicolons: <c>2015-10</c>, <c>current</c>.</summary>
    public string Levels { get; init; } = "2015-10;current";

    /// <summary>Adjustments of single requirements.</summary>
    public IReadOnlyList<RequirementOverride> Overrides { get; init; } = [];

    /// <summary>
    /// Opens a disk whose path is an address; throws an <see cref="IOException"/> with one sentence when it cannot.
    /// Null when such disks are not read.
    /// </summary>
    public Func<string, RemoteDiskFile>? OpenRemote { get; init; }

    /// <summary>Signed URIs to judge. Secrets: they are in no report.</summary>
    public IReadOnlyList<SuppliedSasUri> SasUris { get; init; } = [];

    /// <summary>Faults of the supplied URIs as such: items, files or variables that cannot be used.</summary>
    public IReadOnlyList<Finding> SasFaults { get; init; } = [];

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
