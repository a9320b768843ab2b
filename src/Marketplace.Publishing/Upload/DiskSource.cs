namespace Marketplace.Publishing.Upload;

/// <summary>A disk to upload.</summary>
/// <param name="Path">Absolute path of the file, or the address of a blob.</param>
/// <param name="Lun">The LUN of a data disk; null for the OS disk.</param>
/// <param name="Caching">Host caching: <c>None</c>, <c>ReadOnly</c> or <c>ReadWrite</c>.</param>
public sealed record DiskSource(string Path, int? Lun, string Caching)
{
    /// <summary>Whether a disk of another format than fixed VHD is published as one.</summary>
    public bool Convert { get; init; }

    /// <summary>The entity tag the blob at an address must still have; empty when any will do.</summary>
    public string RemoteVersion { get; init; } = "";
}
