namespace Marketplace.Requirements.Engine;

/// <summary>Thrown by a check that cannot answer: the requirement is inconclusive.</summary>
/// <param name="reason">Why, one plain sentence without a final full stop.</param>
/// <param name="reported">Whether the cause is shown as an error of its own, so that it is not repeated.</param>
internal sealed class CannotCheckException(string reason, bool reported = false) : Exception(reason)
{
    /// <summary>Whether the cause is shown as an error of its own.</summary>
    public bool Reported { get; } = reported;

    /// <summary>The requirements that show the cause; empty when it is a fault of the declaration, which nothing can lower.</summary>
    public IReadOnlyList<string> ReportedBy { get; init; } = [];
}
