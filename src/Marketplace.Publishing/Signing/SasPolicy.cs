namespace Marketplace.Publishing.Signing;

/// <summary>What the signatures must satisfy.</summary>
public sealed record SasPolicy
{
    /// <summary>Time from now back to the start of validity.</summary>
    public required TimeSpan StartBefore { get; init; }

    /// <summary>The earliest time the signatures may expire.</summary>
    public required DateTimeOffset NotExpiringBefore { get; init; }

    /// <summary>Whether the URIs use https; the guide of 2015 asks for http.</summary>
    public required bool UseHttps { get; init; }
}
