using Microsoft.Build.Framework;

namespace Marketplace.Build.Tasks;

/// <summary>
/// Validates an image: opens its disks read-only, checks every requirement and logs one diagnostic per finding.
/// Writes the reports always, the repair script when something can be mended inside the machine, the manifest only when nothing of severity error was found.
/// </summary>
public sealed partial class ValidateVhd
{
    /// <summary>The OS disks: one in a valid project. Metadata: Caching, Convert.</summary>
    public ITaskItem[] OSDisks { get; set; } = [];

    /// <summary>The data disks. Metadata: Lun, Caching, Convert.</summary>
    public ITaskItem[] DataDisks { get; set; } = [];

    /// <summary>The version X.Y.Z, as written.</summary>
    public string Version { get; set; } = "";

    /// <summary>The publisher.</summary>
    public string Publisher { get; set; } = "";

    /// <summary>The offer.</summary>
    public string Offer { get; set; } = "";

    /// <summary>The SKU.</summary>
    public string Sku { get; set; } = "";

    /// <summary><c>Linux</c> or <c>Windows</c>.</summary>
    public string OSFamily { get; set; } = "";

    /// <summary>The description of the operating system that customers see.</summary>
    public string OperatingSystem { get; set; } = "";

    /// <summary><c>V1</c>, <c>V2</c>, or empty for what the boot files say.</summary>
    public string Generation { get; set; } = "";

    /// <summary>The recommended sizes.</summary>
    public string[] RecommendedSizes { get; set; } = [];

    /// <summary>What leads to signed URIs that are to be judged: files, or environment variables by the metadata FromEnvironment.</summary>
    public ITaskItem[] SasUris { get; set; } = [];

    /// <summary>The storage account the image is published to: its credential opens disks that are blobs of it.</summary>
    public string Account { get; set; } = "";

    /// <summary>The levels, separated by semicolons.</summary>
    public string Requirements { get; set; } = "";

    /// <summary>Adjusted requirements: id, with metadata Severity and Justification.</summary>
    public ITaskItem[] RequirementOverrides { get; set; } = [];

    /// <summary>Hash of everything the validation depends on; kept in the manifest to recognise a stale one.</summary>
    [Required]
    public string InputsHash { get; set; } = "";

    /// <summary>The manifest to write.</summary>
    [Required]
    public string ManifestFile { get; set; } = "";

    /// <summary>The report to write.</summary>
    [Required]
    public string ReportFile { get; set; } = "";

    /// <summary>The report to write as SARIF 2.1.0; empty for none.</summary>
    public string SarifFile { get; set; } = "";

    /// <summary>The report to write as a page; empty for none.</summary>
    public string HtmlFile { get; set; } = "";

    /// <summary>The folder to write <c>fix.sh</c> or <c>fix.ps1</c> to; one of an earlier build is deleted.</summary>
    [Required]
    public string RepairScriptDirectory { get; set; } = "";

    /// <summary>The file that lets a later, skipped validation show its warnings again.</summary>
    [Required]
    public string FindingsFile { get; set; } = "";

    /// <summary>True when the task ran.</summary>
    [Output]
    public bool Validated { get; private set; }
}
