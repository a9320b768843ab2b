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
    private const int MaxListed = 16;

    public override string Id => "MKT2010";

    public override string Title => "Single root partition";

    public override string Section => "2.4";

    public override Criterion Guide { get; } = new(Severity.Warning, "the OS disk has one root partition; partitions the firmware and the boot loader need do not count", "Guide, 2.4");

    public override Criterion Current { get; } = new(Severity.Warning, "one root partition is recommended for the OS disk", "Certification policy 200.3.3; self-test 42");

    public override string Why => "A single root partition can be grown at the first boot";

    public override string Remedy => "move the files of the other partition to the root partition, remove its line from /etc/fstab and delete it";

    public override CheckResult Check(ImageContext context)
    {
        if (context.RequireFamily() != OSFamily.Linux)
        {
            return CheckResult.NotApplicable("the image is not a Linux image");
        }

        DiskUnderCheck disk = context.RequireOSDisk();

        // Of two systems either may start: the other one is another file system in any case.
        SystemTree tree = context.FindTree() ?? context.RequireTree();
        IReadOnlyList<Volume> volumes = context.RequireOSLayout().Volumes;
        Volume[] others = [.. volumes.Where(volume => IsLinuxFileSystem(volume) && !IsRootOrBoot(tree, volume))];
        return others.Length == 0 && volumes.FirstOrDefault(volume => VolumeText.WhyMayHoldFileSystem(volume) is not null && !IsRootOrBoot(tree, volume)) is { } unread
            ? throw new CannotCheckException($"{unread.DisplayName} of the OS disk {VolumeText.WhyMayHoldFileSystem(unread)} and may hold another file system", reported: disk.ContainerIsFaulty)
            : CheckResult.From([
                .. others.Where(volume => volume.LogicalVolume is null)
                    .Select(volume => new Observation(disk.Path, $"{volume.DisplayName} of the OS disk holds another file system ({volume.FileSystem?.TypeName ?? VolumeText.NameOf(volume.Kind)})" + MountText(tree, volume))),
                .. LogicalVolumes(disk, tree, [.. others.Where(volume => volume.LogicalVolume is not null)]),
            ]);
    }

    /// <summary>Logical volumes are told together: a system that is spread over some is usually spread over many.</summary>
    private static IEnumerable<Observation> LogicalVolumes(DiskUnderCheck disk, SystemTree tree, Volume[] others)
    {
        if (others.Length > 0)
        {
            string list = string.Join("; ", others.Take(MaxListed).Select(volume => volume.LogicalVolume + MountText(tree, volume))) + (others.Length > MaxListed ? "; …" : "");
            yield return new Observation(disk.Path, $"logical volumes of the OS disk hold other file systems: {list}")
            {
                Remedy = "move the files of each to the root file system, remove its line from /etc/fstab, then lvremove it; or install the system on one plain partition",
            };
        }
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
