using System.Globalization;
using Marketplace.Build.Tasks.Diagnostics;
using Marketplace.Build.Tasks.Manifest;
using Marketplace.Publishing;
using Marketplace.Publishing.Remote;
using Marketplace.Publishing.Upload;

namespace Marketplace.Build.Tasks;

public sealed partial class UploadVhd : StorageTask
{
    /// <inheritdoc />
    protected override string WhatCancellationLeaves =>
        "Nothing was registered, and no unfinished blob is marked complete. Run the command again to finish what is left.";

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        if (VmImageManifest.Read(Absolute(ManifestFile)) is not { } manifest)
        {
            Diagnostics.Error(SdkCodes.NoBuildOutput, $"There is no manifest of a build that passed ('{ManifestFile}'). Only a validated image is published. Build first.");
            return;
        }

        var connection = await OpenAsync(cancellationToken);
        var request = new UploadRequest
        {
            Identity = new VersionIdentity(manifest.Publisher, manifest.Offer, manifest.Sku, manifest.Version),
            Disks = [.. manifest.Disks.Select(disk => new DiskSource(disk.AbsolutePath(ProjectDirectory), disk.Lun, disk.Caching)
            {
                Convert = disk.IsConverted,
                RemoteVersion = disk.RemoteVersion,
            })],
            OpenRemote = path => RemoteDisk.Open(RemoteDiskAddress.Parse(path), Account, Environment.GetEnvironmentVariable),
            VersionJumpReason = VersionJumpReason,
            Log = Diagnostics.Line,
        };
        var result = await VersionUploader.UploadAsync(connection, request, new ProgressLines(Diagnostics.Line, TimeProvider.System), cancellationToken);

        foreach (var note in result.Notes)
        {
            Diagnostics.Warning(note.Code, note.Message);
        }

        // What was sent must be what was validated: a disk that changed meanwhile was read in two states.
        foreach (var disk in manifest.Disks.Where(disk => !disk.IsUnchanged(ProjectDirectory)))
        {
            Diagnostics.Error(
                SdkCodes.StaleBuildOutput,
                $"The disk '{disk.Path}' changed while it was uploaded; nothing was registered. Stop what writes to it, build and publish again.",
                disk.AbsolutePath(ProjectDirectory));
        }

        UploadedDisks = [.. result.Disks.Select(UploadedDiskItem.From)];
        var sent = result.Disks.Sum(disk => disk.BytesSent);
        Diagnostics.Line(result.AlreadyPublished
            ? $"{manifest.Name}: version {manifest.Version} is published already with the same content; nothing was sent"
            : string.Create(CultureInfo.InvariantCulture, $"{manifest.Name}: {result.Disks.Count} disk(s) in container '{Container}', {ByteCount.Format(sent)} sent in {result.Disks.Sum(disk => disk.Requests)} writes"));
    }
}
