using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;

namespace Marketplace.Publishing.Storage;

/// <summary>How the client library calls the service.</summary>
internal static class StorageClientOptions
{
    // Sovereign clouds and the emulator do not follow the newest version at once.
    private const BlobClientOptions.ServiceVersion ServiceVersion = BlobClientOptions.ServiceVersion.V2023_11_03;

    /// <summary>Two quick retries of 4 s each: a wrong name or a missing network shows in seconds.</summary>
    public static readonly RetryChoice Probe = new(2, TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(4));

    /// <summary>Transfers are retried for minutes: 0.5, 1, 2 … 30 s with jitter, or as long as the service's Retry-After says.</summary>
    public static readonly RetryChoice Transfer = new(8, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(100));

    /// <summary>How often and how long a call is tried.</summary>
    /// <param name="MaximumRetries">Tries after the first.</param>
    /// <param name="Delay">The first delay, doubled each time.</param>
    /// <param name="NetworkTimeout">How long one try may take.</param>
    public sealed record RetryChoice(int MaximumRetries, TimeSpan Delay, TimeSpan NetworkTimeout);

    /// <summary>The options for clients of an address.</summary>
    /// <param name="uri">The address.</param>
    /// <param name="retry">How often and how long to try.</param>
    public static BlobClientOptions Create(Uri uri, RetryChoice retry)
    {
        var options = new BlobClientOptions(ServiceVersion);
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = retry.MaximumRetries;
        options.Retry.Delay = retry.Delay;
        options.Retry.MaxDelay = TimeSpan.FromSeconds(30);
        options.Retry.NetworkTimeout = retry.NetworkTimeout;
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsDistributedTracingEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;
        if (uri.IsLoopback)
        {
            // A proxy of the environment cannot reach this machine's loopback.
            options.Transport = new HttpClientTransport(new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan });
        }

        return options;
    }
}
