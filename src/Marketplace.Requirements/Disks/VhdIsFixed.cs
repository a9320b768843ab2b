using Marketplace.DiskImages;
using Marketplace.DiskImages.Formats;
using Marketplace.DiskImages.Formats.Vhd;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Disks;

/// <summary>MKT1002: every disk is a VHD of the fixed type.</summary>
internal sealed class VhdIsFixed : DiskRequirement
{
    public override string Id => "MKT1002";

    public override string Title => "Fixed VHD";

    public override string Section => "2.1";

    public override Criterion Guide { get; } = new(Severity.Error, "every disk is a VHD of the fixed type", "Guide, 2.1 and 3.4");

    public override Criterion Current { get; } = new(Severity.Error, "every disk is a VHD of the fixed type (disk type 2); dynamic disks and VHDX are refused", "VM certification FAQ (2022); Prepare Linux for imaging in Azure");

    public override string Why => "The platform takes fixed disks only: every sector is where its number says";

    public override string Remedy => "set Convert=\"true\" on the item, so that it is published as a fixed VHD, or convert it: qemu-img convert -O vpc -o subformat=fixed,force_size disk.src disk.vhd, or Convert-VHD -VHDType Fixed";

    protected override IEnumerable<Observation> CheckDisk(ImageContext context, DiskUnderCheck disk)
    {
        DiskImage image = disk.RequireImage();
        if (disk.IsConverted)
        {
            yield break;
        }

        string format = image.Format switch
        {
            DiskFormat.FixedVhd => "",
            DiskFormat.DynamicVhd => "a dynamic VHD (disk type 3)",
            DiskFormat.DifferencingVhd => "a differencing VHD (disk type 4), which needs its parent",
            DiskFormat.OtherVhd when image.Footer is null => "a VHD whose end was cut off",
            DiskFormat.OtherVhd => $"a VHD of the type {image.Footer.DiskType}",
            DiskFormat.Vhdx => "a VHDX",
            DiskFormat.Qcow => "a QCOW2 image",
            DiskFormat.Vmdk => "a VMDK image",
            DiskFormat.Vdi => "a VDI image",
            DiskFormat.Compressed => "a compressed file or an archive",
            _ => throw new CannotCheckException($"the file {disk.Declaration.DisplayPath} is not a VHD", reported: true) { ReportedBy = ["MKT1001"] },
        };
        if (format.Length == 0)
        {
            yield break;
        }

        if (image is { Format: DiskFormat.OtherVhd, Footer: not null } && disk.RequireFooterProblems().Any(problem => problem.Kind == VhdProblemKind.Checksum))
        {
            throw new CannotCheckException($"the VHD footer of {disk.Declaration.DisplayPath} is damaged", reported: true) { ReportedBy = ["MKT1001"] };
        }

        disk.ContainerIsFaulty |= !disk.IsInContainer || disk.ContainerProblem is not null;
        yield return new Observation(disk.Path, $"{disk.Declaration.DisplayPath} is {format}, whatever its name says{(disk.ContainerProblem is { } problem ? $"; it cannot be read ({problem.Message})" : "")}{string.Concat(image.Notes.Select(note => "; " + note))}")
        {
            Remedy = image.Format == DiskFormat.Compressed ? "unpack the file and declare the fixed VHD in it"
                : disk.ContainerProblem is not null ? "make the disk again from its source, or repair it with the tool that made it, then convert it: qemu-img convert -O vpc -o subformat=fixed,force_size disk.src disk.vhd"
                : image.Disk is null ? "convert it: qemu-img convert -O vpc -o subformat=fixed,force_size disk.src disk.vhd"
                : "",
        };
    }
}
