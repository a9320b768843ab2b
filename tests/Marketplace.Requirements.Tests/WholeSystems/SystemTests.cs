using Marketplace.Requirements.Model;
using Marketplace.Requirements.Tests.Appliances;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.WholeSystems;

/// <summary>Whole systems in the layouts of other distributions, on other file systems and in other disk formats.</summary>
[TestClass]
public sealed class SystemTests
{
    public static IEnumerable<object[]> LayoutNames => SystemCase.Layouts.Keys.Select(name => new object[] { name });

    public static IEnumerable<object[]> WindowsNames => SystemCase.Windows.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(LayoutNames))]
    public void Finds_what_is_expected_and_nothing_else(string name) => Check(SystemCase.Layouts[name], "Layouts");

    [TestMethod]
    [DynamicData(nameof(WindowsNames))]
    public void Finds_what_is_expected_of_Windows_and_nothing_else(string name) => Check(SystemCase.Windows[name], "Windows");

    [TestMethod]
    [DataRow("generation-2", "")]
    [DataRow("generation-2-recovery", "recoveryenabled of {default} is not Off")]
    public void Looks_at_the_boot_configuration_on_the_EFI_system_partition(string name, string found)
    {
        RequirementResult result = Validate(SystemCase.Windows[name], "Windows").Result("MKT3014");

        Assert.AreEqual(Outcome.Passed, result.Outcome);
        Assert.AreEqual(found, string.Join(", ", result.Findings.Select(finding => finding.Found)));
    }

    private static void Check(SystemCase item, string folder)
    {
        ValidationReport report = Validate(item, folder);

        string[] found = [.. report.Diagnostics.Where(finding => finding.Severity >= Severity.Warning).Select(finding => new Expectation(finding.Code, finding.Severity).ToString()).Distinct().Order()];
        string all = string.Join(Environment.NewLine, report.Diagnostics.Select(finding => $"{finding.Severity} {finding.Code} {finding.Outcome} {finding.PathInDisk}: {finding.Found}"));
        CollectionAssert.AreEqual(item.Expected.Select(expected => expected.ToString()).Order().ToArray(), found, $"{item.Title}. Found:{Environment.NewLine}{all}");
    }

    private static ValidationReport Validate(SystemCase item, string folder)
    {
        using DiskFolder disks = new();
        DiskDeclaration disk = Images.Disk(disks.Packed(item.File, item.Packed(folder))) with { Convert = item.Convert ? "true" : "" };

        return Images.Validate(Images.Linux("") with { OSDisks = [disk], OSFamily = item.OSFamily });
    }
}
