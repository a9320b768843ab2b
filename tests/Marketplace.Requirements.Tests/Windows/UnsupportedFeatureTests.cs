using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Windows;
using Marketplace.Requirements.Tests.Support;
using Marketplace.Requirements.Windows;

namespace Marketplace.Requirements.Tests.Windows;

/// <summary>MKT3009.</summary>
[TestClass]
public sealed class UnsupportedFeatureTests
{
    [TestMethod]
    public void A_machine_without_such_features_passes() => Assert.AreEqual(Outcome.Passed, Check(WindowsTrees.Server2022()).Outcome);

    [TestMethod]
    [DataRow("Failover-Clustering")]
    [DataRow("DHCP")]
    [DataRow("RemoteAccess")]
    [DataRow("DirectAccess-VPN")]
    [DataRow("ADRMS")]
    [DataRow("WDS")]
    [DataRow("ISNS")]
    [DataRow("Multipath-IO")]
    [DataRow("NLB")]
    [DataRow("PNRP")]
    [DataRow("SNMP-Service")]
    [DataRow("WINS")]
    [DataRow("Wireless-Networking")]
    public void An_installed_feature_fails_and_is_removed(string name)
    {
        Observation found = Check(WindowsTrees.Server2022().WithSoftware(hive => hive.Set(WindowsTrees.ComponentCache + name, "InstallState", 1u))).Observations.Single();

        Assert.IsNull(found.Current);
        Assert.Contains($"({name}) is installed", found.Found);
        Assert.Contains($"'{name}'", found.Repair!.Commands);
    }

    [TestMethod]
    public void A_role_and_its_parts_are_told_once() => Assert.HasCount(1, Check(WindowsTrees.Server2022().WithSoftware(hive => hive
        .Set(WindowsTrees.ComponentCache + "RemoteAccess", "InstallState", 1u)
        .Set(WindowsTrees.ComponentCache + "DirectAccess-VPN", "InstallState", 1u)
        .Set(WindowsTrees.ComponentCache + "Routing", "InstallState", 1u))
        .WithSystem(hive => hive.Set(WindowsTrees.Service("RaMgmtSvc"), "Start", 2u))).Observations);

    [TestMethod]
    public void Look_alikes_do_not_count() => Assert.AreEqual(Outcome.Passed, Check(WindowsTrees.Server2022()
        .WithSoftware(hive => hive
            .Set(WindowsTrees.ComponentCache + "RSAT-DHCP", "InstallState", 1u)
            .Set(WindowsTrees.ComponentCache + "RSAT-Clustering", "InstallState", 1u)
            .Set(WindowsTrees.ComponentCache + "RSAT-SNMP", "InstallState", 1u)
            .Set(WindowsTrees.ComponentCache + "DHCP", "InstallState", 5u)
            .Set(WindowsTrees.ComponentCache + "WINS", "NumericId", 1u)
            .Set(@"WOW6432Node\" + WindowsTrees.ComponentCache + "DHCP", "InstallState", 1u))
        .WithSystem(hive => hive
            .Set(WindowsTrees.Service("SNMPTRAP"), "Start", 3u)
            .Set(WindowsTrees.Service("RemoteAccess"), "Start", 3u)
            .Set(WindowsTrees.Service("DHCPServer"), "Start", 4u)
            .Set(@"ControlSet002\Services\WINS", "Start", 2u))).Outcome);

    [TestMethod]
    [DataRow("DHCPServer", "DHCP Server")]
    [DataRow("SNMP", "SNMP Service")]
    [DataRow("ClusSvc", "Failover Clustering")]
    public void A_feature_added_behind_Server_Manager_is_known_by_its_service(string service, string title) => Assert.Contains($"the feature {title} is installed",
        Check(WindowsTrees.Server2022().WithSystem(hive => hive.Set(WindowsTrees.Service(service), "Start", 2u))).Observations.Single().Found);

    [TestMethod]
    public void Services_of_a_client_are_no_features() => Assert.AreEqual(Outcome.Passed, Check(WindowsTrees.Server2022()
        .WithSoftware(hive => hive.Set(WindowsTrees.CurrentVersion, "InstallationType", "Client"))
        .WithSystem(hive => hive.Set(WindowsTrees.Service("Wlansvc"), "Start", 3u).Set(WindowsTrees.Service("PNRPsvc"), "Start", 3u))).Outcome);

    [TestMethod]
    public void Hyper_V_counts_in_2015_only()
    {
        Observation found = Check(WindowsTrees.Server2022().WithSoftware(hive => hive.Set(WindowsTrees.ComponentCache + "Hyper-V", "InstallState", 1u))).Observations.Single();

        Assert.IsNull(found.Guide);
        Assert.AreEqual(Severity.None, found.Current);
        Assert.IsTrue(new NoUnsupportedFeatures().NewestWins);
    }

    [TestMethod]
    public void The_feature_BitLocker_is_a_note() => Assert.AreEqual(Severity.Info,
        Check(WindowsTrees.Server2022().WithSoftware(hive => hive.Set(WindowsTrees.ComponentCache + "BitLocker", "InstallState", 1u))).Observations.Single().Current);

    [TestMethod]
    public void An_encrypted_OS_disk_fails_here_and_nowhere_else()
    {
        using DiskFolder folder = new();
        string path = WindowsDisks.Create(folder, "os.vhd");
        DiskFolder.Patch(path, WindowsDisks.PartitionOffset + 3, [.. "-FVE-FS-"u8]);

        ValidationReport report = Images.Validate(Images.Linux(path) with { OSFamily = "Windows" });

        Assert.AreEqual("MKT3009", string.Join(' ', report.Codes()));
        Finding finding = report.Diagnostics.Single();
        Assert.AreEqual(Severity.Error, finding.Severity);
        Assert.Contains("partition 1 of the OS disk is encrypted with BitLocker", finding.Found);
        Assert.AreEqual(Outcome.Inconclusive, report.Result("MKT3008").Outcome);
    }

    [TestMethod]
    public void An_encrypted_OS_disk_that_is_tolerated_is_told_by_what_was_not_checked()
    {
        using DiskFolder folder = new();
        string path = WindowsDisks.Create(folder, "os.vhd");
        DiskFolder.Patch(path, WindowsDisks.PartitionOffset + 3, [.. "-FVE-FS-"u8]);

        ValidationReport report = Images.Validate(Images.Linux(path) with { OSFamily = "Windows" }, "current", new RequirementOverride("MKT3009", "Warning", "test"));

        CollectionAssert.Contains(report.Codes(), CouldNotBeChecked.Code);
    }

    [TestMethod]
    public void A_fault_in_one_hive_is_told_though_the_other_is_damaged()
    {
        Observation found = Check(WindowsTrees.Server2022().WithSoftware(hive => hive.Set(WindowsTrees.ComponentCache + "WDS", "InstallState", 1u))
            .WithFiles(files => files.Add(WindowsSystem.SystemPath, "garbage"))).Observations.Single();

        Assert.Contains("Windows Deployment Services", found.Found);
    }

    [TestMethod]
    public void A_damaged_hive_cannot_be_checked()
    {
        Assert.ThrowsExactly<DiskFormatException>(() => Check(WindowsTrees.Server2022().WithFiles(files => files.Add(WindowsSystem.SystemPath, "garbage"))));
        Assert.ThrowsExactly<DiskFormatException>(() => Check(WindowsTrees.Server2022().WithFiles(files => files.Add(WindowsSystem.SoftwarePath, "garbage"))));
    }

    private static CheckResult Check(WindowsMachine machine) => NoUnsupportedFeatures.CheckSystem("/images/os.vhd", machine.ToSystem());
}
