using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Marketplace.DiskImages.Content;
using Marketplace.Publishing.Remote;
using Marketplace.Publishing.Storage;

namespace Marketplace.Publishing.Upload;

/// <summary>Has the service copy a blob into the leased blob of a version: no byte of the disk passes through this machine.</summary>
internal sealed class ServerCopy(StorageConnection connection, PageBlobClient blob, string leaseId, UploadTuning tuning, TimeProvider time, Action<string> log)
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(30);

    /// <summary>
    /// What stands for the content of a copied disk: SHA-256 over address, entity tag and length. It is not the hash of the bytes,
    /// which are not read, so the same disk published from a file counts as other content.
    /// </summary>
    /// <param name="source">The blob.</param>
    public static string Identify(RemoteDisk source) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{source.Address.Uri.AbsoluteUri}\n{source.ETag}\n{source.Length}"))));

    /// <summary>Copies, and waits until the service says that it is done.</summary>
    /// <param name="source">The blob to copy.</param>
    /// <param name="state">The mark of the upload, which stays on the blob.</param>
    /// <param name="cancellationToken">Cancels; the service is told to stop.</param>
    /// <returns>The allocated extents of the source: what the copy must hold.</returns>
    /// <exception cref="PublishingException">MKT4036 when the service cannot make the copy, MKT4031 when the source was changed.</exception>
    public async Task<IReadOnlyList<Extent>> RunAsync(RemoteDisk source, BlobState state, CancellationToken cancellationToken)
    {
        log($"The disk '{source.Address.Uri}' is copied by the service.");
        string copyId = await connection.CallAsync("starting the copy", () => StartAsync(source, state, cancellationToken), cancellationToken);
        try
        {
            await WaitAsync(copyId, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await AbortAsync(copyId);
            throw;
        }

        return [.. source.GetAllocatedExtents()];
    }

    private async Task<string> StartAsync(RemoteDisk source, BlobState state, CancellationToken cancellationToken)
    {
        var options = new BlobCopyFromUriOptions
        {
            Metadata = state.ToMetadata(),
            SourceConditions = new BlobRequestConditions { IfMatch = source.ETag },
            DestinationConditions = new BlobRequestConditions { LeaseId = leaseId },
        };
        try
        {
            return (await blob.StartCopyFromUriAsync(source.Client.CopySource(connection, time.GetUtcNow()), options, cancellationToken)).Id;
        }
        catch (RequestFailedException exception) when (exception.ErrorCode is "SourceConditionNotMet")
        {
            throw new PublishingException("MKT4031", $"The blob '{source.Address.Uri}' was changed after it was validated. Build again and publish again.");
        }
        catch (RequestFailedException exception) when (HeldLease.IsConflict(exception))
        {
            throw HeldLease.Taken(blob);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode is "CannotVerifyCopySource" or "CopyAcrossAccountsNotSupported" or "InvalidBlobType" || exception.Status is 401 or 403 or 404)
        {
            throw Failed($"it cannot read '{source.Address.Uri}' (HTTP {exception.Status} {exception.ErrorCode})");
        }
    }

    private async Task WaitAsync(string copyId, CancellationToken cancellationToken)
    {
        DateTimeOffset told = time.GetUtcNow();
        while (true)
        {
            BlobProperties properties = await connection.CallAsync<BlobProperties>("waiting for the copy", async () => await blob.GetPropertiesAsync(cancellationToken: cancellationToken), cancellationToken);
            if (properties.CopyId != copyId)
            {
                throw HeldLease.Taken(blob);
            }

            switch (properties.BlobCopyStatus)
            {
                case CopyStatus.Success:
                    return;
                case CopyStatus.Pending:
                    break;
                default:
                    throw Failed($"the copy ended as {properties.BlobCopyStatus}: {Redaction.Clean(properties.CopyStatusDescription ?? "no reason given")}");
            }

            if (time.GetUtcNow() - told >= TellEvery)
            {
                told = time.GetUtcNow();
                log($"Copied so far, in bytes: {properties.CopyProgress}.");
            }

            await Task.Delay(tuning.CopyPoll, time, cancellationToken);
        }
    }

    private async Task AbortAsync(string copyId)
    {
        try
        {
            await blob.AbortCopyFromUriAsync(copyId, new BlobRequestConditions { LeaseId = leaseId }, CancellationToken.None);
        }
        catch (RequestFailedException exception)
        {
            // It may have ended meanwhile; the blob is not marked complete either way.
            log($"The copy could not be stopped: HTTP {exception.Status}.");
        }
    }

    private PublishingException Failed(string why) =>
        new("MKT4036", $"The service could not copy the disk to '{blob.Name}': {why}. Give it a source it may read (AZURE_STORAGE_SOURCE_SAS_TOKEN with read permission for at least the time of the copy), or download the disk and declare the file.");
}
