using System.Net;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using Marketplace.Publishing.Storage;
using Marketplace.Publishing.Upload;

namespace Marketplace.Publishing.Signing;

/// <summary>Makes read and list signatures for uploaded disks and proves that each works.</summary>
public static class SasIssuer
{
    // Certification may begin days after signing; a day more costs nothing.
    private static readonly TimeSpan Margin = TimeSpan.FromDays(1);
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Refuses what would make signing fail, as far as it is known without a request: before anything is uploaded.</summary>
    /// <param name="target">Where to publish.</param>
    /// <param name="environment">Reads an environment variable; null when it is not set.</param>
    /// <param name="policy">What the signatures must satisfy.</param>
    /// <param name="path">Path of the file of the signed URIs.</param>
    /// <param name="time">The clock a token's expiry is judged by.</param>
    /// <exception cref="PublishingException">
    /// MKT4011 when the credential cannot sign, MKT4007 when the endpoint has no https and the policy asks for it, MKT4013 when the file cannot be written,
    /// and what <see cref="StorageConnection.OpenAsync(StorageTarget, Func{string, string?}, CancellationToken)"/> says of names and credentials.
    /// </exception>
    public static void CheckBeforeUpload(StorageTarget target, Func<string, string?> environment, SasPolicy policy, string path, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(time);

        (StorageCredential credential, Uri containerUri) = StorageConnection.Resolve(target, environment, time);
        CheckCanSign(credential.Key is not null, credential.Source, containerUri, target, policy);
        Guard(path, () => OwnerOnlyFile.CheckWritable(path));
    }

    /// <summary>Signs every disk and fetches its footer through the signature.</summary>
    /// <param name="connection">The container.</param>
    /// <param name="disks">Uploaded disks.</param>
    /// <param name="policy">What the signatures must satisfy.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="PublishingException">MKT4011 when the credential cannot sign, MKT4007 when the endpoint has no https and the policy asks for it, MKT4010 when a signature does not open its disk.</exception>
    public static async Task<IReadOnlyList<SignedDisk>> IssueAsync(StorageConnection connection, IReadOnlyList<UploadedDisk> disks, SasPolicy policy, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(disks);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(time);

        CheckCanSign(connection.Key is not null, connection.CredentialSource, connection.ContainerUri, connection.Target, policy);
        using var handler = new SocketsHttpHandler { UseProxy = !connection.ContainerUri.IsLoopback, AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { Timeout = CheckTimeout };
        List<SignedDisk> signed = [];
        foreach (UploadedDisk disk in disks)
        {
            SignedDisk candidate = Sign(connection, disk, policy, time);
            await ProveAsync(connection, client, candidate, cancellationToken);
            signed.Add(candidate);
        }

        return signed;
    }

    /// <summary>Writes the URIs as JSON to a file only its owner can read. The file is whole or not there at all.</summary>
    /// <param name="path">Path of the file; replaced when it exists.</param>
    /// <param name="disks">Signed disks.</param>
    /// <exception cref="PublishingException">MKT4013 when it cannot be written.</exception>
    public static void WriteFile(string path, IReadOnlyList<SignedDisk> disks)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(disks);
        Guard(path, () => OwnerOnlyFile.Write(path, SasFileJson.Serialize(disks)));
    }

    private static void Guard(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PublishingException("MKT4013", $"The file of the signed URIs could not be written: {exception.Message.TrimEnd('.')}. Make the publish directory writable and publish again.", path);
        }
    }

    private static void CheckCanSign(bool hasKey, string credentialSource, Uri containerUri, StorageTarget target, SasPolicy policy)
    {
        if (!hasKey)
        {
            throw new PublishingException("MKT4011", $"The disks cannot be signed: {credentialSource} holds a SAS token, and only a key of the account can sign for as long as the Marketplace asks. Set AZURE_STORAGE_KEY or AZURE_STORAGE_CONNECTION_STRING with a key.");
        }

        if (policy.UseHttps && containerUri.Scheme != Uri.UriSchemeHttps && !target.IsEmulator)
        {
            throw new PublishingException("MKT4007", $"The level asks for https URIs, and the endpoint '{containerUri.GetLeftPart(UriPartial.Authority)}' is http. Set VmImageStorageEndpoint to the https endpoint.");
        }
    }

    private static SignedDisk Sign(StorageConnection connection, UploadedDisk disk, SasPolicy policy, TimeProvider time)
    {
        bool emulator = connection.Target.IsEmulator;
        Uri plain = connection.BlobUri(disk.BlobName);
        DateTimeOffset start = time.GetUtcNow() - policy.StartBefore;
        DateTimeOffset expires = policy.NotExpiringBefore + Margin;
        var builder = new BlobSasBuilder
        {
            BlobContainerName = connection.Container.Name,
            // The container is signed, and the disk's name stands in the path: what the documentation asks for (MKT4008).
            Resource = "c",
            StartsOn = start,
            ExpiresOn = expires,
            Protocol = policy.UseHttps && !emulator ? SasProtocol.Https : SasProtocol.HttpsAndHttp,
        };
        builder.SetPermissions("rl");
        var uri = new UriBuilder(plain) { Query = builder.ToSasQueryParameters(connection.Key).ToString() };
        if (!policy.UseHttps && plain.Scheme == Uri.UriSchemeHttps)
        {
            uri.Scheme = Uri.UriSchemeHttp;
            uri.Port = plain.IsDefaultPort ? -1 : plain.Port;
        }

        return new SignedDisk(disk, uri.Uri, expires);
    }

    private static async Task ProveAsync(StorageConnection connection, HttpClient client, SignedDisk signed, CancellationToken cancellationToken)
    {
        byte[] expected = await ReadFooterAsync(connection, signed.Disk, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, signed.Uri);
        request.Headers.Range = new System.Net.Http.Headers.RangeHeaderValue(signed.Disk.VirtualSize, signed.Disk.VirtualSize + PageBlobFormat.FooterSize - 1);
        try
        {
            using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (answer.StatusCode != HttpStatusCode.PartialContent || answer.Content.Headers.ContentLength != PageBlobFormat.FooterSize)
            {
                string code = answer.Headers.TryGetValues("x-ms-error-code", out IEnumerable<string>? codes) ? $" {string.Join(' ', codes)}" : "";
                throw NotOpening(signed, $"the service answered HTTP {(int)answer.StatusCode}{code}");
            }

            byte[] found = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            if (!found.AsSpan().SequenceEqual(expected))
            {
                throw NotOpening(signed, "the footer read through it is not the disk's");
            }
        }
        catch (HttpRequestException exception)
        {
            throw NotOpening(signed, Redaction.Clean(exception.Message));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw NotOpening(signed, "no answer in time");
        }
    }

    private static Task<byte[]> ReadFooterAsync(StorageConnection connection, UploadedDisk disk, CancellationToken cancellationToken) =>
        connection.CallAsync("reading the footer", async () =>
        {
            BlobDownloadResult result = await connection.Container.GetBlobBaseClient(disk.BlobName).DownloadContentAsync(
                new BlobDownloadOptions { Range = new Azure.HttpRange(disk.VirtualSize, PageBlobFormat.FooterSize) }, cancellationToken);
            return result.Content.ToArray();
        }, cancellationToken);

    private static PublishingException NotOpening(SignedDisk signed, string why) =>
        new("MKT4010", $"The signed URI of '{signed.Disk.BlobName}' does not open the disk: {why.TrimEnd('.')}. The Marketplace could not read it either. Check the account's firewall (public access for reading by signature), 'Secure transfer required' when http is asked for, and that key access is allowed; then publish again.");
}
