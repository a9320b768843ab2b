using System.Globalization;
using Marketplace.Build.Tasks.Diagnostics;
using Marketplace.Build.Tasks.Manifest;
using Marketplace.Publishing;
using Marketplace.Publishing.Catalog;
using Marketplace.Publishing.Upload;

namespace Marketplace.Build.Tasks;

public sealed partial class RegisterVmImage : StorageTask
{
    /// <inheritdoc />
    protected override string WhatCancellationLeaves => "The disks are uploaded; run the command again to register the version.";

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        if (VmImageManifest.Read(Absolute(ManifestFile)) is not { } manifest)
        {
            Diagnostics.Error(SdkCodes.NoBuildOutput, $"There is no manifest of a build that passed ('{ManifestFile}'). Only a validated image is published. Build first.");
            return;
        }

        var disks = Disks.Select(UploadedDiskItem.Parse).ToList();
        var connection = await OpenAsync(cancellationToken);
        var recordUri = await VersionCatalog.RegisterAsync(connection, Record(manifest, disks), cancellationToken);
        RecordUri = recordUri.GetLeftPart(UriPartial.Path);

        if (TryWrite(Absolute(PublishManifestFile), path => WritePublishManifest(path, manifest, disks)))
        {
            Tell(manifest, disks);
        }
    }

    private static VersionRecord Record(VmImageManifest manifest, IReadOnlyList<UploadedDisk> disks) => new()
    {
        Identity = new VersionIdentity(manifest.Publisher, manifest.Offer, manifest.Sku, manifest.Version),
        Published = TimeProvider.System.GetUtcNow(),
        OSFamily = manifest.OSFamily,
        OperatingSystem = manifest.OperatingSystem,
        Generation = manifest.Generation,
        RecommendedSizes = manifest.RecommendedSizes,
        Disks = disks,
        Levels = manifest.Levels,
        Requirements = [.. manifest.Requirements.Select(requirement => new RequirementRecord(requirement.Id, requirement.Outcome, requirement.Justification))],
    };

    private void WritePublishManifest(string path, VmImageManifest manifest, IReadOnlyList<UploadedDisk> disks) => VmImageManifest.WriteFile(path, writer =>
    {
        writer.WriteStartObject();
        manifest.WriteProperties(writer);
        writer.WriteStartObject("published");
        writer.WriteString("account", Account);
        writer.WriteString("container", Container);
        writer.WriteString("record", RecordUri);
        writer.WriteStartArray("disks");
        foreach (var disk in disks)
        {
            writer.WriteStartObject();
            writer.WriteString("uri", disk.BlobUri.GetLeftPart(UriPartial.Path));
            if (disk.Lun is { } lun)
            {
                writer.WriteNumber("lun", lun);
            }

            writer.WriteNumber("virtualSize", disk.VirtualSize);
            writer.WriteString("contentHash", disk.ContentHash);
            writer.WriteNumber("bytesSent", disk.BytesSent);
            writer.WriteNumber("requests", disk.Requests);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private void Tell(VmImageManifest manifest, IReadOnlyList<UploadedDisk> disks)
    {
        Diagnostics.Line($"Published {manifest.Publisher}/{manifest.Offer}/{manifest.Sku} {manifest.Version}");
        foreach (var disk in disks)
        {
            var role = disk.Lun is { } lun ? string.Create(CultureInfo.InvariantCulture, $"LUN {lun}") : "OS disk";
            Diagnostics.Line($"  {role,-9} {disk.BlobUri.GetLeftPart(UriPartial.Path)} ({ByteCount.Format(disk.VirtualSize)}, {ByteCount.Format(disk.BytesSent)} sent)");
        }

        Diagnostics.Line($"  {"Catalogue",-9} {RecordUri}");
        if (SasFile.Length > 0)
        {
            Diagnostics.Line($"  {"SAS URIs",-9} {Absolute(SasFile)} (secret: whoever has the file can read the disks)");
        }
    }
}
