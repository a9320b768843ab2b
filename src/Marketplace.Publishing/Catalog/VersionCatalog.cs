using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Marketplace.Publishing.Storage;
using Marketplace.Publishing.Upload;

namespace Marketplace.Publishing.Catalog;

/// <summary>The published versions of a container: one JSON blob for each, <c>catalog/publisher/offer/sku/version.json</c>.</summary>
public static class VersionCatalog
{
    private const string Root = "catalog";
    private const string Extension = ".json";

    // A record is a few KiB; more is something else.
    private const int MaximumRecordSize = 4 * 1024 * 1024;

    /// <summary>The record of a version, or null. The URIs of its disks are those of this connection.</summary>
    /// <param name="connection">The container.</param>
    /// <param name="identity">The version.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="PublishingException">MKT4024 when the identity cannot be a name, MKT4046 when the record is not readable, MKT5xxx when the service refused or failed.</exception>
    public static async Task<VersionRecord?> FindAsync(StorageConnection connection, VersionIdentity identity, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(identity);

        string name = NameOf(identity);
        BinaryData? content = await connection.CallAsync("reading the catalogue", ReadAsync, cancellationToken);
        if (content is null)
        {
            return null;
        }

        VersionRecord record = Parse(content, name);
        return record with { Disks = [.. record.Disks.Select(disk => disk with { BlobUri = connection.BlobUri(disk.BlobName) })] };

        async Task<BinaryData?> ReadAsync()
        {
            try
            {
                BlobDownloadResult result = await connection.Container.GetBlobClient(name).DownloadContentAsync(new BlobDownloadOptions { Range = new HttpRange(0, MaximumRecordSize) }, cancellationToken);
                return result.Content;
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.BlobNotFound)
            {
                return null;
            }
            catch (RequestFailedException exception) when (exception.Status == 416)
            {
                throw Unreadable(name, "it is empty");
            }
        }
    }

    /// <summary>
    /// Writes the record of a version, after every blob was found complete and equal to what the record says.
    /// The blobs are leased meanwhile, so that no other publish can replace them. Writing an equal record again is nothing.
    /// </summary>
    /// <param name="connection">The container.</param>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The URI of the record.</returns>
    /// <exception cref="PublishingException">MKT4030 when another publish writes a blob, MKT4041 when the version is published with other content, MKT4045 when a blob is not complete or not the one described, MKT5xxx when the service refused or failed.</exception>
    public static async Task<Uri> RegisterAsync(StorageConnection connection, VersionRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(record);

        string name = NameOf(record.Identity);
        List<HeldLease> leases = [];
        try
        {
            foreach (UploadedDisk disk in record.Disks)
            {
                // Reading first: a lease cannot be taken on a blob that is not there.
                await CheckDiskAsync(connection, disk, cancellationToken);
                BlobBaseClient blob = connection.Container.GetBlobBaseClient(disk.BlobName);
                leases.Add(await HeldLease.AcquireAsync(connection, blob, Guid.NewGuid().ToString("D"), UploadTuning.Default, _ => { }, cancellationToken));
            }

            foreach (UploadedDisk disk in record.Disks)
            {
                await CheckDiskAsync(connection, disk, cancellationToken);
            }

            if (!await WriteAsync(connection, name, record, cancellationToken)
                && (await FindAsync(connection, record.Identity, cancellationToken) is not { } existing || !HaveSameContent(existing.Disks, record.Disks)))
            {
                throw OtherContent(record.Identity);
            }
        }
        finally
        {
            foreach (HeldLease lease in leases)
            {
                await lease.DisposeAsync();
            }
        }

        return connection.BlobUri(name);
    }

    /// <summary>Judges a version that is not in the catalogue against those of its SKU.</summary>
    /// <param name="connection">The container.</param>
    /// <param name="identity">The version.</param>
    /// <param name="dataDisks">How many data disks it has.</param>
    /// <param name="jumpReason">Why X or Y may change; empty when they may not.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="PublishingException">MKT1014, MKT1015, MKT4042, MKT4043, MKT5xxx.</exception>
    internal static async Task<IReadOnlyList<PublishingNote>> CheckVersionAsync(StorageConnection connection, VersionIdentity identity, int dataDisks, string jumpReason, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> published = await connection.CallAsync("listing the catalogue", () => ListAsync(connection, identity, cancellationToken), cancellationToken);
        (ImageVersion Version, string Text)? newest = published
            .Select(text => (Version: ImageVersion.TryParse(text, out ImageVersion version) ? version : (ImageVersion?)null, Text: text))
            .Where(candidate => candidate.Version is not null)
            .Select(candidate => ((ImageVersion Version, string Text)?)(candidate.Version!.Value, candidate.Text))
            .MaxBy(candidate => candidate!.Value.Version);
        IReadOnlyList<PublishingNote> notes = VersionRule.Check(identity.Version, newest?.Version, jumpReason);
        if (newest is { } last && await FindAsync(connection, identity with { Version = last.Text }, cancellationToken) is { } record)
        {
            int before = record.Disks.Count(disk => disk.Lun is not null);
            if (before != dataDisks)
            {
                throw new PublishingException("MKT1015", $"Version {last.Version} of the SKU has {before} data disks, and {identity.Version} has {dataDisks}. All versions of a SKU have the same number of data disks, because deployed machines mount them by LUN. Add or remove DataDisk items, or publish to another SKU.");
            }
        }

        return notes;
    }

    /// <summary>Whether two lists name the same blobs with the same content.</summary>
    /// <param name="left">Disks.</param>
    /// <param name="right">Disks.</param>
    internal static bool HaveSameContent(IReadOnlyList<UploadedDisk> left, IReadOnlyList<UploadedDisk> right) =>
        left.Select(Key).Order(StringComparer.Ordinal).SequenceEqual(right.Select(Key).Order(StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>The version is published and cannot be changed.</summary>
    /// <param name="identity">The version.</param>
    internal static PublishingException OtherContent(VersionIdentity identity) =>
        new("MKT4041", $"Version {identity.Version} of {identity.Publisher}/{identity.Offer}/{identity.Sku} is published with other content. A published version never changes. Publish the new content with a greater version.");

    /// <summary>Why a blob is not the disk a record describes; null when it is.</summary>
    /// <param name="connection">The container.</param>
    /// <param name="disk">The disk.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal static async Task<string?> FindProblemAsync(StorageConnection connection, UploadedDisk disk, CancellationToken cancellationToken)
    {
        BlobProperties? properties = await connection.CallAsync("reading the blob's properties", ReadAsync, cancellationToken);
        if (properties is null)
        {
            return "it does not exist";
        }

        BlobState? state = BlobState.Read(properties);
        return state is not { IsComplete: true } ? "its upload is not complete"
            : state.ContentHash != disk.ContentHash ? "it has other content"
            : state.Length != disk.VirtualSize + PageBlobFormat.FooterSize ? $"it has {state.Length} bytes instead of {disk.VirtualSize + PageBlobFormat.FooterSize}"
            : null;

        async Task<BlobProperties?> ReadAsync()
        {
            try
            {
                return await connection.Container.GetBlobClient(disk.BlobName).GetPropertiesAsync(cancellationToken: cancellationToken);
            }
            catch (RequestFailedException exception) when (exception.Status == 404)
            {
                return null;
            }
        }
    }

    private static string Key(UploadedDisk disk) =>
        FormattableString.Invariant($"{disk.BlobName} {disk.Lun} {disk.Caching} {disk.VirtualSize} {disk.ContentHash}");

    private static string NameOf(VersionIdentity identity) => $"{Root}/{BlobNames.Directory(identity)}{Extension}";

    private static async Task CheckDiskAsync(StorageConnection connection, UploadedDisk disk, CancellationToken cancellationToken)
    {
        if (await FindProblemAsync(connection, disk, cancellationToken) is { } problem)
        {
            throw new PublishingException("MKT4045", $"The version is not registered, because the blob '{disk.BlobName}' is not what was uploaded: {problem}. Publish again.");
        }
    }

    private static async Task<IReadOnlyList<string>> ListAsync(StorageConnection connection, VersionIdentity identity, CancellationToken cancellationToken)
    {
        string prefix = NameOf(identity);
        prefix = prefix[..(prefix.LastIndexOf('/') + 1)];
        List<string> versions = [];
        await foreach (BlobItem blob in connection.Container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken))
        {
            if (blob.Name.EndsWith(Extension, StringComparison.Ordinal))
            {
                versions.Add(blob.Name[prefix.Length..^Extension.Length]);
            }
        }

        return versions;
    }

    // False when a record is there already.
    private static Task<bool> WriteAsync(StorageConnection connection, string name, VersionRecord record, CancellationToken cancellationToken)
    {
        return connection.CallAsync("writing the catalogue", UploadAsync, cancellationToken);

        async Task<bool> UploadAsync()
        {
            try
            {
                await connection.Container.GetBlobClient(name).UploadAsync(
                    BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(record, CatalogJson.Default.VersionRecord)),
                    new BlobUploadOptions
                    {
                        Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                        HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
                    },
                    cancellationToken);
                return true;
            }
            catch (RequestFailedException exception) when (exception.Status is 409 or 412)
            {
                return false;
            }
        }
    }

    private static VersionRecord Parse(BinaryData content, string name)
    {
        try
        {
            VersionRecord record = JsonSerializer.Deserialize(content.ToMemory().Span, CatalogJson.Default.VersionRecord) ?? throw Unreadable(name, "it is null");
            return record.Schema == 1 ? record : throw Unreadable(name, $"its schema is {record.Schema}, written by a later version of this SDK");
        }
        catch (JsonException exception)
        {
            throw Unreadable(name, exception.Message);
        }
    }

    private static PublishingException Unreadable(string name, string why) =>
        new("MKT4046", $"The catalogue record '{name}' cannot be read: {why.TrimEnd('.')}. It was written by something else or damaged; restore or remove it, or use a newer version of the SDK.");
}
