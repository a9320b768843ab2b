using Marketplace.Build.Tasks.Diagnostics;
using Marketplace.Publishing;
using Marketplace.Publishing.Signing;
using Marketplace.Publishing.Storage;
using Marketplace.Requirements.Signatures;
using Microsoft.Build.Framework;

namespace Marketplace.Build.Tasks;

/// <summary>A task that talks to the storage account. The credential is read from the environment of the process, here and nowhere else.</summary>
public abstract class StorageTask : VmImageTask
{
    /// <summary>The name of the account.</summary>
    [Required]
    public string Account { get; set; } = "";

    /// <summary>The container.</summary>
    [Required]
    public string Container { get; set; } = "";

    /// <summary><c>core.windows.net</c>, or the suffix of a sovereign cloud.</summary>
    public string EndpointSuffix { get; set; } = "core.windows.net";

    /// <summary>The whole blob endpoint; empty for the usual one of the account.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Whether the target is the local emulator.</summary>
    public bool UseEmulator { get; set; }

    /// <summary>Opens the container.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="PublishingException">No credential, an unreachable service, a refused credential, a wrong name.</exception>
    protected Task<StorageConnection> OpenAsync(CancellationToken cancellationToken) =>
        StorageConnection.OpenAsync(Target(), Environment.GetEnvironmentVariable, cancellationToken);

    /// <summary>What the levels ask of signatures made now.</summary>
    /// <param name="levels">The levels, separated by semicolons.</param>
    protected static SasPolicy SigningPolicy(string levels)
    {
        var terms = SignatureTerms.For(levels, TimeProvider.System.GetUtcNow());
        return new SasPolicy { StartBefore = terms.StartBefore, NotExpiringBefore = terms.NotExpiringBefore, UseHttps = terms.UseHttps };
    }

    /// <summary>Where to publish, as the properties say.</summary>
    /// <exception cref="PublishingException">MKT0009 when the endpoint is not one.</exception>
    protected StorageTarget Target()
    {
        Uri? endpoint = null;
        if (Endpoint.Length > 0 && (!Uri.TryCreate(Endpoint, UriKind.Absolute, out endpoint) || endpoint.Scheme is not ("http" or "https") || endpoint.Query.Length > 0))
        {
            // The value itself stays out of the message: somebody may have put a signature into it.
            throw new PublishingException(SdkCodes.BadEndpoint, "VmImageStorageEndpoint is not an absolute http or https address without a query, such as https://contoso.blob.core.windows.net. Correct it or remove it; a SAS token belongs in the environment variable AZURE_STORAGE_SAS_TOKEN.");
        }

        return new StorageTarget
        {
            Account = Account,
            Container = Container,
            EndpointSuffix = EndpointSuffix,
            Endpoint = endpoint,
            IsEmulator = UseEmulator,
        };
    }
}
