using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Reports.Repairs;

/// <summary>One step of a repair script: commands, and everything that was found which they mend.</summary>
/// <param name="Repair">The commands.</param>
/// <param name="Findings">What they mend; never empty.</param>
internal sealed record RepairStep(Repair Repair, IReadOnlyList<Finding> Findings)
{
    /// <summary>The steps of a report: by stage, then by code; commands that are the same once, in the earliest stage that asks for them.</summary>
    public static IReadOnlyList<RepairStep> Of(IEnumerable<Finding> findings) =>
    [
        .. findings.Where(finding => finding.Repair is not null)
            .OrderBy(finding => finding.Repair!.Stage)
            .ThenBy(finding => finding.Code, StringComparer.Ordinal)
            .GroupBy(finding => finding.Repair!.Commands, StringComparer.Ordinal)
            .Select(group => new RepairStep(group.First().Repair!, [.. group])),
    ];

    /// <summary>What the step is told by while the script runs: the codes and places, at most three.</summary>
    public string Label
    {
        get
        {
            string[] names = [.. Findings.Select(finding => ScriptText.Comment(finding.Code + " " + ScriptText.Place(finding))).Distinct(StringComparer.Ordinal)];
            return string.Join(", ", names.Take(3)) + (names.Length > 3 ? $" and {names.Length - 3} more" : "");
        }
    }
}
