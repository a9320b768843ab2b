using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Declaration;

/// <summary>MKT1015: all versions of a SKU have the same number of data disks. Only the catalogue knows the others.</summary>
internal sealed class SameDataDiskCount : Requirement
{
    public override string Id => "MKT1015";

    public override string Title => "Same number of data disks in all versions";

    public override Criterion Current { get; } = new(Severity.Error, "all versions of a SKU have the same number of data disks", "Plan a virtual machine offer (2021); asked since July 2016");

    public override string Why => "Machines made from one version must be able to use the next";

    public override string Remedy => "keep the data disks of the versions published before, or publish under another SKU";

    public override CheckStages Stages => CheckStages.Publish;

    public override CheckResult Check(ImageContext context) =>
        CheckResult.NotChecked("only the catalogue of published versions can tell; dotnet publish compares with it");
}
