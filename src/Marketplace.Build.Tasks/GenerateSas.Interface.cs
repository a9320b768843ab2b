using Microsoft.Build.Framework;

namespace Marketplace.Build.Tasks;

/// <summary>Signs uploaded disks for reading, proves that each signature opens its disk, and writes the URIs to one file.</summary>
public sealed partial class GenerateSas
{
    /// <summary>The disks, as <see cref="UploadVhd.UploadedDisks"/> gives them.</summary>
    [Required]
    public ITaskItem[] Disks { get; set; } = [];

    /// <summary>The levels, separated by semicolons: they decide start, expiry and scheme.</summary>
    public string Requirements { get; set; } = "";

    /// <summary>The file for the URIs; only its owner may read it.</summary>
    [Required]
    public string SasFile { get; set; } = "";
}
