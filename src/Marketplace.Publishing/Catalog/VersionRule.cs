namespace Marketplace.Publishing.Catalog;

/// <summary>What a new version of a SKU may be (section 5.3 of the guide): X.Y.Z, and within a SKU only Z grows.</summary>
internal static class VersionRule
{
    /// <summary>Judges a new version.</summary>
    /// <param name="text">The version to publish.</param>
    /// <param name="newest">The newest published version of the SKU; null when there is none.</param>
    /// <param name="jumpReason">Why X or Y may change; empty when they may not.</param>
    /// <returns>A note when X or Y changes with a reason (MKT4044).</returns>
    /// <exception cref="PublishingException">MKT1014 when the version is not X.Y.Z, MKT4042 when it does not grow, MKT4043 when X or Y changes without a reason.</exception>
    public static IReadOnlyList<PublishingNote> Check(string text, ImageVersion? newest, string jumpReason)
    {
        if (!ImageVersion.TryParse(text, out ImageVersion version))
        {
            throw new PublishingException("MKT1014", $"'{text}' is not a version X.Y.Z of three integers, as section 5.3 of the guide asks. Set VmImageVersion (or Version) to one, for example 1.0.0.");
        }

        if (newest is not { } last)
        {
            return [];
        }

        if (version.CompareTo(last) <= 0)
        {
            throw new PublishingException("MKT4042", $"The SKU has version {last} already, and {text} is not greater. Within a SKU versions only grow (section 5.3 of the guide). Publish {Next(last)} or later.");
        }

        if (version.Major == last.Major && version.Minor == last.Minor)
        {
            return [];
        }

        return string.IsNullOrWhiteSpace(jumpReason)
            ? throw new PublishingException("MKT4043", $"The SKU has version {last}, and {text} changes more than its last number. Within a SKU only Z of X.Y.Z grows (section 5.3 of the guide); another major or minor version is another SKU. Publish {Next(last)}, or state why in VmImageVersionJumpReason.")
            : [new PublishingNote("MKT4044", $"Version {text} changes more than the last number of {last}, which section 5.3 of the guide does not foresee within a SKU. Published because VmImageVersionJumpReason says: {jumpReason.Trim()}")];
    }

    private static string Next(ImageVersion version) =>
        version.Patch < int.MaxValue ? (version with { Patch = version.Patch + 1 }).ToString() : "a new SKU";
}
