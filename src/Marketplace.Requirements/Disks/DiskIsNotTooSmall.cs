using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Disks;

/// <summary>MKT1005: a disk has at least 20 MiB. The OS disk of a known family has its own, larger minimum.</summary>
internal sealed class DiskIsNotTooSmall : DiskRequirement
{
    /// <summary>The smallest disk Azure takes, in bytes.</summary>
    public const long MinimumBytes = 20 * SizeText.MiB;

    public override string Id => "MKT1005";

    public override string Title => "Smallest disk";

    public override Criterion Current { get; } = new(Severity.Error, "a disk has at least 20 MiB", "VM certification FAQ (2022): 20 MiB to 32 TiB");

    public override string Why => "Azure does not take smaller disks";

    public override string Remedy => "make the disk larger: qemu-img resize -f raw disk.raw 1G, then convert it to a fixed VHD";

    protected override bool IsAboutOSDisks => false;

    protected override string NothingToCheck => "there are no data disks; the size of the OS disk is for MKT1006 and MKT1007";

    // MKT1006 and MKT1007 speak about the OS disk.
    protected override bool IsAbout(ImageContext context, DiskUnderCheck disk) =>
        (!disk.IsOSDisk || context.DeclaredFamily is null) && disk.Path.Length > 0;

    protected override IEnumerable<Observation> CheckDisk(ImageContext context, DiskUnderCheck disk)
    {
        long size = disk.RequireVirtualSize();
        if (SizeText.RoundUpToMiB(size) < MinimumBytes)
        {
            disk.ContainerIsFaulty = true;
            yield return new Observation(disk.Path, $"{disk.Declaration.DisplayPath} has a virtual size of {SizeText.Format(size)}");
        }
    }
}
