using Marketplace.Publishing.Catalog;
using Marketplace.Publishing.Storage;
using Marketplace.Publishing.Upload;

namespace Marketplace.Publishing.Tests;

/// <summary>What tests publish, and the steps to do so.</summary>
internal static class Publication
{
    public static UploadTuning Quick { get; } = new() { LeaseDuration = TimeSpan.FromSeconds(15), LeaseWait = TimeSpan.FromSeconds(2), LeasePoll = TimeSpan.FromMilliseconds(200) };

    public static VersionIdentity Identity(string version = "1.0.0") => new("contoso", "appliance", "standard", version);

    public static UploadRequest Request(params DiskSource[] disks) => new() { Identity = Identity(), Disks = disks };

    public static Task<UploadResult> UploadAsync(StorageConnection connection, UploadRequest request, CancellationToken cancellationToken, UploadTuning? tuning = null, TimeProvider? time = null) =>
        VersionUploader.UploadAsync(connection, request, source => SourceDisk.Open(source, request.OpenRemote), tuning ?? Quick, null, time ?? TimeProvider.System, cancellationToken);

    public static VersionRecord Record(UploadResult result) => new()
    {
        Identity = result.Identity,
        Published = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        OSFamily = "Linux",
        OperatingSystem = "Debian 12",
        Generation = "V2",
        RecommendedSizes = ["Standard_D2s_v5"],
        Disks = result.Disks,
        Levels = "2015-10;current",
        Requirements = [new RequirementRecord("MKT1001", "Passed", "")],
    };

    public static async Task<UploadResult> PublishAsync(StorageConnection connection, UploadRequest request, CancellationToken cancellationToken)
    {
        UploadResult result = await UploadAsync(connection, request, cancellationToken);
        await VersionCatalog.RegisterAsync(connection, Record(result), cancellationToken);
        return result;
    }
}
