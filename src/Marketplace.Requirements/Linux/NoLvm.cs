using Marketplace.DiskImages.Partitions;
using Marketplace.DiskImages.Volumes;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2009: the OS disk does not use LVM.</summary>
internal sealed class NoLvm : Requirement
{
    public override string Id => "MKT2009";

    public override string Title => "No logical volume manager";

    public override string Section => "2.4";

    public override Criterion Guide { get; } = new(Severity.Warning, "the OS disk does not use the logical volume manager", "Guide, 2.4");

    public override Criterion Current { get; } = new(Severity.Warning, "the OS disk does not use the logical volume manager", "Security recommendations for Marketplace images (2019); Prepare Linux for imaging in Azure");

    public override string Why => "A logical volume makes it hard to attach the disk to another machine for repair: both may have the same names";

    public override string Remedy => "install the system on plain partitions";

    public override CheckResult Check(ImageContext context)
    {
        if (context.RequireFamily() != OSFamily.Linux)
        {
            return CheckResult.NotApplicable("the image is not a Linux image");
        }

        DiskUnderCheck disk = context.RequireOSDisk();
        IReadOnlyList<Volume> volumes = context.RequireOSLayout().Volumes;
        Observation[] found = [.. volumes.Where(IsLvm).Select(volume =>
            new Observation(disk.Path, volume.Kind == VolumeKind.LvmPhysicalVolume
                ? $"{volume.DisplayName} of the OS disk is an LVM physical volume"
                : $"{volume.DisplayName} of the OS disk has the partition type of LVM"))];
        return found.Length == 0 && volumes.FirstOrDefault(volume => VolumeText.WhyHidden(volume) is not null) is { } hidden
            ? throw new CannotCheckException($"{hidden.DisplayName} of the OS disk {VolumeText.WhyHidden(hidden)} and may hold logical volumes", reported: disk.ContainerIsFaulty)
            : CheckResult.From(found);
    }

    // The physical volume is told once; the logical volumes on it are its consequence.
    private static bool IsLvm(Volume volume) => volume.LogicalVolume is null &&
        (volume.Kind == VolumeKind.LvmPhysicalVolume || volume.Partition?.MbrType == PartitionTypes.MbrLinuxLvm || volume.Partition?.GptType == PartitionTypes.LinuxLvm);
}
