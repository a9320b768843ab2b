using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Windows;
using Marketplace.Requirements.Tests.Support;
using Marketplace.Requirements.Windows;

namespace Marketplace.Requirements.Tests.Windows;

/// <summary>MKT3010, MKT3012, MKT3013, MKT3018.</summary>
[TestClass]
public sealed class WindowsSettingTests
{
    private const string MemoryManagement = WindowsMachine.ControlSet + @"Control\Session Manager\Memory Management";

    [TestMethod]
    [DataRow(0u, Outcome.NotChecked)]
    [DataRow(0x20u, Outcome.NotChecked)]
    [DataRow(0xFFu, Outcome.Passed)]
    [DataRow(0xFFFFFFFFu, Outcome.Passed)]
    public void Only_without_IPv6_it_is_known_that_nothing_needs_it(uint disabled, Outcome expected) => Assert.AreEqual(expected,
        WindowsTrees.Server2022().WithSystem(hive => hive.Set(WindowsTrees.Service("Tcpip6") + @"\Parameters", "DisabledComponents", disabled)).Check<NoIPv6Dependency>().Outcome);

    [TestMethod]
    public void Dependency_on_IPv6_and_Administrator_is_not_checked_offline()
    {
        Assert.AreEqual(Outcome.NotChecked, WindowsTrees.Server2022().Check<NoIPv6Dependency>().Outcome);
        Assert.AreEqual(Outcome.NotChecked, WindowsTrees.Server2022().Check<NoAdministratorDependency>().Outcome);
        Assert.AreEqual(CheckStages.Live, new NoAdministratorDependency().Stages);
    }

    [TestMethod]
    [DataRow("", @"D:\pagefile.sys 0 0")]
    [DataRow("", @"d:\pagefile.sys")]
    [DataRow("Info", @"C:\pagefile.sys 0 0")]
    [DataRow("Info", @"?:\pagefile.sys")]
    [DataRow("Info", @"D:\pagefile.sys", @"C:\pagefile.sys")]
    [DataRow("Info", "")]
    public void The_page_file_is_on_the_temporary_disk(string expected, params string[] files) =>
        Assert.AreEqual(expected, WindowsTrees.Server2022().WithSystem(hive => hive.SetMulti(MemoryManagement, "PagingFiles", files)).Severities<PageFileOnTemporaryDisk>());

    [TestMethod]
    public void Clock_time_service_disks_and_power_as_Azure_has_them_pass() => Assert.AreEqual("", WindowsTrees.Server2022().Severities<TimeAndDiskPolicies>());

    [TestMethod]
    public void What_differs_of_clock_time_service_disks_and_power_is_noted()
    {
        Assert.AreEqual("Info", WindowsTrees.Server2022().WithSystem(hive => hive.Set(WindowsTrees.Service("W32Time"), "Start", 3u)).Severities<TimeAndDiskPolicies>());
        Assert.AreEqual("Info", WindowsTrees.Server2022().WithSystem(hive => hive.RemoveValue(WindowsMachine.ControlSet + @"Control\TimeZoneInformation", "RealTimeIsUniversal")).Severities<TimeAndDiskPolicies>());
        Assert.AreEqual("Info", WindowsTrees.Server2022().WithSystem(hive => hive.Set(WindowsTrees.Service("partmgr") + @"\Parameters", "SanPolicy", 2u)).Severities<TimeAndDiskPolicies>());
        Assert.AreEqual("Info", WindowsTrees.Server2022().WithSystem(hive => hive.Set(WindowsMachine.ControlSet + @"Control\Power\User\PowerSchemes", "ActivePowerScheme", "381b4222-f694-41f0-9685-ff5bb260df2e")).Severities<TimeAndDiskPolicies>());
    }

    [TestMethod]
    public void A_damaged_hive_cannot_be_checked()
    {
        static WindowsMachine Damaged() => WindowsTrees.Server2022().WithFiles(files => files.Add(WindowsSystem.SystemPath, "garbage"));

        Assert.ThrowsExactly<DiskFormatException>(() => Damaged().Check<NoIPv6Dependency>());
        Assert.ThrowsExactly<DiskFormatException>(() => Damaged().Check<PageFileOnTemporaryDisk>());
        Assert.ThrowsExactly<DiskFormatException>(() => Damaged().Check<TimeAndDiskPolicies>());
    }
}
