using System.Globalization;
using Marketplace.DiskImages.Formats.Vhd;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Disks;

/// <summary>MKT1004: the virtual size is a whole number of MiB.</summary>
internal sealed class SizeIsWholeMiB : DiskRequirement
{
    public override string Id => "MKT1004";

    public override string Title => "Virtual size is a whole number of MiB";

    public override Criterion Current { get; } = new(Severity.Error, "the virtual size is a whole number of MiB (1,048,576 bytes)", "VM certification FAQ (2022); Prepare Linux for imaging in Azure");

    public override string Why => "Azure refuses a page blob whose virtual size is not a whole number of MiB";

    public override string Remedy => "qemu-img convert -O raw disk.vhd disk.raw, then qemu-img resize -f raw disk.raw to the next whole MiB, then qemu-img convert -O vpc -o subformat=fixed,force_size disk.raw disk.vhd";

    protected override string NothingToCheck => "no disk is a fixed VHD; MKT1002 asks for a conversion, which rounds the size up";

    protected override bool IsAbout(ImageContext context, DiskUnderCheck disk) => disk.IsConverted || !disk.IsInContainer;

    protected override IEnumerable<Observation> CheckDisk(ImageContext context, DiskUnderCheck disk)
    {
        if (disk.IsConverted)
        {
            // It is published rounded up to a whole MiB.
            yield break;
        }

        long size = disk.RequireVirtualSize();
        if (size % SizeText.MiB == 0)
        {
            yield break;
        }

        disk.ContainerIsFaulty = true;
        string detail = disk.RequireFooterProblems().FirstOrDefault(problem => problem.Kind == VhdProblemKind.Alignment)?.Detail
            ?? string.Create(CultureInfo.InvariantCulture, $"the size of {size} bytes is not a whole number of MiB");
        yield return new Observation(disk.Path, $"{disk.Declaration.DisplayPath}: {detail}");
    }
}
