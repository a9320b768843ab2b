using Marketplace.Requirements.Model;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux;

/// <summary>Systems whose root is on a logical volume of LVM.</summary>
[TestClass]
public sealed class LogicalVolumeTests
{
    private static readonly string[] KernelLine = ["MKT2013", "MKT2014", "MKT2015"];

    /// <summary>The default layout of RHEL on Azure: rootvg with volumes for /, /usr, /var, /tmp and /home, and /boot on its own partition.</summary>
    [TestMethod]
    public void The_layout_of_RHEL_is_read_and_warned_about()
    {
        using DiskFolder folder = new();
        ValidationReport report = Validate(folder, "Lvm/system");

        Assert.AreEqual("Warning: partition 4 of the OS disk is an LVM physical volume", Findings(report, "MKT2009"));
        Assert.AreEqual(
            "Warning: logical volumes of the OS disk hold other file systems: rootvg/usrlv, mounted on /usr; rootvg/varlv, mounted on /var; rootvg/tmplv, mounted on /tmp; rootvg/homelv, mounted on /home",
            Findings(report, "MKT2010"));
        foreach (string id in (string[])["MKT1017", "MKT1018", "MKT2011", .. KernelLine])
        {
            Assert.AreEqual(Outcome.Passed, report.Result(id).Outcome, $"{id}: {Findings(report, id)}");
        }
    }

    [TestMethod]
    public void A_swap_volume_that_nothing_mentions_fails()
    {
        using DiskFolder folder = new();
        ValidationReport report = Validate(folder, "Lvm/swap");

        Assert.AreEqual("Error: logical volume rl_host-1/swap of the OS disk is a swap area", Findings(report, "MKT2011"));
        Assert.Contains("lvremove rl_host-1/swap", report.Result("MKT2011").Findings.Single().Remedy);
        Assert.AreEqual(Outcome.Passed, report.Result("MKT2010").Outcome);
    }

    [TestMethod]
    public void Volumes_of_a_data_disk_that_cannot_be_read_may_be_swap()
    {
        using DiskFolder folder = new();
        ValidationReport report = Images.Validate(Images.Linux(folder.FromPacked("os.vhd", 30 * DiskFolder.GiB, "Lvm/system")) with
        {
            DataDisks = [Images.Disk(folder.FromPacked("data.vhd", DiskFolder.GiB, "Lvm/types"), "0")],
        });

        Assert.AreEqual(Outcome.Inconclusive, report.Result("MKT2011").Outcome);
        Assert.IsTrue(report.Diagnostics.Any(finding => finding.ToMessage().Contains("logical volume vg/mirrored of the data disk", StringComparison.Ordinal)), string.Join("\n", report.Diagnostics.Select(finding => finding.ToMessage())));
    }

    [TestMethod]
    public void A_swap_volume_of_a_data_disk_fails_by_the_guide()
    {
        using DiskFolder folder = new();
        ValidationReport report = Images.Validate(Images.Linux(folder.FromPacked("os.vhd", 30 * DiskFolder.GiB, "Lvm/system")) with
        {
            DataDisks = [Images.Disk(folder.FromPacked("data.vhd", DiskFolder.GiB, "Lvm/striped"), "0")],
        });

        Assert.Contains("logical volume data-vg/swap of the data disk", Findings(report, "MKT2011"));
    }

    /// <summary>A system that cannot be seen is neither passed nor failed.</summary>
    [TestMethod]
    public void A_root_that_may_be_on_volumes_that_are_not_read_is_inconclusive()
    {
        using DiskFolder folder = new();
        ValidationReport report = Validate(folder, "Lvm/types");

        foreach (string id in (string[])["MKT1018", "MKT2010", "MKT2011", "MKT2013"])
        {
            Assert.AreEqual(Outcome.Inconclusive, report.Result(id).Outcome, id);
        }

        Assert.AreEqual(Outcome.Failed, report.Result("MKT2009").Outcome);
    }

    private static ValidationReport Validate(DiskFolder folder, string packed) => Images.Validate(Images.Linux(folder.FromPacked("os.vhd", 30 * DiskFolder.GiB, packed)));

    private static string Findings(ValidationReport report, string id) => string.Join('\n', report.Result(id).Findings.Select(finding => $"{finding.Severity}: {finding.Found}"));
}
