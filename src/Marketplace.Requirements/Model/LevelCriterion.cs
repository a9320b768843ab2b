namespace Marketplace.Requirements.Model;

/// <summary>What one level asks of a requirement.</summary>
/// <param name="Level">The level.</param>
/// <param name="Severity">The severity of a plain breach.</param>
/// <param name="Asked">What is asked, one plain sentence without a final full stop.</param>
/// <param name="Source">Where the level says so.</param>
public sealed record LevelCriterion(RequirementsLevel Level, Severity Severity, string Asked, string Source);
