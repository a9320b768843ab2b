namespace Marketplace.Requirements.Model;

/// <summary>The answer of a check.</summary>
public enum Outcome
{
    /// <summary>Everything the requirement looks at was read and is as asked.</summary>
    Passed,

    /// <summary>Something was found that the requirement does not allow.</summary>
    Failed,

    /// <summary>The requirement is not about this kind of image.</summary>
    NotApplicable,

    /// <summary>What the requirement looks at could not be read. Never counted as passed.</summary>
    Inconclusive,

    /// <summary>Only a running machine, or Azure itself, can answer.</summary>
    NotChecked,
}
