using Marketplace.Requirements.Model;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Reports.Tests.Support;

/// <summary>The reports of real disks, with paths as a build writes them, relative to the project.</summary>
internal static class SampleReports
{
    private static readonly Lazy<ValidationReport> LazyGood = new(() => Make(folder => Images.Linux(folder.Packed("os.vhd", "Contoso/os")) with
    {
        DataDisks = [Images.Disk(folder.Packed("data.vhd", "Contoso/data"), "0")],
        Version = "1.0.0",
    }));

    private static readonly Lazy<ValidationReport> LazyBroken = new(() => Make(folder => Images.Linux(folder.Packed("os.vhd", "Contoso/os", "Broken/os.delta")) with
    {
        Sku = "broken",
        Version = "1.0.0",
        DataDisks =
        [
            Images.Disk(folder.Packed("data.vhd", "Contoso/data"), "1"),
            Images.Disk(folder.Packed("scratch.vhd", "Broken/scratch"), "1"),
            Images.Disk(folder.Packed("archive.vhd", "Broken/archive"), "3"),
        ],
    }));

    private static readonly Lazy<ValidationReport> LazyLogicalVolumes = new(() => Make(
        folder => Images.Linux(folder.Packed("os.vhd", "Layouts/lvm-xfs", "Layouts/lvm-xfs-swap")),
        new RequirementOverride("MKT2010", "None", "The volume group is kept for <resizing>, case 4711")));

    private static readonly Lazy<ValidationReport> LazyUnread = new(() => Make(folder =>
    {
        // The label of the root file system is changed, but not the checksum of its superblock.
        string path = folder.Packed("os.vhd", "Contoso/os");
        DiskArea root = Images.Validate(Images.Linux(path)).Disks[0].Areas.Single(area => area.Content == "ext4");
        DiskFolder.Patch(path, root.Start!.Value + 1024 + 0x78, (byte)'x');
        return Images.Linux(path);
    }));

    /// <summary>samples/ContosoAppliance.</summary>
    public static ValidationReport Good => LazyGood.Value;

    /// <summary>samples/BrokenAppliance.</summary>
    public static ValidationReport Broken => LazyBroken.Value;

    /// <summary>A system on logical volumes, with an adjustment.</summary>
    public static ValidationReport LogicalVolumes => LazyLogicalVolumes.Value;

    /// <summary>A disk whose root cannot be read: most requirements are inconclusive.</summary>
    public static ValidationReport Unread => LazyUnread.Value;

    public static ValidationReport Named(string name) => name switch
    {
        "good" => Good,
        "broken" => Broken,
        "logical-volumes" => LogicalVolumes,
        _ => Unread,
    };

    private static ValidationReport Make(Func<DiskFolder, ImageDeclaration> declare, params RequirementOverride[] overrides)
    {
        using DiskFolder folder = new();
        ValidationReport report = Images.Validate(declare(folder), overrides: overrides);
        return report with
        {
            Time = new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero),
            Image = report.Image with { ProjectFile = "appliance.vmproj", OSDisks = [.. report.Image.OSDisks.Select(Declared)], DataDisks = [.. report.Image.DataDisks.Select(Declared)] },
            Disks = [.. report.Disks.Select(disk => disk with { Path = Relative(disk.Path) })],
            Results = [.. report.Results.Select(result => result with { Findings = [.. result.Findings.Select(finding => finding with { File = Relative(finding.File) })] })],
        };

        string Relative(string path) => path == Images.ProjectFile ? "appliance.vmproj" : "disks/" + Path.GetRelativePath(folder.Path, path);

        DiskDeclaration Declared(DiskDeclaration disk) => disk with { Path = Relative(disk.Path) };
    }
}
