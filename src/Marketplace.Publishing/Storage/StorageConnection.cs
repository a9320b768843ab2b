using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Marketplace.Publishing.Storage;

/// <summary>An authenticated connection to one container.</summary>
public sealed class StorageConnection
{
    // r read, w write (create included) and l list are what publishing does with a container.
    private const string NeededPermissions = "rwl";

    private readonly StorageCredential _credential;

    private StorageConnection(StorageTarget target, StorageCredential credential, BlobContainerClient container)
    {
        Target = target;
        _credential = credential;
        Container = container;
    }

    /// <summary>Where the connection leads.</summary>
    public StorageTarget Target { get; }

    /// <summary>The URI of the container, without any signature.</summary>
    public Uri ContainerUri => WithoutQuery(Container.Uri);

    /// <summary>The client of the container, with retries for long transfers.</summary>
    internal BlobContainerClient Container { get; }

    /// <summary>The account key; null when only a SAS token is there.</summary>
    internal StorageSharedKeyCredential? Key => _credential.Key;

    /// <summary>Where the credential was found, for messages.</summary>
    internal string CredentialSource => _credential.Source;

    /// <summary>The host and port that are called, for messages.</summary>
    internal string Host => Container.Uri.Authority;

    /// <summary>
    /// Finds the credential and checks that it works: <c>AZURE_STORAGE_CONNECTION_STRING</c>, <c>AZURE_STORAGE_KEY</c> or
    /// <c>AZURE_STORAGE_SAS_TOKEN</c> of the environment, the emulator's own for the emulator. Creates a missing container (private).
    /// </summary>
    /// <param name="target">Where to publish.</param>
    /// <param name="environment">Reads an environment variable; null when it is not set.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <exception cref="PublishingException">
    /// MKT4020 no credential, MKT4021 a wrong name, MKT4022 a credential of another account, MKT4023 an unreadable one, MKT5001 an unreachable service,
    /// MKT5002 a refused credential, MKT5003 an expired token, MKT5004 a missing permission, MKT5006 to MKT5008 other answers.
    /// </exception>
    public static Task<StorageConnection> OpenAsync(StorageTarget target, Func<string, string?> environment, CancellationToken cancellationToken) =>
        OpenAsync(target, environment, TimeProvider.System, cancellationToken);

    /// <summary>As the public one, with the clock a token's expiry is judged by.</summary>
    /// <param name="target">Where to publish.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    internal static async Task<StorageConnection> OpenAsync(StorageTarget target, Func<string, string?> environment, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(environment);

        (StorageCredential credential, Uri containerUri) = Resolve(target, environment, time);
        BlobContainerClient probe = CreateClient(containerUri, credential, StorageClientOptions.Probe);
        await EnsureContainerAsync(probe, credential, cancellationToken);
        return new StorageConnection(target, credential, CreateClient(containerUri, credential, StorageClientOptions.Transfer));
    }

    /// <summary>The credential and the URI of the container, as far as both are known without a request.</summary>
    /// <param name="target">Where to publish.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="time">The clock a token's expiry is judged by.</param>
    /// <exception cref="PublishingException">MKT4020 to MKT4023, MKT5003 an expired token, MKT5004 a missing permission.</exception>
    internal static (StorageCredential Credential, Uri ContainerUri) Resolve(StorageTarget target, Func<string, string?> environment, TimeProvider time)
    {
        StorageNames.Check(target);
        var credential = StorageCredential.Find(target, environment);
        CheckToken(credential, time);

        Uri endpoint = target.Endpoint ?? credential.Endpoint ?? new Uri($"https://{target.Account}.blob.{target.EndpointSuffix}");
        return (credential, new Uri($"{endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{target.Container}"));
    }

    /// <summary>The URI of a blob, without any signature.</summary>
    /// <param name="name">Name of the blob.</param>
    internal Uri BlobUri(string name) => WithoutQuery(Container.GetBlobClient(name).Uri);

    /// <summary>The URI without its query, where a signature would be.</summary>
    /// <param name="uri">A URI.</param>
    internal static Uri WithoutQuery(Uri uri) => new(uri.GetLeftPart(UriPartial.Path));

    /// <summary>Calls the service; what it refuses or cannot do becomes a <see cref="PublishingException"/>.</summary>
    /// <param name="doing">What is done, for messages: for example <c>creating the blob</c>.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">The token the call was given.</param>
    internal async Task<T> CallAsync<T>(string doing, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested && exception is not OperationCanceledException && ServiceErrors.IsServiceError(exception))
        {
            throw new OperationCanceledException("Publishing was cancelled.", exception, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && (ServiceErrors.IsServiceError(exception) || exception is OperationCanceledException))
        {
            throw ServiceErrors.Translate(exception, Host, doing);
        }
    }

    private static void CheckToken(StorageCredential credential, TimeProvider time)
    {
        if (credential.Token is not { } token)
        {
            return;
        }

        if (token.Expires <= time.GetUtcNow())
        {
            throw ServiceErrors.Expired(credential.Source, token.Expires);
        }

        if (token.Permissions is { } permissions && NeededPermissions.Any(needed => !permissions.Contains(needed, StringComparison.Ordinal)))
        {
            throw new PublishingException("MKT5004", $"The SAS token in {credential.Source} allows '{permissions}', and publishing needs read, write and list ('{NeededPermissions}') on the container. Make a token with these permissions.");
        }
    }

    private static BlobContainerClient CreateClient(Uri uri, StorageCredential credential, StorageClientOptions.RetryChoice retry) =>
        credential.Key is { } key
            ? new BlobContainerClient(uri, key, StorageClientOptions.Create(uri, retry))
            : new BlobContainerClient(uri, credential.SasCredential!, StorageClientOptions.Create(uri, retry));

    private static async Task EnsureContainerAsync(BlobContainerClient container, StorageCredential credential, CancellationToken cancellationToken)
    {
        const string Doing = "opening the container";
        try
        {
            try
            {
                // Listing is the one read a container SAS allows on the container itself.
                await foreach (Page<BlobItem> _ in container.GetBlobsAsync(cancellationToken: cancellationToken).AsPages(pageSizeHint: 1))
                {
                    break;
                }
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.ContainerNotFound && credential.Key is not null)
            {
                await container.CreateIfNotExistsAsync(PublicAccessType.None, cancellationToken: cancellationToken);
            }
        }
        catch (Exception exception) when (ServiceErrors.IsServiceError(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw ServiceErrors.Translate(exception, container.Uri.Authority, Doing);
        }
        catch (Exception exception) when (exception is NullReferenceException or System.Xml.XmlException)
        {
            // The client library fails so on an answer that is not a list of blobs: a web page, for example.
            throw new PublishingException("MKT5008", $"'{container.Uri.Authority}' answered while {Doing}, but not as a blob service does. Check VmImageStorageEndpoint and the proxy settings.");
        }
    }
}
