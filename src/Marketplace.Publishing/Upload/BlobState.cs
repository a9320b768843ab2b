using System.Globalization;
using Azure;
using Azure.Storage.Blobs.Models;

namespace Marketplace.Publishing.Upload;

/// <summary>What the metadata of a blob says about its upload.</summary>
internal sealed record BlobState
{
    /// <summary>The value of <c>vhd_state</c> while bytes are written.</summary>
    public const string Uploading = "uploading";

    /// <summary>The value of <c>vhd_state</c> once all bytes were verified.</summary>
    public const string Complete = "complete";

    private const string StateName = "vhd_state";
    private const string UploadIdName = "vhd_upload_id";
    private const string StartedName = "vhd_started";
    private const string HostName = "vhd_host";
    private const string ContentHashName = "vhd_content_sha256";

    /// <summary><c>vhd_state</c>.</summary>
    public required string State { get; init; }

    /// <summary><c>vhd_upload_id</c>: names one try to upload.</summary>
    public required string UploadId { get; init; }

    /// <summary><c>vhd_started</c>: when the try began, ISO 8601.</summary>
    public required string Started { get; init; }

    /// <summary><c>vhd_host</c>: the machine that tries.</summary>
    public required string Host { get; init; }

    /// <summary><c>vhd_content_sha256</c>: the root hash; empty until the blob is complete.</summary>
    public string ContentHash { get; init; } = "";

    /// <summary>Length of the blob in bytes.</summary>
    public long Length { get; init; }

    /// <summary>The entity tag the state was read at.</summary>
    public ETag ETag { get; init; }

    /// <summary>Whether the blob is whole and verified.</summary>
    public bool IsComplete => State == Complete && ContentHash.Length > 0;

    /// <summary>The state of a new try.</summary>
    /// <param name="now">The current time.</param>
    public static BlobState Begin(DateTimeOffset now) => new()
    {
        State = Uploading,
        UploadId = Guid.NewGuid().ToString("D"),
        Started = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        // Metadata values are HTTP headers: printable ASCII only.
        Host = new string([.. Environment.MachineName.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' ? c : '-')]),
    };

    /// <summary>The state of a blob; null when it was not made by this library.</summary>
    /// <param name="properties">Properties of the blob.</param>
    public static BlobState? Read(BlobProperties properties)
    {
        IDictionary<string, string> metadata = properties.Metadata;
        return properties.BlobType == BlobType.Page && metadata.TryGetValue(StateName, out string? state)
            ? new BlobState
            {
                State = state,
                UploadId = Value(UploadIdName),
                Started = Value(StartedName),
                Host = Value(HostName),
                ContentHash = Value(ContentHashName),
                Length = properties.ContentLength,
                ETag = properties.ETag,
            }
            : null;

        string Value(string name) => metadata.TryGetValue(name, out string? value) ? value : "";
    }

    /// <summary>The metadata that says this.</summary>
    public Dictionary<string, string> ToMetadata()
    {
        Dictionary<string, string> metadata = new()
        {
            [StateName] = State,
            [UploadIdName] = UploadId,
            [StartedName] = Started,
            [HostName] = Host,
        };
        if (ContentHash.Length > 0)
        {
            metadata[ContentHashName] = ContentHash;
        }

        return metadata;
    }
}
