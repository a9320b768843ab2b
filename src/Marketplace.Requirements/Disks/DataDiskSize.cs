using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Disks;

/// <summary>MKT1008: a data disk has at most 1023 GiB.</summary>
internal sealed class DataDiskSize : DiskRequirement
{
    // "1 TB" of the guide is 1023 GiB in practice: the largest page blob of a VHD at that time.
    private const long Maximum = 1023 * SizeText.GiB;

    public override string Id => "MKT1008";

    public override string Title => "Size of a data disk";

    public override string Section => "2.1";

    public override Criterion Guide { get; } = new(Severity.Error, "a data disk has at most 1 TB, which is 1023 GiB", "Guide, 2.1 and 3.4");

    public override Criterion Current { get; } = new(Severity.Error, "a data disk has at most 1023 GiB", "VM certification FAQ (2022)");

    public override string Why => "Customers cannot resize the disks of an image when they deploy it";

    public override string Remedy => "make the disk smaller, or spread the data over several data disks";

    protected override bool IsAboutOSDisks => false;

    protected override string NothingToCheck => "the image has no data disks";

    protected override bool IsAbout(ImageContext context, DiskUnderCheck disk) => !disk.IsOSDisk && disk.Path.Length > 0;

    protected override IEnumerable<Observation> CheckDisk(ImageContext context, DiskUnderCheck disk)
    {
        long size = disk.RequireVirtualSize();
        if (SizeText.RoundUpToMiB(size) > Maximum)
        {
            disk.ContainerIsFaulty = true;
            yield return new Observation(disk.Path, $"the data disk {disk.Declaration.DisplayPath} has a virtual size of {SizeText.Format(size)}");
        }
    }
}
