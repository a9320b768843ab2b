using System.Globalization;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Declaration;

/// <summary>MKT1013: LUNs are 0 to 15, different, and without gaps from 0.</summary>
internal sealed class DataDiskLuns : Requirement
{
    private const int Maximum = 15;

    public override string Id => "MKT1013";

    public override string Title => "LUNs of data disks";

    public override string Section => "5.3";

    public override Criterion Guide { get; } = new(Severity.Error, "every data disk has a LUN of its own from 0 to 15", "Guide, 5.3, step 10; its own scripts start with LUN 1");

    public override Criterion Current { get; } = new(Severity.Error, "every data disk has a LUN of its own from 0 to 15, counted from 0 without gaps", "VM certification FAQ (2022): any other order is a mapping issue; Partner Center schema");

    public override string Why => "The LUN is how a deployed machine finds its disks; today any other order is treated as a mapping error";

    public override string Remedy => "number the data disks 0, 1, 2, …: <DataDisk Include=\"…\" Lun=\"0\" />";

    public override CheckResult Check(ImageContext context)
    {
        if (context.DataDisks.Count == 0)
        {
            return CheckResult.NotApplicable("the image has no data disks");
        }

        List<Observation> observations = [];
        Dictionary<int, string> seen = [];
        foreach (DiskDeclaration disk in context.Image.DataDisks)
        {
            string display = disk.DisplayPath.Length > 0 ? disk.DisplayPath : "a data disk without file";
            if (string.IsNullOrWhiteSpace(disk.Lun))
            {
                observations.Add(Fault(context, $"the data disk {display} has no Lun"));
            }
            else if (LogicalUnitNumber.TryParse(disk.Lun) is not { } lun || lun > Maximum)
            {
                observations.Add(Fault(context, $"the data disk {display} has the LUN \"{Evidence.Quote(disk.Lun)}\", which is not a number from 0 to {Maximum}"));
            }
            else if (!seen.TryAdd(lun, display))
            {
                observations.Add(Fault(context, $"the data disks {seen[lun]} and {display} have the same LUN {lun}"));
            }
        }

        // Only good numbers can be judged for gaps: one fault, one finding.
        if (observations.Count == 0 && seen.Keys.Max() != seen.Count - 1)
        {
            string list = string.Join(", ", seen.Keys.Order().Select(lun => lun.ToString(CultureInfo.InvariantCulture)));
            observations.Add(Fault(context, $"the LUNs of the data disks are {list}") with { Guide = Severity.None });
        }

        return CheckResult.From(observations);
    }

    private static Observation Fault(ImageContext context, string found) => new(context.Image.ProjectFile, found);
}
