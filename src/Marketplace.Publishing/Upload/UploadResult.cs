namespace Marketplace.Publishing.Upload;

/// <summary>What an upload came to. Holds no secret.</summary>
public sealed record UploadResult
{
    /// <summary>What names the version.</summary>
    public required VersionIdentity Identity { get; init; }

    /// <summary>The disks in the container, the OS disk first.</summary>
    public required IReadOnlyList<UploadedDisk> Disks { get; init; }

    /// <summary>True when the catalogue had this version with the same content already and nothing was sent.</summary>
    public required bool AlreadyPublished { get; init; }

    /// <summary>What the publisher should know (a version jump that was allowed, …), as code and sentence.</summary>
    public IReadOnlyList<PublishingNote> Notes { get; init; } = [];
}
