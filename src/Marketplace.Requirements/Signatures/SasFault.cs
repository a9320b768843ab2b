using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Signatures;

/// <summary>Something wrong with a signed URI.</summary>
/// <param name="Found">What was found, without the place; nothing of the signature.</param>
internal sealed record SasFault(string Found)
{
    /// <summary>Its severity under <c>2015-10</c>; null for the severity of the criterion.</summary>
    public Severity? Guide { get; init; }

    /// <summary>Its severity under <c>current</c>; null for the severity of the criterion.</summary>
    public Severity? Current { get; init; }

    /// <summary>What is asked, when the criterion's sentence does not fit; empty otherwise.</summary>
    public string Asked { get; init; } = "";

    /// <summary>The remedy, when the requirement's does not fit; empty otherwise.</summary>
    public string Remedy { get; init; } = "";
}
