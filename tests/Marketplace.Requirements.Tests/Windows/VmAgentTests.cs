using Marketplace.DiskImages;
using Marketplace.DiskImages.Testing;
using Marketplace.Requirements.Tests.Support;
using Marketplace.Requirements.Windows;

namespace Marketplace.Requirements.Tests.Windows;

/// <summary>MKT3015.</summary>
[TestClass]
public sealed class VmAgentTests
{
    [TestMethod]
    public void A_recent_agent_passes() => Assert.AreEqual("", WindowsTrees.Server2022().Severities<VmAgent>());

    [TestMethod]
    [DataRow("RdAgent")]
    [DataRow("WindowsAzureGuestAgent")]
    public void A_missing_service_is_told(string name)
    {
        Assert.AreEqual("Warning", WindowsTrees.Server2022().WithSystem(hive => hive.RemoveKey(WindowsTrees.Service(name))).Severities<VmAgent>());
        Assert.AreEqual("Warning", WindowsTrees.Server2022().WithSystem(hive => hive.Set(WindowsTrees.Service(name), "Start", 4u)).Severities<VmAgent>());
    }

    [TestMethod]
    public void Without_any_of_it_one_thing_is_told() => Assert.AreEqual("Warning", WindowsTrees.Server2022()
        .WithSystem(hive => hive.RemoveKey(WindowsTrees.Service("RdAgent")).RemoveKey(WindowsTrees.Service("WindowsAzureGuestAgent"))).Severities<VmAgent>());

    [TestMethod]
    [DataRow(1009, "Warning")]
    [DataRow(1010, "")]
    public void Judges_the_version_of_the_program(int revision, string severities) =>
        Assert.AreEqual(severities, WindowsTrees.Server2022().WithFiles(files => files.Add(WindowsTrees.GuestAgent, ExecutableBuilder.Create(new Version(2, 7, 41491, revision)))).Severities<VmAgent>());

    [TestMethod]
    [DataRow("2.7.41491.901", "Warning")]
    [DataRow("2.7.41491.1121", "")]
    public void The_directory_of_the_program_may_name_the_version(string version, string severities)
    {
        string directory = $"GuestAgent_{version}_2023-10-20_012345";
        WindowsMachine machine = WindowsTrees.Server2022()
            .WithFiles(files => files.Add($"/WindowsAzure/{directory}/GuestAgent/WindowsAzureGuestAgent.exe", "MZ"))
            .WithSystem(hive => hive.SetExpand(WindowsTrees.Service("WindowsAzureGuestAgent"), "ImagePath", $@"C:\WindowsAzure\{directory}\GuestAgent\WindowsAzureGuestAgent.exe"));

        Assert.AreEqual(severities, machine.Severities<VmAgent>());
    }

    [TestMethod]
    public void A_version_that_is_nowhere_is_a_note() => Assert.AreEqual("Info", WindowsTrees.Server2022().WithFiles(files => files.Add(WindowsTrees.GuestAgent, "MZ")).Severities<VmAgent>());

    [TestMethod]
    public void A_service_without_its_program_is_told() => Assert.AreEqual("Warning Info", WindowsTrees.Server2022().WithFiles(files => files.Remove(WindowsTrees.GuestAgent)).Severities<VmAgent>());

    [TestMethod]
    public void On_a_disk_without_programs_a_missing_one_is_a_note() =>
        Assert.AreEqual("Info Info", WindowsTrees.Server2022().WithFiles(files => files.Remove(WindowsTrees.GuestAgent).Remove(WindowsTrees.Kernel)).Severities<VmAgent>());

    [TestMethod]
    [DataRow("GuestAgent_2.7.41491.901_2023-10-20_012345", "Warning")]
    [DataRow("GuestAgent_2.7.41491.1121_2023-10-20_012345", "")]
    [DataRow("GuestAgent_2.7.41491.1121_2023-10-20_012345 GuestAgent_2.7.41491.901_2022-10-20_012345 GuestAgent_3.0 Logs", "")]
    public void The_newest_directory_of_the_agent_tells_the_version_when_nothing_else_does(string directories, string severities) =>
        Assert.AreEqual(severities, WindowsTrees.Server2022().WithFiles(files =>
        {
            files.Add(WindowsTrees.GuestAgent, "MZ");
            foreach (string directory in directories.Split(' '))
            {
                files.Directory("/WindowsAzure/" + directory);
            }
        }).Severities<VmAgent>());

    [TestMethod]
    public void A_program_that_cannot_be_read_is_inconclusive() =>
        Assert.ThrowsExactly<DiskFormatException>(() => WindowsTrees.Server2022().WithFiles(files => files.Unreadable("/WindowsAzure")).Check<VmAgent>());
}
