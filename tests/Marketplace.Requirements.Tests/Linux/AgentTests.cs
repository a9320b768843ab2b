using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Systems.Agent;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux;

[TestClass]
public sealed class AgentTests
{
    private const string VersionFile = "/usr/lib/python3/dist-packages/azurelinuxagent/common/version.py";

    [TestMethod]
    public void Accepts_a_recent_agent_with_a_note() => Assert.AreEqual("Info", LinuxTrees.Debian().Severities<AgentIsInstalled>());

    [TestMethod]
    public void Refuses_a_system_without_agent() => Assert.AreEqual("Error", LinuxTrees.Debian().Remove("/usr/sbin/waagent").Severities<AgentIsInstalled>());

    [TestMethod]
    public void Refuses_an_agent_that_cannot_run() =>
        Assert.AreEqual("Error Info", LinuxTrees.Debian().Add("/usr/sbin/waagent", "x", 0b110_100_100).Severities<AgentIsInstalled>());

    [TestMethod]
    [DataRow("", "Warning")]
    [DataRow("AutoUpdate.Enabled=n\n", "Error")]
    [DataRow("AutoUpdate.Enabled=n\nAutoUpdate.UpdateToLatestVersion=y\n", "Warning")]
    [DataRow("AutoUpdate.Enabled=y\nAutoUpdate.Enabled=n # off\n", "Error")]
    [DataRow("#AutoUpdate.Enabled=n\n", "Warning")]
    public void Judges_an_old_agent_by_its_updates(string configuration, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Add(VersionFile, "AGENT_VERSION = '2.2.53.0'\n").Add("/etc/waagent.conf", configuration).Severities<AgentIsInstalled>());

    [TestMethod]
    public void Reads_the_version_of_a_single_file_agent()
    {
        MemoryTree tree = LinuxTrees.Debian().Remove(VersionFile).Remove("/var/lib/dpkg").Add("/usr/sbin/waagent", "GuestAgentName = \"WALinuxAgent\"\nGuestAgentVersion = \"WALinuxAgent-2.0.16\"\n", 0b111_101_101);

        Assert.AreEqual(new Version(2, 0, 16), AgentFacts.Read(tree, () => null).Version);
    }

    [TestMethod]
    public void Is_inconclusive_when_the_version_is_nowhere() =>
        Assert.ThrowsExactly<CannotCheckException>(() => LinuxTrees.Debian().Remove(VersionFile).Remove("/var/lib/dpkg").Check<AgentIsInstalled>());

    [TestMethod]
    public void Is_inconclusive_when_usr_cannot_be_read() =>
        Assert.ThrowsExactly<DiskFormatException>(() => LinuxTrees.Debian().Unreadable("/usr/sbin").Check<AgentIsInstalled>());

    [TestMethod]
    public void Accepts_an_enabled_service() => Assert.AreEqual("", LinuxTrees.Debian().Severities<AgentIsEnabled>());

    [TestMethod]
    public void Refuses_a_service_without_wants_link() =>
        Assert.AreEqual("Error", LinuxTrees.Debian().Remove("/etc/systemd/system/multi-user.target.wants/walinuxagent.service").Severities<AgentIsEnabled>());

    [TestMethod]
    public void Refuses_a_masked_service() =>
        Assert.AreEqual("Error", LinuxTrees.Debian().Link("/etc/systemd/system/walinuxagent.service", "/dev/null").Severities<AgentIsEnabled>());

    [TestMethod]
    public void Refuses_a_link_whose_unit_is_gone() =>
        Assert.AreEqual("Error", LinuxTrees.Debian().Remove("/usr/lib/systemd/system/walinuxagent.service").Severities<AgentIsEnabled>());

    [TestMethod]
    public void Accepts_a_System_V_start_link() => Assert.AreEqual(
        "",
        LinuxTrees.Debian().Remove("/usr/lib/systemd").Remove("/etc/systemd").Link("/etc/rc3.d/S20waagent", "../init.d/waagent").Severities<AgentIsEnabled>());
}
