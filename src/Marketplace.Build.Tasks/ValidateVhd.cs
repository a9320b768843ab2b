using System.Globalization;
using Marketplace.Build.Tasks.Diagnostics;
using Marketplace.Build.Tasks.Manifest;
using Marketplace.Publishing;
using Marketplace.Publishing.Remote;
using Marketplace.Requirements;
using Marketplace.Requirements.Model;
using Microsoft.Build.Framework;

namespace Marketplace.Build.Tasks;

public sealed partial class ValidateVhd : VmImageTask
{
    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken cancellationToken)
    {
        var manifestFile = Absolute(ManifestFile);
        var findingsFile = Absolute(FindingsFile);

        // First of all: whatever happens from here on, nothing says that this image passed until it did.
        var repairs = new RepairScriptFiles(Absolute(RepairScriptDirectory));
        if (!TryWrite(manifestFile, File.Delete) || !TryWrite(findingsFile, File.Delete) || !repairs.Paths.All(path => TryWrite(path, RepairScriptFiles.Delete)))
        {
            return Task.CompletedTask;
        }

        // Before anything shows an Include: one with a signature in it must not be repeated.
        foreach (var disk in OSDisks.Concat(DataDisks).Where(disk => RemoteDiskAddress.IsAddress(disk.ItemSpec)))
        {
            RemoteDiskAddress.Parse(disk.ItemSpec);
        }

        var report = ImageValidator.Validate(Declaration(), Options(), cancellationToken);
        foreach (var finding in report.Diagnostics)
        {
            Diagnostics.Finding(finding);
        }

        var summary = Summary(report);
        Diagnostics.Line(summary);
        var portable = PortableReport.Of(report, ProjectDirectory);
        if (WriteReports(portable) && portable.ToRepairScript() is { } script && TryWrite(repairs.PathOf(script), path => RepairScriptFiles.Write(path, script)))
        {
            Diagnostics.Line($"{Path.GetFileNameWithoutExtension(ProjectFile)}: what can be mended inside the machine is in {repairs.PathOf(script)}");
        }

        // A project may promote a warning to an error; then the build failed although the report did not.
        if (report.Succeeded && !Log.HasLoggedErrors)
        {
            TryWrite(findingsFile, path => FindingsCache.Write(path, summary, report.Diagnostics));
            TryWrite(manifestFile, path => VmImageManifest.From(report, ProjectDirectory, InputsHash).Write(path));
        }

        Validated = true;
        return Task.CompletedTask;
    }

    // The last gate: what a service answered may stand in a finding, and no file may keep a signature or a key of it.
    // What keeps one file from being written mostly keeps all: the first is told.
    private bool WriteReports(ValidationReport report)
    {
        return Write(ReportFile, report.ToJson)
            && Write(SarifFile, () => report.ToSarif(RepositoryFolder.Of(ProjectDirectory)))
            && Write(HtmlFile, report.ToHtml);

        bool Write(string file, Func<string> text) =>
            file.Length == 0 || TryWrite(Absolute(file), path => File.WriteAllText(path, SecretRedactor.Redact(text().TrimEnd('\n')) + "\n"));
    }

    private ImageDeclaration Declaration() => new()
    {
        ProjectFile = ProjectFile,
        OSDisks = [.. OSDisks.Select(Disk)],
        DataDisks = [.. DataDisks.Select(Disk)],
        Version = Version,
        Publisher = Publisher,
        Offer = Offer,
        Sku = Sku,
        OSFamily = OSFamily,
        OperatingSystem = OperatingSystem,
        Generation = Generation,
        RecommendedSizes = RecommendedSizes,
    };

    private ValidationOptions Options()
    {
        var signed = SasUriItems.Read(ProjectFile, SasUris);
        return new ValidationOptions
        {
            Levels = Requirements,
            Overrides = CheckVmImageSasUris.RequirementOverride(RequirementOverrides),
            OpenRemote = OpenRemote,
            SasUris = signed.Uris,
            SasFaults = signed.Faults,
        };
    }

    private DiskDeclaration Disk(ITaskItem item) => new()
    {
        Path = Absolute(item.ItemSpec),
        DisplayPath = item.ItemSpec,
        Lun = item.GetMetadata("Lun"),
        Caching = item.GetMetadata("Caching"),
        Convert = item.GetMetadata("Convert"),
    };

    private RemoteDiskFile OpenRemote(string path)
    {
        try
        {
            var disk = RemoteDisk.Open(RemoteDiskAddress.Parse(path), Account, Environment.GetEnvironmentVariable);
            return new RemoteDiskFile(disk, disk.Modified, disk.ETag.ToString());
        }
        catch (PublishingException exception)
        {
            // The finding names the disk, and the code of what the service said.
            throw new IOException($"{exception.Code}: {exception.Message}", exception);
        }
    }

    private static string Summary(ValidationReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Path.GetFileNameWithoutExtension(report.Image.ProjectFile)}: {report.Count(Outcome.Passed)} passed, {report.Count(Outcome.Failed)} failed, {report.Count(Outcome.Inconclusive)} inconclusive, {report.Count(Outcome.NotChecked)} not checked");
}
