using System.Globalization;
using System.Runtime.ExceptionServices;
using Marketplace.DiskImages;
using Marketplace.DiskImages.Partitions;
using Marketplace.DiskImages.Trees;
using Marketplace.DiskImages.Volumes;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2011: no swap on the OS disk or a data disk, in any form.</summary>
internal sealed class NoSwap : Requirement
{
    private const int SysfsSector = 512;

    public override string Id => "MKT2011";

    public override string Title => "No swap on the disks of the image";

    public override string Section => "2.4";

    public override Criterion Guide { get; } = new(Severity.Error, "there is no swap partition on the OS disk or a data disk, even if /etc/fstab does not mount it; the agent can make swap on the resource disk", "Guide, 2.4");

    public override Criterion Current { get; } = new(Severity.Error, "there is no swap partition or swap file on the OS disk; the agent can make swap on the resource disk", "Certification policy 200.3.3; self-test 41; LISA verify_no_swap_on_osdisk");

    public override string Why => "Swap on a disk in blob storage is slow and billed. The agent can make swap on the local resource disk";

    public override string Remedy => "swapoff -a, remove the swap line from /etc/fstab, delete the partition or the file; for swap on the resource disk see ResourceDisk.EnableSwap in /etc/waagent.conf";

    public override CheckResult Check(ImageContext context)
    {
        if (context.RequireFamily() != OSFamily.Linux)
        {
            return CheckResult.NotApplicable("the image is not a Linux image");
        }

        // Swap on one disk is a fault whether or not the rest can be read.
        List<Observation> observations = [];
        Exception? blocked = null;
        DiskUnderCheck osDisk = context.RequireOSDisk();
        Collect(() => SwapPartitions(osDisk, context.RequireOSLayout()));
        foreach (DiskUnderCheck disk in context.DataDisks.Where(disk => disk.Path.Length > 0))
        {
            Collect(() => SwapPartitions(disk, disk.RequireLayout()));
        }

        Collect(() => SwapFacts.Find(osDisk.Path, context.RequireLinux()));
        Collect(() => HiddenVolumes(osDisk, context.RequireOSLayout()));
        Collect(() => LostVolumes(osDisk, context.RequireOSLayout(), context.RequireTree()));
        foreach (DiskUnderCheck disk in context.DataDisks.Where(disk => disk.Path.Length > 0))
        {
            Collect(() => HiddenVolumes(disk, disk.RequireLayout()));
        }

        if (observations.Count == 0 && blocked is not null)
        {
            ExceptionDispatchInfo.Throw(blocked);
        }

        return CheckResult.From(observations);

        void Collect(Func<IEnumerable<Observation>> find)
        {
            try
            {
                observations.AddRange(find());
            }
            catch (Exception exception) when (exception is CannotCheckException or DiskFormatException)
            {
                // An unreported cause weighs more: it is shown.
                blocked = blocked is null or CannotCheckException { Reported: true } ? exception : blocked;
            }
        }
    }

    private static IEnumerable<Observation> SwapPartitions(DiskUnderCheck disk, DiskLayout layout)
    {
        foreach (Volume volume in layout.Volumes)
        {
            if (volume.Kind == VolumeKind.Swap)
            {
                yield return volume.LogicalVolume is { } logical
                    ? SwapArea(disk, $"{volume.DisplayName} of {disk.DisplayName} is a swap area", $"swapoff /dev/{logical}, remove its line from /etc/fstab and any resume= or rd.lvm.lv= for it from the kernel line, then lvremove {logical}") with { Repair = disk.IsOSDisk ? RepairCommands.Of(RepairStage.Configuration, "remove_swap_volume", logical.ToString()) : null }
                    : Partition(disk, volume, $"{volume.DisplayName} of {disk.DisplayName} is a swap area");
            }
            else if (volume.Partition is { } partition &&
                (partition.GptType == PartitionTypes.LinuxSwap || (partition.MbrType == PartitionTypes.MbrLinuxSwap && volume.Kind is (VolumeKind.Empty or VolumeKind.Unknown))))
            {
                // 0x82 is Solaris too: a partition with a file system is not swap whatever its type says.
                yield return Partition(disk, volume, $"{volume.DisplayName} of {disk.DisplayName} has the partition type of Linux swap");
            }
        }
    }

    // A logical volume that is not read, or what an encrypted volume holds, can be swap as well.
    private static IEnumerable<Observation> HiddenVolumes(DiskUnderCheck disk, DiskLayout layout) =>
        layout.Volumes.FirstOrDefault(volume => VolumeText.WhyHidden(volume) is not null) is { } hidden
            ? throw new CannotCheckException($"{hidden.DisplayName} of {disk.DisplayName} {VolumeText.WhyHidden(hidden)} and may hold swap", reported: disk.ContainerIsFaulty)
            : [];

    // A directory that is mounted from a volume that was not found may be on one that cannot be told by its name any more.
    private static IEnumerable<Observation> LostVolumes(DiskUnderCheck disk, DiskLayout layout, SystemTree tree) =>
        tree.UnreadableMounts.FirstOrDefault(mount => mount.Volume is null) is { } lost
        && layout.Volumes.FirstOrDefault(volume => VolumeText.WhyMayHoldFileSystem(volume) is not null && tree.UnreadableMounts.All(mount => mount.Volume != volume)) is { } unknown
            ? throw new CannotCheckException($"{unknown.DisplayName} of {disk.DisplayName} {VolumeText.WhyMayHoldFileSystem(unknown)}; it may be what is mounted on {Evidence.Quote(lost.Path)} and hold a swap file", reported: disk.ContainerIsFaulty)
            : [];

    // Today's rule is about the OS disk only.
    private static Observation SwapArea(DiskUnderCheck disk, string found, string remedy) =>
        new(disk.Path, found) { Current = disk.IsOSDisk ? null : Severity.None, Remedy = remedy };

    private static Observation Partition(DiskUnderCheck disk, Volume volume, string found) =>
        SwapArea(disk, found, "swapoff the partition, delete it (sgdisk --delete=N), and remove its line from /etc/fstab") with { Repair = disk.IsOSDisk && volume.Partition is { } partition ? Delete(partition) : null };

    // Inside the machine the partition is known by its number, start and length on the disk of the root file system; sysfs counts sectors of 512 bytes.
    private static Repair Delete(Partition partition) => RepairCommands.Of(RepairStage.Configuration, "remove_swap_partition",
        ((long[])[partition.Number, partition.Offset / SysfsSector, partition.Length / SysfsSector]).Select(number => number.ToString(CultureInfo.InvariantCulture)));
}
