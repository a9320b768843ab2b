using System.Globalization;
using Marketplace.Publishing.Upload;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Marketplace.Build.Tasks.Manifest;

/// <summary>An uploaded disk as an MSBuild item: the blob's URI without signature, and metadata. Holds no secret.</summary>
internal static class UploadedDiskItem
{
    /// <summary>Makes the item of a disk.</summary>
    /// <param name="disk">The disk.</param>
    public static ITaskItem From(UploadedDisk disk) => new TaskItem(disk.BlobUri.AbsoluteUri, new Dictionary<string, string>
    {
        ["BlobName"] = disk.BlobName,
        ["Lun"] = disk.Lun?.ToString(CultureInfo.InvariantCulture) ?? "",
        ["Caching"] = disk.Caching,
        ["VirtualSize"] = disk.VirtualSize.ToString(CultureInfo.InvariantCulture),
        ["ContentHash"] = disk.ContentHash,
        ["BytesSent"] = disk.BytesSent.ToString(CultureInfo.InvariantCulture),
        ["Requests"] = disk.Requests.ToString(CultureInfo.InvariantCulture),
    });

    /// <summary>Reads the item of a disk.</summary>
    /// <param name="item">An item made by <see cref="From"/>.</param>
    public static UploadedDisk Parse(ITaskItem item) => new()
    {
        BlobName = item.GetMetadata("BlobName"),
        BlobUri = new Uri(item.ItemSpec, UriKind.Absolute),
        Lun = item.GetMetadata("Lun") is { Length: > 0 } lun ? int.Parse(lun, CultureInfo.InvariantCulture) : null,
        Caching = item.GetMetadata("Caching"),
        VirtualSize = Number(item, "VirtualSize"),
        ContentHash = item.GetMetadata("ContentHash"),
        BytesSent = Number(item, "BytesSent"),
        Requests = Number(item, "Requests"),
    };

    private static long Number(ITaskItem item, string name) => long.Parse(item.GetMetadata(name), CultureInfo.InvariantCulture);
}
