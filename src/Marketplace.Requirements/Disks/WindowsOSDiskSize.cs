using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Disks;

/// <summary>MKT1007: the OS disk of a Windows image has the size of the platform's base images.</summary>
internal sealed class WindowsOSDiskSize : Requirement
{
    // The guide says 128 GB; the base images it points to have 127 GiB.
    private const long GuideSize = 128 * SizeText.GiB;
    private const long BaseImageSize = 127 * SizeText.GiB;
    private const long CurrentMinimum = 30 * SizeText.GiB;
    private const long CurrentMaximum = 250 * SizeText.GiB;

    public override string Id => "MKT1007";

    public override string Title => "Size of a Windows OS disk";

    public override string Section => "3.4";

    public override Criterion Guide { get; } = new(Severity.Warning, "the OS disk has 128 GB: 127 or 128 GiB, as the base images have", "Guide, 3.4; the platform's base images of October 2015 have 127 GiB");

    public override Criterion Current { get; } = new(Severity.Error, "the OS disk has 30 to 250 GiB", "VM certification FAQ (2022)");

    public override string Why => "The base images already have the right size; the guide asks not to change it";

    public override string Remedy => "start from an approved base image and keep its size, or Resize-VHD the disk and its partition";

    public override CheckResult Check(ImageContext context)
    {
        if (context.RequireFamily() != OSFamily.Windows)
        {
            return CheckResult.NotApplicable("the image is not a Windows image");
        }

        DiskUnderCheck disk = context.RequireOSDisk();
        long size = disk.RequireVirtualSize();
        long rounded = SizeText.RoundUpToMiB(size);
        bool asGuide = rounded is GuideSize or BaseImageSize;
        bool asCurrent = rounded is >= CurrentMinimum and <= CurrentMaximum;
        disk.ContainerIsFaulty |= !asCurrent;
        return asGuide
            ? CheckResult.Passed
            : CheckResult.From(new Observation(disk.Path, $"the Windows OS disk {disk.Declaration.DisplayPath} has a virtual size of {SizeText.Format(size)}")
            {
                Current = asCurrent ? Severity.None : Severity.Error,
            });
    }
}
