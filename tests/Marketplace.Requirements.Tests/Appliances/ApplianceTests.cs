using Marketplace.Requirements.Model;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Appliances;

[TestClass]
public sealed class ApplianceTests
{
    public static IEnumerable<object[]> CaseNames => ApplianceCase.All.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(CaseNames))]
    public void Finds_what_was_changed_and_nothing_else(string name)
    {
        ApplianceCase item = ApplianceCase.All[name];
        using DiskFolder folder = new();
        ImageDeclaration image = Images.Linux(folder.Packed("os.vhd", item.PackedOSDisk())) with
        {
            DataDisks = [.. item.DataDisks.Select((disk, index) => Images.Disk(
                folder.Packed($"data{index}.vhd", ApplianceCase.Packed(disk)),
                item.Luns.Count > index ? item.Luns[index] : $"{index}"))],
            OSFamily = item.OSFamily,
            Generation = item.Generation,
        };

        ValidationReport report = Images.Validate(image);

        HashSet<string> known = [.. report.Results.Select(result => result.Id)];
        HashSet<Expectation> found = Found(report);
        Expectation[] missing = [.. item.Expected.Where(expected => known.Contains(expected.Code) && !found.Contains(expected))];
        Expectation[] surplus = [.. found.Where(one => !item.Expected.Contains(one) && !item.Allowed.Contains(one))];
        string all = string.Join(Environment.NewLine, report.Diagnostics.Select(finding => $"{finding.Severity} {finding.Code} {finding.Outcome} {finding.PathInDisk}: {finding.Found}"));
        Assert.IsEmpty(missing, $"{item.Title}: missing. Found:{Environment.NewLine}{all}");
        Assert.IsEmpty(surplus, $"{item.Title}: too much. Found:{Environment.NewLine}{all}");
        Assert.AreEqual(!item.Expected.Any(expected => expected.Severity == Severity.Error), report.Succeeded, item.Title);
    }

    private static HashSet<Expectation> Found(ValidationReport report) =>
    [
        .. report.Diagnostics
            .Where(finding => finding.Severity >= Severity.Warning)
            .Select(finding => new Expectation(finding.Code, finding.Severity)),
    ];
}
