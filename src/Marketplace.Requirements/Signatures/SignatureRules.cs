using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Signatures;

/// <summary>Judges signed URIs alone, without disks: for the target that checks URIs, and for those that a publish makes.</summary>
public static class SignatureRules
{
    /// <summary>Judges URIs by MKT4003 to MKT4009 and MKT4014.</summary>
    /// <param name="uris">The URIs; secrets, of which no finding holds a part.</param>
    /// <param name="projectFile">Absolute path of the project, for faults of the options.</param>
    /// <param name="options">Levels, overrides and clock.</param>
    /// <returns>What was found, errors first; findings of severity Info are left out.</returns>
    public static IReadOnlyList<Finding> Judge(IReadOnlyList<SuppliedSasUri> uris, string projectFile, ValidationOptions options)
    {
        ArgumentNullException.ThrowIfNull(uris);
        ArgumentNullException.ThrowIfNull(options);

        List<Finding> findings = [];
        IReadOnlyList<RequirementsLevel> levels = LevelNames.Parse(options.Levels, out _);
        OverrideSet overrides = OverrideSet.Read(options.Overrides, RequirementCatalog.All, levels, projectFile, findings);
        using ImageContext context = new(new ImageDeclaration { ProjectFile = projectFile, OSDisks = [], DataDisks = [] }, null, "", [])
        {
            Signatures = new SuppliedSignatures(uris, false, options.Time.GetUtcNow()),
        };
        Evaluator evaluator = new(context, levels, overrides);
        findings.AddRange(RequirementCatalog.All.OfType<SasRequirement>().SelectMany(requirement => evaluator.Evaluate(requirement).Findings));
        return [.. findings.Where(finding => finding.Severity >= Severity.Warning).OrderByDescending(finding => finding.Severity)];
    }
}
