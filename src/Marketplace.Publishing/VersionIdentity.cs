namespace Marketplace.Publishing;

/// <summary>What names a version of an image.</summary>
/// <param name="Publisher">The publisher.</param>
/// <param name="Offer">The offer.</param>
/// <param name="Sku">The SKU.</param>
/// <param name="Version">The version X.Y.Z.</param>
public sealed record VersionIdentity(string Publisher, string Offer, string Sku, string Version);
