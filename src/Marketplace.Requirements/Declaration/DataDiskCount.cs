using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Declaration;

/// <summary>MKT1012: an image has at most 16 data disks.</summary>
internal sealed class DataDiskCount : Requirement
{
    private const int Maximum = 16;

    public override string Id => "MKT1012";

    public override string Title => "Number of data disks";

    public override string Section => "1";

    public override Criterion Guide { get; } = new(Severity.Info, "an image has only the data disks its SKU needs: customers cannot remove them", "Guide, 1");

    public override Criterion Current { get; } = new(Severity.Error, "an image has at most 16 data disks", "VM plan technical configuration (2022); Partner Center schema");

    public override string Why => "Customers cannot remove the disks of an image, but can always add some";

    public override string Remedy => "remove DataDisk items; customers can add blank disks when they deploy";

    public override CheckResult Check(ImageContext context) => context.DataDisks.Count <= Maximum
        ? CheckResult.Passed
        : CheckResult.From(new Observation(context.Image.ProjectFile, $"the image has {context.DataDisks.Count} data disks"));
}
