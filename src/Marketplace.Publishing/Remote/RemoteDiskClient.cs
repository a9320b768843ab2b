using Azure.Storage;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using Marketplace.Publishing.Storage;

namespace Marketplace.Publishing.Remote;

/// <summary>What may read the blob of a remote disk, found in the environment.</summary>
internal sealed class RemoteDiskClient
{
    private static readonly TimeSpan CopyGrant = TimeSpan.FromDays(2);

    private readonly RemoteDiskAddress _address;
    private readonly StorageSharedKeyCredential? _key;
    private readonly SasToken? _token;

    private RemoteDiskClient(RemoteDiskAddress address, StorageSharedKeyCredential? key, SasToken? token)
    {
        _address = address;
        _key = key;
        _token = token;
    }

    /// <summary>Whether nothing that opens a private blob was found.</summary>
    public bool IsAnonymous => _key is null && _token is null;

    /// <summary>The client of the blob.</summary>
    public PageBlobClient Blob =>
        _key is not null ? new PageBlobClient(_address.Uri, _key, StorageClientOptions.Create(_address.Uri, StorageClientOptions.Transfer))
        : _token is not null ? new PageBlobClient(_address.Uri, new Azure.AzureSasCredential(_token.Value), StorageClientOptions.Create(_address.Uri, StorageClientOptions.Transfer))
        : new PageBlobClient(_address.Uri, StorageClientOptions.Create(_address.Uri, StorageClientOptions.Transfer));

    /// <summary>
    /// Finds the credential: <c>AZURE_STORAGE_SOURCE_SAS_TOKEN</c>; the emulator's own for an emulator; that of the storage account
    /// the image is published to, when the blob is in that account; none for a blob everybody may read.
    /// </summary>
    /// <param name="address">The blob.</param>
    /// <param name="account">The storage account the image is published to; empty when none is named.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <exception cref="PublishingException">MKT4022, MKT4023: the credential is of another account or not readable.</exception>
    public static RemoteDiskClient Find(RemoteDiskAddress address, string account, Func<string, string?> environment)
    {
        const string SourceToken = "AZURE_STORAGE_SOURCE_SAS_TOKEN";
        if (environment(SourceToken) is { Length: > 0 } token)
        {
            return new RemoteDiskClient(address, null, SasToken.Parse(token, SourceToken));
        }

        bool isOwnAccount = account.Length > 0 && string.Equals(address.Account, account, StringComparison.OrdinalIgnoreCase);
        if (!address.IsEmulator && !(isOwnAccount && StorageCredential.Variables.Any(name => environment(name) is { Length: > 0 })))
        {
            return new RemoteDiskClient(address, null, null);
        }

        var credential = StorageCredential.Find(new StorageTarget { Account = address.Account, Container = "", IsEmulator = address.IsEmulator }, environment);
        return new RemoteDiskClient(address, credential.Key, credential.Token);
    }

    /// <summary>The address with what the service needs to read it for a copy; with a signature it is a secret.</summary>
    /// <param name="target">The container that is copied to: within one account its key opens the source too.</param>
    /// <param name="now">The current time.</param>
    public Uri CopySource(StorageConnection target, DateTimeOffset now) =>
        _key is not null && target.Key is not null && target.Target.Account == _address.Account && target.ContainerUri.Authority == _address.Uri.Authority ? _address.Uri
        : _key is not null ? Blob.GenerateSasUri(new BlobSasBuilder(BlobSasPermissions.Read, now + CopyGrant) { StartsOn = now - TimeSpan.FromMinutes(15) })
        : _token is not null ? new UriBuilder(_address.Uri) { Query = _token.Value }.Uri
        : _address.Uri;
}
