using Marketplace.Requirements.Declaration;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Engine;

/// <summary>The adjustments of a project, judged.</summary>
internal sealed class OverrideSet
{
    private readonly Dictionary<string, (Severity Severity, string Justification)> _byId = new(StringComparer.Ordinal);

    private OverrideSet()
    {
    }

    /// <summary>Reads the adjustments; wrong ones are findings and have no effect.</summary>
    public static OverrideSet Read(
        IReadOnlyList<RequirementOverride> overrides,
        IReadOnlyList<Requirement> requirements,
        IReadOnlyList<RequirementsLevel> levels,
        string projectFile,
        List<Finding> findings)
    {
        OverrideSet set = new();
        foreach (RequirementOverride item in overrides)
        {
            string id = item.Id.Trim().ToUpperInvariant();
            string shown = Evidence.Quote(item.Id);
            if (requirements.FirstOrDefault(requirement => requirement.Id == id) is not { } requirement)
            {
                Add($"VmImageRequirement \"{shown}\" is not the id of a requirement", "write an id of docs/requirements.md, for example MKT1006");
            }
            else if (!TryParseSeverity(item.Severity, out Severity severity))
            {
                Add($"the Severity of VmImageRequirement {id} is \"{Evidence.Quote(item.Severity)}\"", "write Error, Warning, Info or None");
            }
            else if (severity < SeverityPolicy.Highest(requirement, levels) && string.IsNullOrWhiteSpace(item.Justification))
            {
                Add($"VmImageRequirement {id} lowers the severity to {severity} without a Justification", $"add Justification=\"…\" to the VmImageRequirement item of {id}");
            }
            else if (!set._byId.TryAdd(id, (severity, Evidence.OneLine(item.Justification).Trim())))
            {
                Add($"VmImageRequirement {id} is there twice", "keep one item for each requirement");
            }
        }

        return set;

        void Add(string found, string remedy) => findings.Add(DeclarationFault.Create(
            DeclarationFault.BadOverride,
            projectFile,
            found,
            "a VmImageRequirement item names a known requirement, one of the severities Error, Warning, Info or None, and a Justification when it lowers the severity",
            remedy));
    }

    /// <summary>The adjustment of a requirement, or null.</summary>
    public (Severity Severity, string Justification)? Find(string id) => _byId.TryGetValue(id, out (Severity, string) found) ? found : null;

    private static bool TryParseSeverity(string text, out Severity severity)
    {
        // Enum.TryParse would also take numbers.
        Severity? parsed = text.Trim().ToUpperInvariant() switch
        {
            "ERROR" => Severity.Error,
            "WARNING" => Severity.Warning,
            "INFO" => Severity.Info,
            "NONE" => Severity.None,
            _ => null,
        };
        severity = parsed ?? Severity.None;
        return parsed is not null;
    }
}
