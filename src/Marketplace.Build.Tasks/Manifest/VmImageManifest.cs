using System.Globalization;
using Marketplace.Publishing.Remote;
using Marketplace.Requirements.Model;

namespace Marketplace.Build.Tasks.Manifest;

/// <summary>A disk of the manifest.</summary>
internal sealed record ManifestDisk
{
    /// <summary>Path relative to the project's folder, with forward slashes; absolute only across Windows drives.</summary>
    public required string Path { get; init; }

    /// <summary>The LUN of a data disk; null for the OS disk.</summary>
    public required int? Lun { get; init; }

    /// <summary>Host caching.</summary>
    public required string Caching { get; init; }

    /// <summary>Length of the file in bytes, footer included.</summary>
    public required long Length { get; init; }

    /// <summary>Time of the last change of the file that was validated.</summary>
    public required DateTimeOffset Modified { get; init; }

    /// <summary>Virtual size in bytes.</summary>
    public required long VirtualSize { get; init; }

    /// <summary>Allocated bytes.</summary>
    public required long AllocatedBytes { get; init; }

    /// <summary>The entity tag of a disk at an address; empty for a file.</summary>
    public string RemoteVersion { get; init; } = "";

    /// <summary>Whether the disk is published as a fixed VHD made of another format.</summary>
    public bool IsConverted { get; init; }

    /// <summary>Whether the path is the address of a blob.</summary>
    public bool IsRemote => RemoteDiskAddress.IsAddress(Path);

    /// <summary>Whether the file is still the one that was validated, by length and time of change.</summary>
    /// <param name="projectDirectory">The project's folder.</param>
    public bool IsUnchanged(string projectDirectory)
    {
        if (IsRemote)
        {
            // The upload is pinned to the entity tag, and refuses another.
            return true;
        }

        var file = new FileInfo(AbsolutePath(projectDirectory));
        return file.Exists && file.Length == Length && file.LastWriteTimeUtc == Modified.UtcDateTime;
    }

    /// <summary>The absolute path.</summary>
    /// <param name="projectDirectory">The project's folder.</param>
    public string AbsolutePath(string projectDirectory) => IsRemote ? Path : System.IO.Path.GetFullPath(Path, projectDirectory);
}

/// <summary>What one requirement came to.</summary>
/// <param name="Id">The requirement.</param>
/// <param name="Outcome">Its outcome.</param>
/// <param name="Reason">Why, where the outcome is neither passed nor failed.</param>
/// <param name="Justification">The justification of an override; empty when there is none.</param>
internal sealed record ManifestRequirement(string Id, string Outcome, string Reason, string Justification);

/// <summary>The output of a build that passed: what was validated, and how it came out. All paths are relative.</summary>
internal sealed partial record VmImageManifest
{
    /// <summary>Version of the file's schema.</summary>
    public const int Schema = 1;

    /// <summary>The project's name.</summary>
    public required string Name { get; init; }

    /// <summary>The version X.Y.Z.</summary>
    public required string Version { get; init; }

    /// <summary>The publisher.</summary>
    public required string Publisher { get; init; }

    /// <summary>The offer.</summary>
    public required string Offer { get; init; }

    /// <summary>The SKU.</summary>
    public required string Sku { get; init; }

    /// <summary><c>Linux</c> or <c>Windows</c>.</summary>
    public required string OSFamily { get; init; }

    /// <summary>The description of the operating system.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary><c>V1</c> or <c>V2</c>; empty when unknown.</summary>
    public required string Generation { get; init; }

    /// <summary>The recommended sizes.</summary>
    public required IReadOnlyList<string> RecommendedSizes { get; init; }

    /// <summary>The levels, separated by semicolons.</summary>
    public required string Levels { get; init; }

    /// <summary>When the validation ran.</summary>
    public required DateTimeOffset Validated { get; init; }

    /// <summary>Hash of what the project declared.</summary>
    public required string InputsHash { get; init; }

    /// <summary>The disks, the OS disk first, then by LUN.</summary>
    public required IReadOnlyList<ManifestDisk> Disks { get; init; }

    /// <summary>The requirements by id.</summary>
    public required IReadOnlyList<ManifestRequirement> Requirements { get; init; }

    /// <summary>Makes the manifest of a report.</summary>
    /// <param name="report">A report that succeeded.</param>
    /// <param name="projectDirectory">The folder paths are relative to.</param>
    /// <param name="inputsHash">Hash of what the project declared.</param>
    public static VmImageManifest From(ValidationReport report, string projectDirectory, string inputsHash) => new()
    {
        Name = Path.GetFileNameWithoutExtension(report.Image.ProjectFile),
        Version = report.Image.Version,
        Publisher = report.Image.Publisher,
        Offer = report.Image.Offer,
        Sku = report.Image.Sku,
        OSFamily = report.Image.OSFamily,
        OperatingSystem = report.Image.OperatingSystem,
        Generation = report.Generation,
        RecommendedSizes = report.Image.RecommendedSizes,
        Levels = JsonNames.Levels(report.Levels),
        Validated = report.Time,
        InputsHash = inputsHash,
        Disks = [.. report.Disks.Select(disk => new ManifestDisk
        {
            Path = RelativePath(disk.Path, projectDirectory),
            Lun = disk.Lun,
            Caching = disk.Caching,
            Length = disk.FileLength,
            Modified = disk.FileModified,
            VirtualSize = disk.VirtualSize,
            AllocatedBytes = disk.AllocatedBytes,
            RemoteVersion = disk.RemoteVersion,
            IsConverted = disk.IsConverted,
        })],
        Requirements = [.. report.Results.Select(result => new ManifestRequirement(
            result.Id,
            JsonNames.Outcome(result.Outcome),
            result.Reason,
            result.Findings.Select(finding => finding.Justification).FirstOrDefault(text => text.Length > 0) ?? ""))],
    };

    /// <summary>A path as the manifest holds it.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="projectDirectory">The folder paths are relative to.</param>
    public static string RelativePath(string path, string projectDirectory) =>
        path.Length == 0 || RemoteDiskAddress.IsAddress(path) ? path : Path.GetRelativePath(projectDirectory, path).Replace('\\', '/');

    /// <summary>Number of requirements with an outcome.</summary>
    /// <param name="outcome">The outcome in its written form.</param>
    public int Count(string outcome) => Requirements.Count(requirement => requirement.Outcome == outcome);

    // The round-trip form keeps the 100 ns ticks that the comparison of file times needs.
    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
}
