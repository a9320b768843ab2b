using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;

namespace Marketplace.Requirements.Disks;

/// <summary>MKT1017: the OS disk boots in the generation the image is declared for.</summary>
internal sealed class BootGeneration : Requirement
{
    /// <summary>Size of a sector of a VHD in bytes, by its specification.</summary>
    private const int VhdSectorSize = 512;

    public override string Id => "MKT1017";

    public override string Title => "Boot generation";

    public override Criterion Current { get; } = new(Severity.Error, "a generation 1 image boots by BIOS (active MBR partition or BIOS boot partition), a generation 2 image by UEFI (EFI system partition with \\EFI\\BOOT\\BOOTX64.EFI or BOOTAA64.EFI), as VmImageGeneration says", "Partner Center schema: image types x64Gen1, x64Gen2, arm64Gen2");

    public override string Why => "A generation 1 machine has a BIOS, a generation 2 machine UEFI; an image of the wrong one does not start";

    public override string Remedy => "set VmImageGeneration to what the disk supports, or install the boot loader for it: grub-install --target=i386-pc /dev/sdX, or grub-install --target=x86_64-efi --removable";

    public override CheckResult Check(ImageContext context)
    {
        DiskUnderCheck disk = context.RequireOSDisk();
        string declared = context.Image.Generation.Trim().ToUpperInvariant();
        BootSupport boot = context.RequireBootSupport();
        if (context.RequireOSLayout().Table?.PrimaryProblem is { } problem)
        {
            // The reader falls back to the backup at the end of the disk; GRUB and Linux do not.
            return CheckResult.From(new Observation(disk.Path, $"the GPT at the start of the OS disk is damaged, only its backup at the end can be read: {problem}")
            {
                Asked = "the disk has an intact partition table, which boot loader and kernel find without its backup",
                Remedy = "rebuild it from the backup: gdisk /dev/sdX, then r, b, c, w",
            });
        }

        if (context.RequireOSLayout().Table is { SectorSize: not VhdSectorSize and var sectorSize })
        {
            return CheckResult.From(new Observation(disk.Path, $"the GPT of the OS disk is made for sectors of {sectorSize} bytes, those of an OS disk have {VhdSectorSize}: neither firmware nor kernel finds its partitions")
            {
                Asked = $"the disk has a partition table for sectors of {VhdSectorSize} bytes",
                Remedy = $"install the system on a disk with logical sectors of {VhdSectorSize} bytes",
            });
        }

        return declared switch
        {
            "V1" => Judge(disk, "generation 1", boot.Bios, boot.BiosReason),
            "V2" when boot.IsUefiForArm64Only && IsForX64(context) => CheckResult.From(new Observation(disk.Path, $"the image is declared as generation 2 and its programs are for x86-64, but {boot.UefiReason} is the only boot file, which is for arm64")),
            "V2" => Judge(disk, "generation 2", boot.Uefi, boot.UefiReason),
            "" => JudgeUndeclared(disk, boot),
            _ => throw new CannotCheckException("VmImageGeneration is not V1 or V2", reported: true),
        };
    }

    private static bool IsForX64(ImageContext context) =>
        context.DeclaredFamily == OSFamily.Linux && context.FindTree() is not null && context.RequireLinux().IsX64;

    private static CheckResult Judge(DiskUnderCheck disk, string generation, bool? supported, string reason) => supported switch
    {
        true => CheckResult.Passed,
        false => CheckResult.From(new Observation(disk.Path, $"the image is declared as {generation}, but {reason}")),
        null => throw new CannotCheckException($"whether the OS disk boots as {generation} could not be seen: {reason}"),
    };

    private static CheckResult JudgeUndeclared(DiskUnderCheck disk, BootSupport boot)
    {
        if (boot.Bios == true || boot.Uefi == true)
        {
            return CheckResult.Passed;
        }

        return boot is { Bios: false, Uefi: false }
            ? CheckResult.From(new Observation(disk.Path, $"the OS disk boots neither by BIOS nor by UEFI: {boot.BiosReason}, and {boot.UefiReason}"))
            : throw new CannotCheckException($"how the OS disk boots could not be seen: {boot.BiosReason}, and {boot.UefiReason}");
    }
}
