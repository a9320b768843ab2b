using Marketplace.DiskImages;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Partitions;
using Marketplace.DiskImages.Volumes;

namespace Marketplace.Requirements.Systems;

/// <summary>How a disk can boot: generation 1 (BIOS), generation 2 (UEFI), or both.</summary>
/// <param name="Bios">Whether BIOS firmware can boot it: true, false, or null when that could not be seen.</param>
/// <param name="BiosReason">What was seen.</param>
/// <param name="Uefi">Whether UEFI firmware can boot it: true, false, or null when that could not be seen.</param>
/// <param name="UefiReason">What was seen.</param>
/// <param name="IsUefiForArm64Only">Whether the only boot file found for UEFI is that of arm64 machines.</param>
internal sealed record BootSupport(bool? Bios, string BiosReason, bool? Uefi, string UefiReason, bool IsUefiForArm64Only)
{
    private const string Arm64Loader = "BOOTAA64.EFI";

    /// <summary>Fallback boot files of UEFI, x86-64 and arm64 (UEFI Specification 2.10, 3.5.1.1).</summary>
    private static readonly string[] FallbackLoaders = ["BOOTX64.EFI", Arm64Loader];

    /// <summary>The generation the disk is made for when the project does not say: V2 for UEFI alone, else V1; empty when unknown.</summary>
    public string DefaultGeneration => this switch
    {
        { Bios: true } => "V1",
        { Uefi: true } => "V2",
        _ => "",
    };

    /// <summary>Looks at the partition table and at the EFI system partition.</summary>
    public static BootSupport Read(DiskLayout layout)
    {
        (bool? bios, string biosReason) = ReadBios(layout);
        (bool? uefi, string uefiReason) = ReadUefi(layout);
        return new BootSupport(bios, biosReason, uefi, uefiReason, uefi == true && uefiReason.EndsWith(Arm64Loader, StringComparison.Ordinal));
    }

    private static (bool?, string) ReadBios(DiskLayout layout)
    {
        switch (layout.Table)
        {
            case null:
                return (null, "the disk has no partition table");
            case { Kind: PartitionTableKind.Gpt } gpt:
                Partition? biosBoot = gpt.Partitions.FirstOrDefault(partition => partition.GptType == PartitionTypes.BiosBoot);
                return biosBoot is null
                    ? (false, "the GPT has no BIOS boot partition")
                    : (true, $"partition {biosBoot.Number} is a BIOS boot partition");
            default:
                if (layout.Table.Partitions.FirstOrDefault(partition => partition.IsActive) is { } active)
                {
                    return (true, $"partition {active.Number} of the MBR is active");
                }

                // GRUB in the boot sector boots without an active partition; Hyper-V's BIOS runs the boot code whatever the flags say.
                return HasBootCode(layout) ? (null, "no partition of the MBR is active, but its boot sector has code") : (false, "no partition of the MBR is active");
        }
    }

    private static bool HasBootCode(DiskLayout layout)
    {
        Span<byte> code = stackalloc byte[440];
        if (layout.Disk.Length < code.Length)
        {
            return false;
        }

        layout.Disk.Read(0, code);
        return code.ContainsAnyExcept((byte)0);
    }

    private static (bool?, string) ReadUefi(DiskLayout layout)
    {
        string reason = "the disk has no EFI system partition";
        bool unread = false;
        foreach (Volume volume in layout.Volumes)
        {
            if (volume.Partition is not { } partition || (partition.GptType != PartitionTypes.EfiSystem && partition.MbrType != PartitionTypes.MbrEfiSystem))
            {
                continue;
            }

            if (volume.Kind == VolumeKind.Empty)
            {
                reason = $"the EFI system partition ({volume.DisplayName}) is empty";
                continue;
            }

            if (volume.FileSystem is null)
            {
                unread = true;
                reason = $"the files of the EFI system partition ({volume.DisplayName}, {VolumeText.NameOf(volume.Kind)}) could not be read";
                continue;
            }

            try
            {
                FileNode? boot = FindDirectory(FindDirectory(volume.FileSystem.Root, "EFI"), "BOOT");
                if (boot is not null && FallbackLoaders.FirstOrDefault(name => FindIgnoringCase(boot, name) is { Kind: FileKind.Regular, Size: > 0 }) is { } loader)
                {
                    return (true, $"{volume.DisplayName} has \\EFI\\BOOT\\{loader}");
                }

                reason = $"the EFI system partition ({volume.DisplayName}) has no \\EFI\\BOOT\\BOOTX64.EFI or BOOTAA64.EFI";
            }
            catch (DiskFormatException exception)
            {
                unread = true;
                reason = $"the EFI system partition ({volume.DisplayName}) could not be read: {exception.Message}";
            }
        }

        return (unread ? null : false, reason);
    }

    private static FileNode? FindDirectory(FileNode? parent, string name) =>
        parent is null ? null : FindIgnoringCase(parent, name) is { Kind: FileKind.Directory } directory ? directory : null;

    private static FileNode? FindIgnoringCase(FileNode directory, string name) =>
        directory.Find(name) ?? directory.EnumerateDirectory().FirstOrDefault(entry => entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Node;
}
