using System.Text.Json.Serialization;

namespace Marketplace.Publishing.Upload;

/// <summary>A disk in the container.</summary>
public sealed record UploadedDisk
{
    /// <summary>Name of the blob within the container; ends in <c>.vhd</c>.</summary>
    public required string BlobName { get; init; }

    /// <summary>URI of the blob without any signature.</summary>
    public required Uri BlobUri { get; init; }

    /// <summary>The LUN of a data disk; null for the OS disk.</summary>
    public required int? Lun { get; init; }

    /// <summary>Host caching.</summary>
    public required string Caching { get; init; }

    /// <summary>Virtual size in bytes; the blob is 512 bytes longer.</summary>
    public required long VirtualSize { get; init; }

    /// <summary>Root hash of the content, lower-case hexadecimal SHA-256; docs/publishing.md tells how it is made.</summary>
    public required string ContentHash { get; init; }

    /// <summary>Bytes of page writes that were sent; 0 when the blob was there already. Not part of the catalogue.</summary>
    [JsonIgnore]
    public long BytesSent { get; init; }

    /// <summary>Page writes that were sent. Not part of the catalogue.</summary>
    [JsonIgnore]
    public long Requests { get; init; }
}
