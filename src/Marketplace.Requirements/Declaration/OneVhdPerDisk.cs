using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Declaration;

/// <summary>MKT1011: every disk has a VHD, a blank one too.</summary>
internal sealed class OneVhdPerDisk : Requirement
{
    public override string Id => "MKT1011";

    public override string Title => "One VHD for each disk";

    public override string Section => "1";

    public override Criterion Guide { get; } = new(Severity.Error, "every disk of a SKU has a VHD, a blank data disk too", "Guide, 1");

    public override Criterion Current { get; } = new(Severity.Error, "every data disk has one VHD, even if it is blank", "Plan a virtual machine offer (2021)");

    public override string Why => "Every disk of a SKU needs a VHD, a blank one too";

    public override string Remedy => "make a blank VHD: qemu-img create -f vpc -o subformat=fixed,force_size data.vhd 4G, and name it in the Include of DataDisk";

    public override CheckResult Check(ImageContext context)
    {
        if (context.DataDisks.Count == 0)
        {
            return CheckResult.NotApplicable("the image has no data disks");
        }

        int blank = context.DataDisks.Count(disk => disk.Path.Length == 0);
        return blank == 0
            ? CheckResult.Passed
            : CheckResult.From(new Observation(context.Image.ProjectFile, blank == 1 ? "one data disk has no VHD" : $"{blank} data disks have no VHD"));
    }
}
