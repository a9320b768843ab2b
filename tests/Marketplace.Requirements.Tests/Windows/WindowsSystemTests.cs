using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Systems.Windows;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Windows;

[TestClass]
public sealed class WindowsSystemTests
{
    [TestMethod]
    public void Reads_both_hives()
    {
        WindowsSystem system = WindowsTrees.Server2022().ToSystem();

        Assert.AreEqual("ServerDatacenter", system.FindSoftware(WindowsTrees.CurrentVersion).Text("editionid"));
        Assert.AreEqual(2655u, system.FindSoftware(WindowsTrees.CurrentVersion).Number("UBR"));
        Assert.AreEqual("ControlSet001", system.ControlSet);
        Assert.AreEqual(2u, system.FindService("rdagent").Number("Start"));
        Assert.AreEqual(@"D:\pagefile.sys 0 0", string.Join("|", system.FindControl(@"Control\Session Manager\Memory Management").Texts("PagingFiles")!));
        Assert.IsNull(system.FindService("nothing").Number("Start"));
        Assert.IsNull(system.FindSoftware(WindowsTrees.CurrentVersion).Number("EditionID"));
    }

    [TestMethod]
    public void Finds_files_without_regard_to_case()
    {
        MemoryTree files = WindowsTrees.Server2022().Files;

        Assert.IsTrue(files.FileExists("/WINDOWS/system32/NTOSKRNL.EXE"));
        CollectionAssert.Contains(files.List("/windows/SYSTEM32").ToArray(), "Tasks");
    }

    [TestMethod]
    public void The_current_control_set_is_the_one_that_is_judged()
    {
        WindowsMachine machine = WindowsTrees.Server2022().WithSystem(hive => hive.Set("Select", "Current", 2u).Key("ControlSet002"));

        Assert.AreEqual("ControlSet002", machine.ToSystem().ControlSet);
    }

    [TestMethod]
    public void The_default_control_set_stands_in_for_a_missing_current_one() =>
        Assert.AreEqual("ControlSet001", WindowsTrees.Server2022().WithSystem(hive => hive.RemoveValue("Select", "Current")).ToSystem().ControlSet);

    [TestMethod]
    [DataRow(0u)]
    [DataRow(2u)]
    [DataRow(1000u)]
    public void A_control_set_that_is_not_there_cannot_be_checked(uint number) =>
        Assert.ThrowsExactly<CannotCheckException>(() => WindowsTrees.Server2022().WithSystem(hive => hive.Set("Select", "Current", number)).ToSystem().ControlSet);

    [TestMethod]
    public void Without_the_key_Select_nothing_can_be_checked() =>
        Assert.ThrowsExactly<CannotCheckException>(() => WindowsTrees.Server2022().WithSystem(hive => hive.RemoveKey("Select")).ToSystem().FindService("RdAgent"));

    [TestMethod]
    public void A_missing_hive_cannot_be_checked() =>
        Assert.ThrowsExactly<CannotCheckException>(() => new WindowsSystem(new MemoryTree(StringComparison.OrdinalIgnoreCase)).Software);

    [TestMethod]
    public void A_damaged_hive_is_an_error_every_time()
    {
        WindowsSystem system = WindowsTrees.Server2022().WithFiles(files => files.Add(WindowsSystem.SystemPath, "garbage")).ToSystem();

        Assert.ThrowsExactly<DiskFormatException>(() => system.ControlSet);
        Assert.ThrowsExactly<DiskFormatException>(() => system.ControlSet);
    }
}
