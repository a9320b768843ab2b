using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Marketplace.DiskImages.Content;
using Marketplace.Publishing.Catalog;
using Marketplace.Publishing.Storage;

namespace Marketplace.Publishing.Upload;

/// <summary>
/// Puts one disk into its blob: create and lease, pages, footer, verification, the mark <c>complete</c>.
/// A blob that is not complete was never published and is taken over; a complete one is used again when its content is equal.
/// </summary>
internal sealed class DiskUpload(StorageConnection connection, UploadRequest request, UploadTuning tuning, IProgress<UploadProgress>? progress, TimeProvider time)
{
    private readonly Action<string> _log = request.Log ?? (_ => { });

    /// <summary>Uploads a disk, or finds that it is there.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="name">Name of its blob.</param>
    /// <param name="cancellationToken">Cancels; the blob stays incomplete.</param>
    public async Task<UploadedDisk> RunAsync(SourceDisk disk, string name, CancellationToken cancellationToken)
    {
        PageBlobClient blob = connection.Container.GetPageBlobClient(name);
        var mine = BlobState.Begin(time.GetUtcNow());
        await ReserveAsync(blob, disk, mine, cancellationToken);

        await using HeldLease lease = await HeldLease.AcquireAsync(connection, blob, mine.UploadId, tuning, _log, cancellationToken);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Lost);
        try
        {
            return await RunLeasedAsync(disk, blob, mine, lease.Id, linked.Token);
        }
        catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw HeldLease.Taken(blob);
        }
    }

    /// <summary>The root hash of a disk; reads its allocated bytes, sends nothing.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<string> HashAsync(SourceDisk disk, CancellationToken cancellationToken) =>
        disk.CopySource is { } copied ? Task.FromResult(ServerCopy.Identify(copied))
        : PassAsync(disk, (_, _, _) => Task.CompletedTask, cancellationToken);

    /// <summary>What is known of a disk in the container.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="name">Name of its blob.</param>
    /// <param name="contentHash">Its root hash.</param>
    public UploadedDisk Describe(SourceDisk disk, string name, string contentHash) => new()
    {
        BlobName = name,
        BlobUri = connection.BlobUri(name),
        Lun = disk.Source.Lun,
        Caching = disk.Source.Caching,
        VirtualSize = disk.VirtualSize,
        ContentHash = contentHash,
    };

    // The blob exists afterwards: made by this try, or there before.
    private Task<bool> ReserveAsync(PageBlobClient blob, SourceDisk disk, BlobState mine, CancellationToken cancellationToken)
    {
        return connection.CallAsync("creating the blob", CreateAsync, cancellationToken);

        async Task<bool> CreateAsync()
        {
            try
            {
                await blob.CreateAsync(disk.Content.Length, CreateOptions(mine, new PageBlobRequestConditions { IfNoneMatch = ETag.All }), cancellationToken);
                return true;
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.BlobAlreadyExists || HeldLease.IsConflict(exception))
            {
                // Made by another publish, or by a try of this request whose answer was lost; the lease sorts it out.
                return false;
            }
        }
    }

    private async Task<UploadedDisk> RunLeasedAsync(SourceDisk disk, PageBlobClient blob, BlobState mine, string leaseId, CancellationToken cancellationToken)
    {
        BlobState found = await ReadStateAsync(blob, cancellationToken);
        if (found.IsComplete)
        {
            string contentHash = await HashAsync(disk, cancellationToken);
            disk.CheckUnchanged();
            if (found.ContentHash == contentHash && found.Length == disk.Content.Length && await AreEndsEqualAsync(blob, disk, withFooter: false, cancellationToken))
            {
                _log($"The blob '{blob.Name}' is complete and has this content already; nothing is sent for it.");
                return Describe(disk, blob.Name, contentHash);
            }

            await CheckNotPublishedAsync(blob, contentHash, cancellationToken);
        }

        if (found.UploadId != mine.UploadId)
        {
            await ReplaceAsync(blob, disk, mine, found, leaseId, cancellationToken);
        }

        return await SendAsync(disk, blob, mine, leaseId, cancellationToken);
    }

    private async Task<BlobState> ReadStateAsync(PageBlobClient blob, CancellationToken cancellationToken)
    {
        BlobProperties properties = await connection.CallAsync<BlobProperties>("reading the blob's properties", async () => await blob.GetPropertiesAsync(cancellationToken: cancellationToken), cancellationToken);
        return BlobState.Read(properties)
            ?? throw new PublishingException("MKT4032", $"A blob '{blob.Name}' exists that was not made by publishing (it is a {properties.BlobType} blob without the mark 'vhd_state'). It is not overwritten. Delete or rename it, or publish to another container.");
    }

    // A complete blob may be in the catalogue since this publish looked: registering holds the lease that is held now.
    private async Task CheckNotPublishedAsync(PageBlobClient blob, string contentHash, CancellationToken cancellationToken)
    {
        VersionRecord? record = await VersionCatalog.FindAsync(connection, request.Identity, cancellationToken);
        if (record?.Disks.FirstOrDefault(disk => disk.BlobName == blob.Name) is { } published && published.ContentHash != contentHash)
        {
            throw VersionCatalog.OtherContent(request.Identity);
        }
    }

    // Put Blob on an existing page blob clears all of its pages; the lease stays.
    private Task<bool> ReplaceAsync(PageBlobClient blob, SourceDisk disk, BlobState mine, BlobState found, string leaseId, CancellationToken cancellationToken)
    {
        _log(found.IsComplete
            ? $"The blob '{blob.Name}' is complete with other content and was never published; it is replaced."
            : $"The blob '{blob.Name}' was left incomplete by the publish from '{found.Host}' that started at {found.Started}; it is replaced.");
        return connection.CallAsync("replacing the blob", CreateAsync, cancellationToken);

        async Task<bool> CreateAsync()
        {
            try
            {
                await blob.CreateAsync(disk.Content.Length, CreateOptions(mine, new PageBlobRequestConditions { LeaseId = leaseId, IfMatch = found.ETag }), cancellationToken);
            }
            catch (RequestFailedException exception) when (HeldLease.IsConflict(exception))
            {
                // 412 also when the answer to a first try was lost: then the blob carries this try's identifier.
                if ((await ReadStateAsync(blob, cancellationToken)).UploadId != mine.UploadId)
                {
                    throw HeldLease.Taken(blob);
                }
            }

            return true;
        }
    }

    private static PageBlobCreateOptions CreateOptions(BlobState state, PageBlobRequestConditions conditions) => new()
    {
        Metadata = state.ToMetadata(),
        HttpHeaders = new BlobHttpHeaders { ContentType = "application/octet-stream" },
        Conditions = conditions,
    };

    private async Task<UploadedDisk> SendAsync(SourceDisk disk, PageBlobClient blob, BlobState mine, string leaseId, CancellationToken cancellationToken)
    {
        if (disk.CopySource is { } source)
        {
            IReadOnlyList<Extent> copied = await new ServerCopy(connection, blob, leaseId, tuning, time, _log).RunAsync(source, mine, cancellationToken);
            await VerifyAsync(disk, blob, copied, cancellationToken);
            string identity = ServerCopy.Identify(source);
            await MarkCompleteAsync(blob, mine with { State = BlobState.Complete, ContentHash = identity }, leaseId, cancellationToken);
            return Describe(disk, blob.Name, identity);
        }

        var writer = new PageBlobWriter(connection, blob, leaseId);
        string contentHash = await PassAsync(disk, (cell, writes, token) => writer.WriteAsync(cell.Offset, cell.Bytes, writes, token), cancellationToken);
        disk.CheckUnchanged();
        // Last: a blob without a footer cannot become an image.
        await writer.WriteAsync(disk.VirtualSize, disk.ReadFooter(), [new Extent(0, PageBlobFormat.FooterSize)], cancellationToken);
        await VerifyAsync(disk, blob, writer.Written, cancellationToken);
        await MarkCompleteAsync(blob, mine with { State = BlobState.Complete, ContentHash = contentHash }, leaseId, cancellationToken);
        return Describe(disk, blob.Name, contentHash) with { BytesSent = writer.BytesSent, Requests = writer.Requests };
    }

    private async Task VerifyAsync(SourceDisk disk, PageBlobClient blob, IReadOnlyList<Extent> written, CancellationToken cancellationToken)
    {
        BlobState state = await ReadStateAsync(blob, cancellationToken);
        if (state.Length != disk.Content.Length)
        {
            throw BlobVerification.Failed(blob, $"it has {state.Length} bytes instead of {disk.Content.Length}");
        }

        await BlobVerification.CheckRangesAsync(connection, blob, written, cancellationToken);
        if (!await AreEndsEqualAsync(blob, disk, withFooter: true, cancellationToken))
        {
            throw BlobVerification.Failed(blob, "its first sector or its footer differs");
        }
    }

    // A footer's time and identifier may differ between two conversions of one disk, so a blob that is used again keeps its own.
    private async Task<bool> AreEndsEqualAsync(PageBlobClient blob, SourceDisk disk, bool withFooter, CancellationToken cancellationToken)
    {
        byte[] first = new byte[PageBlobFormat.SectorSize];
        disk.Content.Read(0, first);
        return await BlobVerification.IsEqualAsync(connection, blob, 0, first, cancellationToken)
            && (!withFooter || await BlobVerification.IsEqualAsync(connection, blob, disk.VirtualSize, disk.ReadFooter(), cancellationToken));
    }

    private Task<bool> MarkCompleteAsync(PageBlobClient blob, BlobState complete, string leaseId, CancellationToken cancellationToken)
    {
        return connection.CallAsync("marking the blob as complete", MarkAsync, cancellationToken);

        async Task<bool> MarkAsync()
        {
            BlobState current = await ReadStateAsync(blob, cancellationToken);
            if (current.UploadId != complete.UploadId)
            {
                throw HeldLease.Taken(blob);
            }

            try
            {
                await blob.SetMetadataAsync(complete.ToMetadata(), new BlobRequestConditions { LeaseId = leaseId, IfMatch = current.ETag }, cancellationToken);
            }
            catch (RequestFailedException exception) when (HeldLease.IsConflict(exception))
            {
                // 412 also when the answer to a first try was lost: then the mark is there.
                BlobState now = await ReadStateAsync(blob, cancellationToken);
                if (!now.IsComplete || now.UploadId != complete.UploadId)
                {
                    throw HeldLease.Taken(blob);
                }
            }

            return true;
        }
    }

    private Task<string> PassAsync(SourceDisk disk, Func<Cell, IReadOnlyList<Extent>, CancellationToken, Task> handle, CancellationToken cancellationToken)
    {
        return disk.ReadingAsync(RunAsync);

        async Task<string> RunAsync()
        {
            var hash = new ContentHash();
            long total = Cell.Group(disk.Content, disk.VirtualSize).Sum(group => group.Pieces.Sum(piece => piece.Length));
            var meter = new ProgressMeter(progress, Path.GetFileName(disk.Source.Path), total, time);
            await CellPipeline.RunAsync(disk.Content, disk.VirtualSize, request.BufferBytes, tuning.Senders, HandleAsync, cancellationToken);
            return hash.Finish(disk.VirtualSize);

            async Task HandleAsync(Cell cell, CancellationToken token)
            {
                IReadOnlyList<Extent> writes = CellPlan.Create(cell.Bytes.Span);
                if (writes.Count > 0)
                {
                    hash.Add(cell.Index, cell.Bytes.Span);
                    await handle(cell, writes, token);
                }

                meter.Add(cell.AllocatedBytes);
            }
        }
    }
}
