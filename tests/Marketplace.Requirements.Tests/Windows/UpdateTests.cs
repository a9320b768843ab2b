using Marketplace.DiskImages;
using Marketplace.DiskImages.Testing;
using Marketplace.Requirements.Tests.Support;
using Marketplace.Requirements.Windows;

namespace Marketplace.Requirements.Tests.Windows;

/// <summary>MKT3004.</summary>
[TestClass]
public sealed class UpdateTests
{
    private const string Rollup = WindowsTrees.ComponentServicing + @"\Packages\Package_for_RollupFix~31bf3856ad364e35~amd64~~20348.2655.1.12";

    [TestMethod]
    public void An_updated_system_passes_with_a_note()
    {
        Assert.AreEqual("Info", WindowsTrees.Server2022().Severities<WindowsUpdates>());
        Assert.AreEqual("Info", WindowsTrees.Server2016().Severities<WindowsUpdates>());
        Assert.AreEqual("Info", WindowsTrees.Server2012R2().Severities<WindowsUpdates>());
    }

    [TestMethod]
    [DataRow(18603, "Error Info")]
    [DataRow(18604, "Info")]
    public void Judges_the_driver_by_its_version(int revision, string severities) =>
        Assert.AreEqual(severities, WindowsTrees.Server2012R2().WithFiles(files => files.Add(WindowsTrees.SmbDriver, ExecutableBuilder.Create(new Version(6, 3, 9600, revision)))).Severities<WindowsUpdates>());

    [TestMethod]
    public void Where_the_old_protocol_is_not_installed_the_other_driver_is_judged() => Assert.AreEqual("Error Info", WindowsTrees.Server2016()
        .WithFiles(files => files.Remove(WindowsTrees.SmbDriver).Add("/Windows/System32/drivers/srv2.sys", ExecutableBuilder.Create(new Version(10, 0, 14393, 0)))).Severities<WindowsUpdates>());

    [TestMethod]
    public void Without_a_driver_there_is_no_hole_and_a_note() => Assert.AreEqual("Info Info", WindowsTrees.Server2012R2().WithFiles(files => files.Remove(WindowsTrees.SmbDriver)).Severities<WindowsUpdates>());

    [TestMethod]
    [DataRow(952u, "Error Info")]
    [DataRow(953u, "Info")]
    public void Without_a_driver_the_revision_of_2016_tells_it(uint revision, string severities) => Assert.AreEqual(severities, WindowsTrees.Server2016()
        .WithFiles(files => files.Remove(WindowsTrees.SmbDriver))
        .WithSoftware(hive => hive.Set(WindowsTrees.CurrentVersion, "UBR", revision)).Severities<WindowsUpdates>());

    [TestMethod]
    public void Later_releases_never_had_the_hole() =>
        Assert.AreEqual("Info", WindowsTrees.Server2019().WithFiles(files => files.Add(WindowsTrees.SmbDriver, "no driver")).Severities<WindowsUpdates>());

    [TestMethod]
    public void A_driver_that_is_no_driver_is_inconclusive() =>
        Assert.ThrowsExactly<DiskFormatException>(() => WindowsTrees.Server2012R2().WithFiles(files => files.Add(WindowsTrees.SmbDriver, "no driver")).Check<WindowsUpdates>());

    [TestMethod]
    [DataRow(WindowsTrees.ComponentServicing + @"\RebootPending")]
    [DataRow(WindowsTrees.ComponentServicing + @"\PackagesPending")]
    [DataRow(@"Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired")]
    public void Updates_that_wait_for_a_restart_are_told(string key) =>
        Assert.AreEqual("Warning Info", WindowsTrees.Server2022().WithSoftware(hive => hive.Key(key)).Severities<WindowsUpdates>());

    [TestMethod]
    [DataRow(0x05u, "Warning Info")]
    [DataRow(0x60u, "Warning Info")]
    [DataRow(0x65u, "Warning Info")]
    [DataRow(0x50u, "Warning Info")]
    [DataRow(0x80u, "Info")]
    public void Packages_are_judged_by_their_state(uint state, string severities) =>
        Assert.AreEqual(severities, WindowsTrees.Server2022().WithSoftware(hive => hive.Set(Rollup, "CurrentState", state)).Severities<WindowsUpdates>());

    [TestMethod]
    public void A_release_without_updates_is_told() =>
        Assert.AreEqual("Warning Info", WindowsTrees.Server2022().WithSoftware(hive => hive.Set(WindowsTrees.CurrentVersion, "UBR", 1u)).Severities<WindowsUpdates>());

    [TestMethod]
    public void Without_a_list_of_packages_nothing_is_known_to_be_missing() =>
        Assert.AreEqual("Info", WindowsTrees.Server2022().WithSoftware(hive => hive.RemoveKey(WindowsTrees.ComponentServicing)).Severities<WindowsUpdates>());

    [TestMethod]
    public void Files_to_be_renamed_are_only_a_note() => Assert.AreEqual("Info Info", WindowsTrees.Server2022()
        .WithSystem(hive => hive.SetMulti(WindowsMachine.ControlSet + @"Control\Session Manager", "PendingFileRenameOperations", @"\??\C:\Windows\Temp\a.tmp")).Severities<WindowsUpdates>());
}
