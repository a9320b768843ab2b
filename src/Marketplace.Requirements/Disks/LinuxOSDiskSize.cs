using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Disks;

/// <summary>MKT1006: the OS disk of a Linux image has 30 to 50 GiB.</summary>
internal sealed class LinuxOSDiskSize : Requirement
{
    private const long GuideMinimum = 30 * SizeText.GiB;
    private const long GuideMaximum = 50 * SizeText.GiB;
    private const long CurrentMinimum = 1 * SizeText.GiB;
    private const long CurrentMaximum = 1023 * SizeText.GiB;

    public override string Id => "MKT1006";

    public override string Title => "Size of a Linux OS disk";

    public override string Section => "2.1";

    public override Criterion Guide { get; } = new(Severity.Error, "the OS disk has 30 to 50 GiB; less than 30 GiB is refused (error), more than 50 GiB is decided case by case (warning)", "Guide, 2.1");

    public override Criterion Current { get; } = new(Severity.Error, "the OS disk has 1 to 1023 GiB (error outside), 30 to 50 GiB are recommended (warning outside)", "VM certification FAQ (2022)");

    public override string Why => "The guide refuses less than 30 GiB; above 50 GiB each image is decided by itself. Today 1 to 1023 GiB are taken, 30 to 50 GiB recommended";

    public override string Remedy => "resize the disk to 30 GiB: qemu-img resize -f raw disk.raw 30G, grow the partition, then convert it to a fixed VHD";

    public override CheckResult Check(ImageContext context)
    {
        if (context.RequireFamily() != OSFamily.Linux)
        {
            return CheckResult.NotApplicable("the image is not a Linux image");
        }

        DiskUnderCheck disk = context.RequireOSDisk();
        long size = disk.RequireVirtualSize();
        long rounded = SizeText.RoundUpToMiB(size);
        if (rounded is >= GuideMinimum and <= GuideMaximum)
        {
            return CheckResult.Passed;
        }

        bool refused = rounded is < CurrentMinimum or > CurrentMaximum;
        disk.ContainerIsFaulty |= refused || rounded < GuideMinimum;
        return CheckResult.From(new Observation(disk.Path, $"the Linux OS disk {disk.Declaration.DisplayPath} has a virtual size of {SizeText.Format(size)}")
        {
            Guide = rounded < GuideMinimum ? Severity.Error : Severity.Warning,
            Current = refused ? Severity.Error : Severity.Warning,
            Remedy = rounded > GuideMaximum ? "shrink the file systems and the partitions, then the disk, to at most 50 GiB, and convert it to a fixed VHD" : "",
        });
    }
}
