using Marketplace.Requirements.Model;

namespace Marketplace.Build.Tasks.Manifest;

/// <summary>A report whose paths mean the same on another machine.</summary>
internal static class PortableReport
{
    /// <summary>The report with every path relative to the project.</summary>
    /// <param name="report">A report with absolute paths.</param>
    /// <param name="projectDirectory">The folder paths are relative to.</param>
    public static ValidationReport Of(ValidationReport report, string projectDirectory)
    {
        return report with
        {
            Image = report.Image with
            {
                ProjectFile = Relative(report.Image.ProjectFile),
                OSDisks = [.. report.Image.OSDisks.Select(Declaration)],
                DataDisks = [.. report.Image.DataDisks.Select(Declaration)],
            },
            Disks = [.. report.Disks.Select(disk => disk with { Path = Relative(disk.Path) })],
            Results = [.. report.Results.Select(result => result with { Findings = [.. result.Findings.Select(About)] })],
            DeclarationFindings = [.. report.DeclarationFindings.Select(About)],
        };

        string Relative(string path) => VmImageManifest.RelativePath(path, projectDirectory);

        DiskDeclaration Declaration(DiskDeclaration disk) => disk with { Path = Relative(disk.Path) };

        Finding About(Finding finding) => finding with { File = Relative(finding.File) };
    }
}
