using Marketplace.DiskImages;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Engine;

/// <summary>Runs one requirement and turns its answer into a result.</summary>
internal sealed class Evaluator(ImageContext context, IReadOnlyList<RequirementsLevel> levels, OverrideSet overrides)
{
    /// <summary>The most findings of one requirement: a disk made to flood the report must not.</summary>
    public const int MaxFindings = 50;

    /// <summary>Checks a requirement.</summary>
    public RequirementResult Evaluate(Requirement requirement)
    {
        if (!SeverityPolicy.Counting(requirement, levels).Any())
        {
            return Result(requirement, Outcome.NotApplicable, $"the level {string.Join(", ", levels.Select(LevelNames.Of))} does not ask for it", []);
        }

        try
        {
            CheckResult result = requirement.Check(context);
            Finding[] findings = [.. result.Observations.Select(observation => ToFinding(requirement, observation)).OfType<Finding>()];
            int more = findings.Length - MaxFindings;
            if (more > 0)
            {
                findings = [.. findings.OrderByDescending(finding => finding.Severity).Take(MaxFindings)];
                findings[^1] = findings[^1] with { Found = $"{findings[^1].Found}; {more} more findings of {requirement.Id} are not listed" };
            }

            Outcome outcome = result.Outcome != Outcome.Failed || findings.Any(IsBreach) ? result.Outcome : Outcome.Passed;
            return Result(requirement, outcome, result.Reason, [.. findings.Select(finding => Adjust(requirement, finding))]);
        }
        catch (CannotCheckException exception)
        {
            return Inconclusive(requirement, exception.Message, exception.Reported && !exception.ReportedBy.Any(IsLowered));
        }
        catch (DiskFormatException exception)
        {
            return Inconclusive(requirement, Evidence.OneLine(exception.Message), reported: false);
        }
        catch (IOException exception) when (exception is not (FileNotFoundException or FileLoadException))
        {
            // The disks are open: what cannot be found or loaded now is a part of this program, and no answer about the image.
            return Inconclusive(requirement, "a disk could not be read: " + Evidence.OneLine(exception.Message).TrimEnd('.'), reported: false);
        }
    }

    // Before adjustments: an Info is worth knowing but no breach.
    private static bool IsBreach(Finding finding) => finding.Severity >= Severity.Warning;

    // A project that lowers the cause must still be told what was not checked because of it.
    private bool IsLowered(string id) => overrides.Find(id) is { Severity: < Severity.Error };

    private static RequirementResult Result(Requirement requirement, Outcome outcome, string reason, IReadOnlyList<Finding> findings) => new()
    {
        Id = requirement.Id,
        Title = requirement.Title,
        Section = requirement.Section,
        Why = requirement.Why,
        Criteria = [.. Enum.GetValues<RequirementsLevel>()
            .Where(level => requirement.At(level) is not null)
            .Select(level => new LevelCriterion(level, requirement.At(level)!.Severity, requirement.At(level)!.Asked, requirement.At(level)!.Source))],
        Outcome = outcome,
        Reason = reason,
        Findings = findings,
    };

    private Finding? ToFinding(Requirement requirement, Observation observation)
    {
        RequirementsLevel[] asking = [.. SeverityPolicy.Counting(requirement, levels)
            .Where(level => SeverityPolicy.At(requirement, observation, level) > Severity.None)];
        if (asking.Length == 0)
        {
            return null;
        }

        // The words are those of the level that decides, of the newer one when they agree.
        Severity severity = asking.Max(level => SeverityPolicy.At(requirement, observation, level));
        RequirementsLevel deciding = asking.Last(level => SeverityPolicy.At(requirement, observation, level) == severity);
        return new Finding
        {
            Code = requirement.Id,
            Severity = severity,
            Outcome = Outcome.Failed,
            File = observation.File,
            PathInDisk = observation.PathInDisk,
            Line = observation.Line,
            Evidence = Evidence.Quote(observation.Evidence),
            Found = Evidence.OneLine(observation.Found),
            Asked = observation.Asked.Length > 0 ? observation.Asked : requirement.At(deciding)!.Asked,
            Levels = asking,
            Section = requirement.Section,
            Why = requirement.Why,
            Repair = observation.Repair,
            Remedy = observation.Remedy.Length > 0 ? observation.Remedy : requirement.Remedy,
        };
    }

    private Finding Adjust(Requirement requirement, Finding finding)
    {
        // A note on a requirement that is kept stays a note; a requirement that only informs can be made stricter.
        bool adjustable = IsBreach(finding) || SeverityPolicy.Highest(requirement, levels) == Severity.Info;
        return adjustable && overrides.Find(requirement.Id) is { } adjustment
            ? finding with { Severity = adjustment.Severity, Justification = adjustment.Justification }
            : finding;
    }

    private RequirementResult Inconclusive(Requirement requirement, string reason, bool reported)
    {
        bool silent = reported
            || SeverityPolicy.Highest(requirement, levels) < Severity.Warning
            || overrides.Find(requirement.Id) is { Severity: < Severity.Warning };
        Finding[] findings = silent ? [] :
        [
            new Finding
            {
                Code = requirement.Id,
                Severity = Severity.Warning,
                Outcome = Outcome.Inconclusive,
                File = context.OSDisk?.Path is { Length: > 0 } path ? path : context.Image.ProjectFile,
                Found = reason,
                Asked = SeverityPolicy.Counting(requirement, levels).Select(level => requirement.At(level)!.Asked).Last(),
                Levels = [.. SeverityPolicy.Counting(requirement, levels)],
                Section = requirement.Section,
                Why = requirement.Why,
                Remedy = CouldNotBeChecked.Remedy,
            },
        ];
        return Result(requirement, Outcome.Inconclusive, reason, findings);
    }
}
