using Marketplace.DiskImages.Partitions;
using Marketplace.DiskImages.Volumes;

namespace Marketplace.DiskImages.Trees;

/// <summary>Volumes that are mounted at <c>/usr</c> by their partition type, as on Flatcar, whose root has no system of its own.</summary>
internal static class UsrVolumes
{
    /// <summary>Flatcar's label of the volume it mounts at <c>/oem</c>.</summary>
    public const string FlatcarOemLabel = "OEM";

    /// <summary>The volumes with the type of <c>/usr</c> that hold something; the second one of Flatcar is empty until the first update.</summary>
    public static Volume[] Of(DiskLayout layout) => [.. layout.Volumes.Where(volume => IsUsr(volume) && volume.Kind != VolumeKind.Empty)];

    /// <summary>Whether a volume with the type of <c>/usr</c> is that of Flatcar.</summary>
    public static bool IsFlatcar(Volume volume) => volume.Partition?.GptType == PartitionTypes.FlatcarUsr;

    /// <summary>Whether a volume has the type of a root.</summary>
    public static bool IsRoot(Volume volume) =>
        volume.Partition?.GptType is { } type && (type == PartitionTypes.FlatcarRoot || type == PartitionTypes.LinuxRootX64 || type == PartitionTypes.LinuxRootArm64);

    /// <summary>Whether the files of a volume are those of <c>/usr</c> of a system.</summary>
    /// <exception cref="DiskFormatException">They cannot be read.</exception>
    public static bool HasRelease(Volume volume) => volume.FileSystem is not null && new VolumeTree(volume.FileSystem).FileExists("/lib/os-release");

    private static bool IsUsr(Volume volume) =>
        volume.Partition?.GptType is { } type && (type == PartitionTypes.LinuxUsrX64 || type == PartitionTypes.LinuxUsrArm64 || type == PartitionTypes.FlatcarUsr);
}
