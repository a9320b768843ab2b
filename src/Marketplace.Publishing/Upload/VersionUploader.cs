using Marketplace.Publishing.Catalog;
using Marketplace.Publishing.Storage;

namespace Marketplace.Publishing.Upload;

/// <summary>Puts the disks of a version into the container, each verified and marked complete.</summary>
public static class VersionUploader
{
    /// <summary>Checks the version rule against the catalogue, then uploads what is missing.</summary>
    /// <param name="connection">The container.</param>
    /// <param name="request">What to upload.</param>
    /// <param name="progress">Receives at most one report a second and disk; null for none.</param>
    /// <param name="cancellationToken">Stops the upload; what was sent is replaced by the next run.</param>
    /// <exception cref="PublishingException">The version rule forbids it, a disk cannot be read, or the service refused or failed.</exception>
    /// <exception cref="OperationCanceledException">The upload was stopped; nothing is published.</exception>
    public static Task<UploadResult> UploadAsync(StorageConnection connection, UploadRequest request, IProgress<UploadProgress>? progress, CancellationToken cancellationToken) =>
        UploadAsync(connection, request, source => SourceDisk.Open(source, request.OpenRemote), UploadTuning.Default, progress, TimeProvider.System, cancellationToken);

    /// <summary>As the public one, with what tests choose.</summary>
    /// <param name="connection">The container.</param>
    /// <param name="request">What to upload.</param>
    /// <param name="open">Opens a disk.</param>
    /// <param name="tuning">Durations and counts.</param>
    /// <param name="progress">Receives reports.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops the upload.</param>
    internal static async Task<UploadResult> UploadAsync(StorageConnection connection, UploadRequest request, Func<DiskSource, SourceDisk> open, UploadTuning tuning, IProgress<UploadProgress>? progress, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(request);

        CheckDisks(request);
        List<SourceDisk> disks = [];
        try
        {
            // All are opened before anything is sent: a disk that cannot be read costs no upload.
            foreach (DiskSource source in request.Disks)
            {
                disks.Add(open(source));
            }

            return await RunAsync(connection, request, disks, new DiskUpload(connection, request, tuning, progress, time), cancellationToken);
        }
        finally
        {
            disks.ForEach(disk => disk.Dispose());
        }
    }

    private static async Task<UploadResult> RunAsync(StorageConnection connection, UploadRequest request, IReadOnlyList<SourceDisk> disks, DiskUpload upload, CancellationToken cancellationToken)
    {
        VersionRecord? existing = await VersionCatalog.FindAsync(connection, request.Identity, cancellationToken);
        IReadOnlyList<PublishingNote> notes = [];
        if (existing is null)
        {
            notes = await VersionCatalog.CheckVersionAsync(connection, request.Identity, disks.Count(disk => disk.Source.Lun is not null), request.VersionJumpReason, cancellationToken);
        }
        else if (await CompareAsync(connection, existing, disks, upload, cancellationToken) is { } published)
        {
            return new UploadResult { Identity = request.Identity, Disks = published, AlreadyPublished = true };
        }

        List<UploadedDisk> uploaded = [];
        foreach (SourceDisk disk in disks)
        {
            uploaded.Add(await upload.RunAsync(disk, NameOf(request.Identity, existing, disk), cancellationToken));
        }

        return new UploadResult { Identity = request.Identity, Disks = uploaded, AlreadyPublished = false, Notes = notes };
    }

    // The published disks when all of them are in place; null when a blob of the same content is gone and must be sent again.
    private static async Task<IReadOnlyList<UploadedDisk>?> CompareAsync(StorageConnection connection, VersionRecord existing, IReadOnlyList<SourceDisk> disks, DiskUpload upload, CancellationToken cancellationToken)
    {
        List<UploadedDisk> local = [];
        foreach (SourceDisk disk in disks)
        {
            local.Add(upload.Describe(disk, NameOf(existing.Identity, existing, disk), await upload.HashAsync(disk, cancellationToken)));
        }

        if (!VersionCatalog.HaveSameContent(existing.Disks, local))
        {
            throw VersionCatalog.OtherContent(existing.Identity);
        }

        foreach (UploadedDisk disk in local)
        {
            if (await VersionCatalog.FindProblemAsync(connection, disk, cancellationToken) is not null)
            {
                return null;
            }
        }

        return local;
    }

    // A published disk keeps its blob's name when the local file was renamed since.
    private static string NameOf(VersionIdentity identity, VersionRecord? existing, SourceDisk disk) =>
        existing?.Disks.FirstOrDefault(published => published.Lun == disk.Source.Lun)?.BlobName ?? BlobNames.Of(identity, disk.Source);

    private static void CheckDisks(UploadRequest request)
    {
        if (request.Disks.Count(disk => disk.Lun is null) != 1 || request.Disks.Select(disk => disk.Lun).Distinct().Count() != request.Disks.Count)
        {
            throw new PublishingException("MKT4025", "A version has exactly one OS disk, and every data disk has a LUN of its own. Correct the OSDisk and DataDisk items of the project.");
        }
    }
}
