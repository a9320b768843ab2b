namespace Marketplace.Requirements.Signatures;

/// <summary>The signed URIs a validation judges, and the moment it judges them at.</summary>
/// <param name="Uris">The URIs that could be read.</param>
/// <param name="AreMissing">Whether some were supplied and could not be read, which is reported as an error of its own.</param>
/// <param name="Now">The moment.</param>
internal sealed record SuppliedSignatures(IReadOnlyList<SuppliedSasUri> Uris, bool AreMissing, DateTimeOffset Now)
{
    /// <summary>None were supplied.</summary>
    public static SuppliedSignatures None { get; } = new([], false, DateTimeOffset.UnixEpoch);
}
