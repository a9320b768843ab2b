using Microsoft.Build.Framework;

namespace Marketplace.Build.Tasks;

/// <summary>Puts the disks of a validated image into the container as page blobs, each verified and marked complete.</summary>
public sealed partial class UploadVhd
{
    /// <summary>The manifest of the build that validated the image.</summary>
    [Required]
    public string ManifestFile { get; set; } = "";

    /// <summary>Why X or Y of the version may change within the SKU; empty when it may not.</summary>
    public string VersionJumpReason { get; set; } = "";

    /// <summary>The disks in the container, the OS disk first: URI without signature, with metadata.</summary>
    [Output]
    public ITaskItem[] UploadedDisks { get; private set; } = [];
}
