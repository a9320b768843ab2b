using Microsoft.Build.Framework;

namespace Marketplace.Build.Tasks;

/// <summary>Writes the catalogue record that makes a version published, then tells what was published.</summary>
public sealed partial class RegisterVmImage
{
    /// <summary>The manifest of the build that validated the image.</summary>
    [Required]
    public string ManifestFile { get; set; } = "";

    /// <summary>The disks, as <see cref="UploadVhd.UploadedDisks"/> gives them.</summary>
    [Required]
    public ITaskItem[] Disks { get; set; } = [];

    /// <summary>Where <see cref="GenerateSas"/> wrote the signed URIs; named in what is told, never read.</summary>
    public string SasFile { get; set; } = "";

    /// <summary>The manifest with what was published, for the publish folder.</summary>
    [Required]
    public string PublishManifestFile { get; set; } = "";

    /// <summary>URI of the catalogue record, without signature.</summary>
    [Output]
    public string RecordUri { get; private set; } = "";
}
