using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Engine;

/// <summary>What one level asks.</summary>
/// <param name="Severity">The severity of a plain breach; single observations may weigh less or more.</param>
/// <param name="Asked">What is asked, one plain sentence without a final full stop.</param>
/// <param name="Source">Where the level says so.</param>
internal sealed record Criterion(Severity Severity, string Asked, string Source);
