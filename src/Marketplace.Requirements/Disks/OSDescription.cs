using Marketplace.Requirements.Declaration;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;

namespace Marketplace.Requirements.Disks;

/// <summary>MKT1021: the description of the operating system is not that of another one.</summary>
internal sealed class OSDescription : Requirement
{
    public override string Id => "MKT1021";

    public override string Title => "Description of the operating system";

    public override string Section => "5.3";

    public override Criterion Guide { get; } = new(Severity.Warning, "VmImageOperatingSystem describes the system on the OS disk: family, type, version and updates", "Guide, 5.3, step 6");

    public override Criterion Current { get; } = new(Severity.Warning, "VmImageOperatingSystem, the friendly name of the system, does not name another distribution or version than the OS disk holds", "VM plan technical configuration (2022)");

    public override string Why => "Customers choose the image by this description";

    public override string Remedy => "write the system of the disk in VmImageOperatingSystem, or declare the right disk";

    public override CheckResult Check(ImageContext context)
    {
        OSFamily family = context.RequireFamily();
        string description = context.Image.OperatingSystem;
        if (string.IsNullOrWhiteSpace(description))
        {
            return CheckResult.From(new Observation(context.Image.ProjectFile, "the project does not describe the operating system") { Guide = Severity.Info, Current = Severity.Info });
        }

        IReadOnlyList<SystemName> names = SystemName.Find(description);
        if (family == OSFamily.Windows)
        {
            // MKT1018 and the requirements of section 3 look at the Windows on the disk.
            return names.Count > 0 && names.All(name => name.Id != "windows")
                ? CheckResult.From(new Observation(context.Image.ProjectFile, $"\"{Evidence.Quote(description)}\" describes Linux, but the image is declared as Windows"))
                : CheckResult.NotApplicable("the edition and version that a description of Windows names are not compared with the disk");
        }

        return names.Count == 0 ? CheckResult.Passed : Compare(context.RequireOSDisk().Path, description, context.RequireLinux());
    }

    /// <summary>Compares a description with the system on a disk.</summary>
    /// <exception cref="CannotCheckException">What the disk holds has no name that can be compared.</exception>
    internal static CheckResult Compare(string disk, string description, LinuxSystem linux)
    {
        IReadOnlyList<SystemName> names = SystemName.Find(description);
        if (names.Count == 0)
        {
            return CheckResult.Passed;
        }

        OsRelease release = linux.OsRelease;
        string path = linux.Tree.FileExists("/etc/os-release") ? "/etc/os-release"
            : linux.Tree.FileExists("/usr/lib/os-release") ? "/usr/lib/os-release"
            : throw new CannotCheckException("the system has no os-release, so that the description cannot be compared with it");
        if (!SystemName.IsKnown(release.Id) && release.Like.Count == 0)
        {
            throw new CannotCheckException($"what the distribution \"{Evidence.Quote(release.Id)}\" is made of is not known, so that the description cannot be compared with it");
        }

        SystemName[] fitting = [.. names.Where(name => name.Fits(release.Id, release.Like))];
        string? found = fitting.Length == 0 ? $"names {string.Join(" and ", names.Select(name => Evidence.Quote(name.Words)))}, but the OS disk holds {Evidence.Quote(release.PrettyName)}"
            : fitting.Any(name => name.Contradicts(release.Id, release.VersionId)) ? $"names another version than that on the OS disk, {Evidence.Quote(release.PrettyName)}"
            : null;
        return found is null ? CheckResult.Passed
            : CheckResult.From(new Observation(disk, $"the description \"{Evidence.Quote(description)}\" {found}") { PathInDisk = path, Evidence = release.PrettyName });
    }
}
