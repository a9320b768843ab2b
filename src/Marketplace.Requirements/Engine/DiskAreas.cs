using System.Globalization;
using Marketplace.DiskImages;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Partitions;
using Marketplace.DiskImages.Volumes;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;

namespace Marketplace.Requirements.Engine;

/// <summary>The layout of a disk as reports show it. Every word from the disk is made fit to be shown.</summary>
internal static class DiskAreas
{
    /// <summary>The most areas of a disk that are listed, more than a GPT of the usual size has: a disk made to flood the report must not.</summary>
    private const int MaxAreas = 160;

    /// <summary>The partitions by their start, then the logical volumes.</summary>
    public static IReadOnlyList<DiskArea> Of(DiskLayout layout) =>
    [
        .. layout.Volumes.Take(MaxAreas).Select(Of)
            .OrderBy(area => area.Kind == DiskAreaKind.LogicalVolume)
            .ThenBy(area => area.Start ?? 0),
    ];

    private static DiskArea Of(Volume volume)
    {
        FileSystemSpace? space = FindSpace(volume.FileSystem);
        return new DiskArea
        {
            Kind = volume.LogicalVolume is not null ? DiskAreaKind.LogicalVolume : volume.IsWholeDisk ? DiskAreaKind.WholeDisk : DiskAreaKind.Partition,
            Name = Evidence.Quote(volume.LogicalVolume?.ToString() ?? volume.Partition?.Number.ToString(CultureInfo.InvariantCulture) ?? ""),
            Start = volume.LogicalVolume is not null ? null : volume.Partition?.Offset ?? 0,
            Length = volume.Partition?.Length ?? volume.Content.Length,
            Type = volume.Partition is null ? "" : TypeOf(volume.Partition),
            Content = volume.FileSystem?.TypeName ?? VolumeText.NameOf(volume.Kind),
            Label = Evidence.Quote(volume.Label),
            UsedBytes = space?.UsedBytes,
            FreeBytes = space?.FreeBytes,
            Problem = volume.Problem is null ? "" : Evidence.OneLine(volume.Problem.Message),
        };
    }

    private static FileSystemSpace? FindSpace(FileSystem? fileSystem)
    {
        try
        {
            return fileSystem?.FindSpace();
        }
        catch (Exception exception) when (exception is DiskFormatException or (IOException and not (FileNotFoundException or FileLoadException)))
        {
            // Unknown. Whoever needs what is damaged says so.
            return null;
        }
    }

    private static string TypeOf(Partition partition) =>
        partition.IsEfiSystem ? "EFI system"
        : partition.IsLinuxSwap ? "Linux swap"
        : partition.IsLinuxLvm ? "Linux LVM"
        : partition.GptType is { } guid ? NameOf(guid)
        : partition.MbrType is { } type ? NameOf(type)
        : "";

    private static string NameOf(Guid type) =>
        type == PartitionTypes.BiosBoot ? "BIOS boot"
        : type == PartitionTypes.ExtendedBoot ? "extended boot loader"
        : type == PartitionTypes.MicrosoftReserved ? "Microsoft reserved"
        : type == PartitionTypes.LinuxRootX64 || type == PartitionTypes.LinuxRootArm64 ? "Linux root"
        : type == PartitionTypes.LinuxUsrX64 || type == PartitionTypes.LinuxUsrArm64 ? "Linux /usr"
        : type == PartitionTypes.LinuxHome ? "Linux /home"
        : type == PartitionTypes.FlatcarRoot ? "Flatcar root"
        : type == PartitionTypes.FlatcarUsr ? "Flatcar /usr"
        : type == LinuxData ? "Linux data"
        : type == BasicData ? "basic data"
        : type == WindowsRecovery ? "Windows recovery"
        : type.ToString("D");

    // The usual list of MBR types, of the kinds that images have.
    private static string NameOf(byte type) => type switch
    {
        0x07 => "NTFS or exFAT",
        0x0B or 0x0C => "FAT32",
        0x27 => "Windows recovery",
        0x83 => "Linux",
        0xFD => "Linux RAID",
        _ => string.Create(CultureInfo.InvariantCulture, $"0x{type:X2}"),
    };

    /// <summary>Linux file system data: Discoverable Partitions Specification.</summary>
    private static readonly Guid LinuxData = new("0fc63daf-8483-4772-8e79-3d69d8477de4");

    /// <summary>PARTITION_BASIC_DATA_GUID of winioctl.h.</summary>
    private static readonly Guid BasicData = new("ebd0a0a2-b9e5-4433-87c0-68b6b72699c7");

    /// <summary>PARTITION_MSFT_RECOVERY_GUID of winioctl.h.</summary>
    private static readonly Guid WindowsRecovery = new("de94bba4-06d1-4d40-a16a-bfd50179d6ac");
}
