using System.Globalization;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Reports.Sarif;

/// <summary>Where results are: at the project file, because that is what a repository has; the disk and the file inside it stand beside it.</summary>
/// <param name="projectFile">The project file, relative to its folder.</param>
/// <param name="projectFolder">The folder of the project within the repository, with forward slashes; empty when it is its root.</param>
internal sealed class SarifPlaces(string projectFile, string projectFolder)
{
    /// <summary>The base that code scanning takes for the root of the repository.</summary>
    public const string BaseId = "%SRCROOT%";

    /// <summary>The location of a result: line 1 of the project file, and the file inside the disk.</summary>
    public SarifLocation Of(Finding finding) => AtProject() with
    {
        LogicalLocations = finding.PathInDisk.Length == 0 ? null :
        [
            new SarifLogicalLocation(
                finding.PathInDisk.Split('/')[^1] is { Length: > 0 } name ? name : finding.PathInDisk,
                $"{finding.File}:{finding.PathInDisk}{(finding.Line > 0 ? ":" + finding.Line.ToString(CultureInfo.InvariantCulture) : "")}",
                "resource"),
        ],
    };

    /// <summary>Line 1 of the project file.</summary>
    public SarifLocation AtProject() => new()
    {
        PhysicalLocation = new SarifPhysicalLocation(Locate(projectFile), new SarifRegion(1)),
    };

    /// <summary>The disk a finding is about; null when it is about the project.</summary>
    public IReadOnlyList<SarifLocation>? Related(Finding finding) => finding.File.Length == 0 || finding.File == projectFile ? null :
    [
        new SarifLocation
        {
            Id = 1,
            PhysicalLocation = new SarifPhysicalLocation(Locate(finding.File)),
            Message = new SarifText("the disk image"),
        },
    ];

    private SarifArtifactLocation Locate(string path)
    {
        if (path.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || path.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            return new SarifArtifactLocation { Uri = Uri.TryCreate(path, UriKind.Absolute, out Uri? address) ? address.AbsoluteUri : Escape(path) };
        }

        string slashed = path.Replace('\\', '/');
        bool isRooted = slashed.StartsWith('/') || (slashed.Length > 1 && slashed[1] == ':');
        return isRooted
            ? new SarifArtifactLocation { Uri = "file:///" + Escape(slashed.TrimStart('/')) }
            : new SarifArtifactLocation { Uri = Escape(Join(projectFolder, slashed)), UriBaseId = BaseId };
    }

    // ".." takes back a folder of the project; what leaves the repository keeps its "..".
    private static string Join(string folder, string path)
    {
        List<string> parts = [];
        foreach (string part in (folder + "/" + path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0 && parts[^1] != "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    private static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
