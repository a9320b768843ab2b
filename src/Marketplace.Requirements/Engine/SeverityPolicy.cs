using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Engine;

/// <summary>How levels decide the severity of an observation: the stricter one wins, except where the newest one does.</summary>
internal static class SeverityPolicy
{
    /// <summary>The severity of an observation at one level.</summary>
    public static Severity At(Requirement requirement, Observation observation, RequirementsLevel level)
    {
        if (requirement.At(level) is not { } criterion)
        {
            return Severity.None;
        }

        return (level == RequirementsLevel.Guide201510 ? observation.Guide : observation.Current) ?? criterion.Severity;
    }

    /// <summary>The levels that count for a requirement among those asked for.</summary>
    public static IEnumerable<RequirementsLevel> Counting(Requirement requirement, IReadOnlyList<RequirementsLevel> levels)
    {
        IEnumerable<RequirementsLevel> asking = levels.Where(level => requirement.At(level) is not null);
        return requirement.NewestWins ? asking.TakeLast(1) : asking;
    }

    /// <summary>The severity of a plain breach of a requirement; None when no level asks for it.</summary>
    public static Severity Highest(Requirement requirement, IReadOnlyList<RequirementsLevel> levels) =>
        Counting(requirement, levels).Select(level => requirement.At(level)!.Severity).DefaultIfEmpty(Severity.None).Max();
}
