using Marketplace.DiskImages.Partitions;
using Marketplace.DiskImages.Trees;
using Marketplace.DiskImages.Volumes;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2010: the system is on one root partition.</summary>
internal sealed class SingleRootPartition : Requirement
{
    public override string Id => "MKT2010";

    public override string Title => "Single root partition";

    public override string Section => "2.4";

    public override Criterion Guide { get; } = new(Severity.Warning, "the OS disk has one root partition; partitions the firmware and the boot loader need do not count", "Guide, 2.4");

    public override Criterion Current { get; } = new(Severity.Warning, "one root partition is recommended for the OS disk", "Certification policy 200.3.3; self-test 42");

    public override string Remedy => "move the files of the other partition to the root partition, remove its line from /etc/fstab and delete it";

    public override CheckResult Check(ImageContext context)
    {
        if (context.RequireFamily() != OSFamily.Linux)
        {
            return CheckResult.NotApplicable("the image is not a Linux image");
        }

        DiskUnderCheck disk = context.RequireOSDisk();
        SystemTree tree = context.RequireTree();
        return CheckResult.From([.. context.RequireOSLayout().Volumes
            .Where(volume => IsLinuxFileSystem(volume) && !IsRootOrBoot(tree, volume))
            .Select(volume => new Observation(disk.Path, $"{volume.DisplayName} of the OS disk holds another file system ({volume.FileSystem?.TypeName ?? VolumeText.NameOf(volume.Kind)})" + MountText(tree, volume)))]);
    }

    private static bool IsLinuxFileSystem(Volume volume) =>
        volume.Kind is VolumeKind.Ext or VolumeKind.Xfs or VolumeKind.Btrfs or VolumeKind.F2fs or VolumeKind.Zfs or VolumeKind.Luks;

    private static bool IsRootOrBoot(SystemTree tree, Volume volume) =>
        volume.Partition?.GptType is { } type && (type == PartitionTypes.ExtendedBoot || type == PartitionTypes.EfiSystem)
        || tree.Mounts.Any(mount => mount.Volume == volume && IsRootOrBoot(mount.Path))
        || tree.UnreadableMounts.Any(mount => mount.Volume == volume && IsRootOrBoot(mount.Path));

    private static bool IsRootOrBoot(string path) =>
        path is "/" or "/boot" or "/efi" || path.StartsWith("/boot/", StringComparison.Ordinal);

    private static string MountText(SystemTree tree, Volume volume) =>
        tree.Mounts.FirstOrDefault(mount => mount.Volume == volume)?.Path is { } path ? $", mounted on {path}" : "";
}
