using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Marketplace.Publishing.Storage;

namespace Marketplace.Publishing.Upload;

/// <summary>A lease on a blob, renewed until it is disposed: while it is held nobody else can write the blob.</summary>
internal sealed class HeldLease : IAsyncDisposable
{
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(1);

    private readonly BlobLeaseClient _client;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _renewal;

    private HeldLease(BlobLeaseClient client, TimeSpan duration)
    {
        _client = client;
        _renewal = RenewAsync(duration / 3);
    }

    /// <summary>The identifier every write must carry.</summary>
    public string Id => _client.LeaseId;

    /// <summary>Cancelled when the service says that the lease is not held any more.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Acquires the lease, waiting for another publish to end or to run out.</summary>
    /// <param name="connection">The container.</param>
    /// <param name="blob">The blob; it must exist.</param>
    /// <param name="leaseId">The identifier to propose.</param>
    /// <param name="tuning">Durations.</param>
    /// <param name="log">Receives a sentence when it has to wait.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="PublishingException">MKT4030 when another publish keeps the lease, MKT5xxx when the service refused or failed.</exception>
    public static async Task<HeldLease> AcquireAsync(StorageConnection connection, BlobBaseClient blob, string leaseId, UploadTuning tuning, Action<string> log, CancellationToken cancellationToken)
    {
        BlobLeaseClient client = blob.GetBlobLeaseClient(leaseId);
        bool told = false;
        long started = TimeProvider.System.GetTimestamp();
        while (!await TryAcquireAsync(connection, client, tuning.LeaseDuration, cancellationToken))
        {
            BlobState? holder = await DescribeHolderAsync(connection, blob, cancellationToken);
            string who = holder is null ? "Another publish" : $"The publish from '{holder.Host}' that started at {holder.Started}";
            if (TimeProvider.System.GetElapsedTime(started) >= tuning.LeaseWait)
            {
                throw Held(blob, who);
            }

            if (!told)
            {
                log($"{who} holds the blob '{blob.Name}'. Waiting up to {tuning.LeaseWait.TotalSeconds:0} seconds for it to end.");
                told = true;
            }

            await Task.Delay(tuning.LeasePoll, cancellationToken);
        }

        return new HeldLease(client, tuning.LeaseDuration);
    }

    /// <summary>The lease of this publish ran out and another one took the blob.</summary>
    /// <param name="blob">The blob.</param>
    public static PublishingException Taken(BlobBaseClient blob) => Held(blob, "Another publish");

    /// <summary>Whether the service refused a request because another publish changed or leased the blob.</summary>
    /// <param name="exception">The refusal.</param>
    public static bool IsConflict(RequestFailedException exception) =>
        exception.Status == 412 || (exception.Status == 409 && exception.ErrorCode?.StartsWith("Lease", StringComparison.Ordinal) == true);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _renewal;
        using var timeout = new CancellationTokenSource(ReleaseTimeout);
        try
        {
            await _client.ReleaseAsync(cancellationToken: timeout.Token);
        }
        catch (Exception exception) when (ServiceErrors.IsServiceError(exception) || exception is OperationCanceledException)
        {
            // It runs out by itself; what led here is worth more than this failure.
        }

        _end.Dispose();
        _lost.Dispose();
    }

    private static async Task<bool> TryAcquireAsync(StorageConnection connection, BlobLeaseClient client, TimeSpan duration, CancellationToken cancellationToken)
    {
        return await connection.CallAsync("taking the lease of the blob", TryAsync, cancellationToken);

        async Task<bool> TryAsync()
        {
            try
            {
                await client.AcquireAsync(duration, cancellationToken: cancellationToken);
                return true;
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.LeaseAlreadyPresent || exception.ErrorCode == BlobErrorCode.LeaseIsBreakingAndCannotBeAcquired)
            {
                return false;
            }
        }
    }

    private static async Task<BlobState?> DescribeHolderAsync(StorageConnection connection, BlobBaseClient blob, CancellationToken cancellationToken)
    {
        BlobProperties properties = await connection.CallAsync<BlobProperties>("reading the blob's properties", async () => await blob.GetPropertiesAsync(cancellationToken: cancellationToken), cancellationToken);
        return BlobState.Read(properties);
    }

    private static PublishingException Held(BlobBaseClient blob, string who) =>
        new("MKT4030", $"{who} is writing the blob '{blob.Name}'. Two publishes of the same version cannot run at once. Wait until it has ended and publish again.");

    private async Task RenewAsync(TimeSpan period)
    {
        using var timer = new PeriodicTimer(period);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                await TryRenewAsync();
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task TryRenewAsync()
    {
        try
        {
            await _client.RenewAsync(cancellationToken: _end.Token);
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 409 or 412)
        {
            await _lost.CancelAsync();
        }
        catch (Exception exception) when (ServiceErrors.IsServiceError(exception) || exception is OperationCanceledException)
        {
            // The network failed for longer than the client's retries, or this was disposed: the next tick tries again, and writes fail when the lease has gone.
        }
    }
}
