using Marketplace.DiskImages;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;

namespace Marketplace.Requirements.Disks;

/// <summary>MKT1018: the declared family is that of the system on the OS disk.</summary>
internal sealed class OSFamilyMatchesDisk : Requirement
{
    public override string Id => "MKT1018";

    public override string Title => "Operating system family";

    public override string Section => "5.3";

    public override Criterion Guide { get; } = new(Severity.Error, "VmImageOSFamily is the family of the system on the OS disk", "Guide, 5.3, step 5");

    public override Criterion Current { get; } = new(Severity.Error, "VmImageOSFamily is the family of the system on the OS disk", "VM certification FAQ (2022): incorrect OS mapping");

    private const string WindowsMark = "/Windows/System32";

    public override string Why => "The platform prepares the machine by the declared family";

    public override string Remedy => "set VmImageOSFamily to Linux or Windows, as the OS disk is, or declare the right disk";

    public override CheckResult Check(ImageContext context)
    {
        OSFamily declared = context.RequireFamily();
        DiskUnderCheck disk = context.RequireOSDisk();
        if (context.FindWhyThereIsNoSystem() is { } reason)
        {
            return CheckResult.From(new Observation(disk.Path, $"the image is declared as {declared}, but its OS disk holds no system: {reason}")
            {
                Remedy = "declare the disk that holds the system as OSDisk; a blank disk is a DataDisk",
            });
        }

        DiskLayout layout = context.RequireOSLayout();
        SystemTree? linux = context.FindTree();
        WindowsSearch windows = context.FindWindows();
        if (linux is not null && windows.Tree is not null)
        {
            throw new CannotCheckException($"the OS disk holds a Linux system ({linux.RootVolume.DisplayName}) and Windows ({windows.Tree.RootVolume.DisplayName}), which of them starts is not known");
        }

        return declared == OSFamily.Linux ? JudgeLinux(context, disk, layout, linux, windows) : JudgeWindows(context, disk, linux, windows);
    }

    private static CheckResult JudgeLinux(ImageContext context, DiskUnderCheck disk, DiskLayout layout, SystemTree? linux, WindowsSearch windows)
    {
        if (linux is not null)
        {
            return CheckResult.Passed;
        }

        if (VolumeText.HasOnlyWindowsVolumes(layout))
        {
            return CheckResult.From(new Observation(disk.Path, windows.Tree is null
                ? $"the image is declared as Linux, but its OS disk holds only volumes of Windows ({VolumeText.List(layout)})"
                : $"the image is declared as Linux, but its OS disk holds Windows ({windows.Tree.RootVolume.DisplayName})")
            {
                PathInDisk = windows.Tree is null ? "" : WindowsMark,
            });
        }

        context.RequireTree();
        return CheckResult.Passed;
    }

    private static CheckResult JudgeWindows(ImageContext context, DiskUnderCheck disk, SystemTree? linux, WindowsSearch windows) =>
        windows.Tree is not null ? CheckResult.Passed
        : linux is null ? throw new CannotCheckException($"whether the OS disk holds Windows could not be seen: {windows.Explanation}", reported: context.WindowsIsEncrypted())
        {
            ReportedBy = context.WindowsIsEncrypted() ? ["MKT3009"] : [],
        }
        : CheckResult.From(new Observation(disk.Path, "the image is declared as Windows, but its OS disk holds a Linux system")
        {
            PathInDisk = linux.FileExists("/etc/os-release") ? "/etc/os-release" : "/usr/lib/os-release",
        });
}
