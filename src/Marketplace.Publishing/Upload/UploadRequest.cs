using Marketplace.Publishing.Remote;

namespace Marketplace.Publishing.Upload;

/// <summary>What to upload.</summary>
public sealed record UploadRequest
{
    /// <summary>What names the version.</summary>
    public required VersionIdentity Identity { get; init; }

    /// <summary>The disks, the OS disk first.</summary>
    public required IReadOnlyList<DiskSource> Disks { get; init; }

    /// <summary><c>VmImageVersionJumpReason</c>: why X or Y of the version may change within the SKU; empty when it may not.</summary>
    public string VersionJumpReason { get; init; } = "";

    /// <summary>Opens a disk whose path is an address; null when there are none.</summary>
    public Func<string, RemoteDisk>? OpenRemote { get; init; }

    /// <summary>The most memory for buffers of the upload, in bytes; at least two cells of 4 MiB are used.</summary>
    public long BufferBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Receives what takes long or is worth knowing (waiting for another publish, a blob that is used again), one plain sentence each; null for none.</summary>
    public Action<string>? Log { get; init; }
}
