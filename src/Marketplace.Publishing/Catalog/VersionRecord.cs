using Marketplace.Publishing.Upload;

namespace Marketplace.Publishing.Catalog;

/// <summary>A published version. Written once, last of all, and never changed.</summary>
public sealed record VersionRecord
{
    /// <summary>Version of the record's schema.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>What names the version.</summary>
    public required VersionIdentity Identity { get; init; }

    /// <summary>When it was published.</summary>
    public required DateTimeOffset Published { get; init; }

    /// <summary><c>Linux</c> or <c>Windows</c>.</summary>
    public required string OSFamily { get; init; }

    /// <summary>The description of the operating system.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>Boot generation <c>V1</c> or <c>V2</c>.</summary>
    public required string Generation { get; init; }

    /// <summary>Recommended sizes.</summary>
    public required IReadOnlyList<string> RecommendedSizes { get; init; }

    /// <summary>The disks, the OS disk first.</summary>
    public required IReadOnlyList<UploadedDisk> Disks { get; init; }

    /// <summary>The levels the image was validated against.</summary>
    public required string Levels { get; init; }

    /// <summary>What each requirement came to.</summary>
    public required IReadOnlyList<RequirementRecord> Requirements { get; init; }
}
