using Marketplace.DiskImages;
using Marketplace.DiskImages.Partitions;
using Marketplace.DiskImages.Volumes;

namespace Marketplace.Requirements.Systems;

/// <summary>Volumes in words.</summary>
internal static class VolumeText
{
    /// <summary>For example <c>partition 1: XFS; partition 2: swap</c>.</summary>
    public static string List(DiskLayout layout) =>
        layout.Volumes.Count == 0 ? "the partition table is empty" : string.Join("; ", layout.Volumes.Take(16).Select(Describe));

    /// <summary>Whether the disk holds volumes of Windows and none that could be a Linux root.</summary>
    public static bool HasOnlyWindowsVolumes(DiskLayout layout) =>
        layout.Volumes.Any(volume => volume.Kind is VolumeKind.Ntfs or VolumeKind.ReFs or VolumeKind.BitLocker) &&
        layout.Volumes.All(volume => volume.Kind is VolumeKind.Ntfs or VolumeKind.ReFs or VolumeKind.BitLocker
            or VolumeKind.Fat or VolumeKind.ExFat or VolumeKind.Empty or VolumeKind.Unknown);

    /// <summary>
    /// Why the volume may stand for others that are not seen, when it belongs to LVM: a physical volume whose logical volumes are not
    /// known, or a logical volume that is not read. Null when it does not.
    /// </summary>
    public static string? WhyUnreadLvm(Volume volume) =>
        volume.Kind == VolumeKind.LvmPhysicalVolume && volume.LogicalVolume is not null ? "is an LVM physical volume inside a logical volume, which is not read"
        : volume.Problem is { } problem && (volume.Kind == VolumeKind.LvmPhysicalVolume || volume is { Kind: VolumeKind.Unknown, LogicalVolume: not null }) ? $"could not be read ({problem.Message})"
        : null;

    /// <summary>Why the volume may hold any other volume that is not seen: encryption, RAID, or LVM that is not read. Null when it does not.</summary>
    public static string? WhyHidden(Volume volume) =>
        volume.Kind is VolumeKind.LinuxRaid or VolumeKind.Luks ? $"is {NameOf(volume.Kind)}, whose inside is not read"
        : WhyUnreadLvm(volume);

    /// <summary>Why the volume may hold a file system of Linux that is not known. Null when it does not.</summary>
    public static string? WhyMayHoldFileSystem(Volume volume) =>
        volume is { Kind: VolumeKind.Unknown, LogicalVolume: null, Partition.GptType: var type } && type != PartitionTypes.BiosBoot && type != PartitionTypes.MicrosoftReserved
            ? "holds data of an unknown kind"
        : WhyHidden(volume);

    /// <summary>The name of a kind as people say it.</summary>
    public static string NameOf(VolumeKind kind) => kind switch
    {
        VolumeKind.Empty => "empty",
        VolumeKind.Unknown => "unknown data",
        VolumeKind.Fat => "FAT",
        VolumeKind.ExFat => "exFAT",
        VolumeKind.Xfs => "XFS",
        VolumeKind.Ntfs => "NTFS",
        VolumeKind.ReFs => "ReFS",
        VolumeKind.Luks => "LUKS",
        VolumeKind.Swap => "swap",
        VolumeKind.LvmPhysicalVolume => "LVM physical volume",
        VolumeKind.LinuxRaid => "Linux RAID member",
        VolumeKind.ReadOnlyLinux => "read-only Linux file system",
        VolumeKind.Iso9660 => "ISO 9660",
        VolumeKind.F2fs => "F2FS",
        VolumeKind.Zfs => "ZFS",
        _ => kind.ToString(),
    };

    private static string Describe(Volume volume)
    {
        string text = volume.DisplayName + ": " + (volume.FileSystem?.TypeName ?? NameOf(volume.Kind));
        return volume.Problem is null ? text : text + ", " + volume.Problem.Message;
    }
}
