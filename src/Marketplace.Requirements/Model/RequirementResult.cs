namespace Marketplace.Requirements.Model;

/// <summary>What one requirement came to.</summary>
public sealed record RequirementResult
{
    /// <summary>The requirement's id.</summary>
    public required string Id { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>The section of the guide; empty when the guide does not treat it.</summary>
    public required string Section { get; init; }

    /// <summary>Why it is asked; plain sentences without the last full stop.</summary>
    public required string Why { get; init; }

    /// <summary>What the levels ask, oldest first, those that were not asked for included.</summary>
    public required IReadOnlyList<LevelCriterion> Criteria { get; init; }

    /// <summary>The answer.</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>Why, for every outcome but Passed and Failed; empty otherwise.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What was found; never empty when the outcome is Failed.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}
