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
    public void Refuses_an_agent_without_configuration() =>
        Assert.AreEqual("Error Info", LinuxTrees.Debian().Remove("/etc/waagent.conf").Severities<AgentIsInstalled>());

    [TestMethod]
    public void Accepts_a_configuration_that_the_service_names() => Assert.AreEqual("Info", LinuxTrees.Debian().Remove("/etc/waagent.conf")
        .Add("/usr/lib/systemd/system/walinuxagent.service", "[Service]\nExecStart=/usr/sbin/waagent -daemon -configuration-path:/opt/azure/waagent.conf\n").Severities<AgentIsInstalled>());

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
        LinuxTrees.Debian().Remove("/usr/lib/systemd").Remove("/etc/systemd").Add("/etc/init.d/waagent", "#!/bin/sh\n", 0b111_101_101).Link("/etc/rc3.d/S20waagent", "../init.d/waagent").Severities<AgentIsEnabled>());

    [TestMethod]
    public void Refuses_a_start_link_whose_script_is_gone() => Assert.AreEqual(
        "Error",
        LinuxTrees.Debian().Remove("/usr/lib/systemd").Remove("/etc/systemd").Link("/etc/rc3.d/S20waagent", "../init.d/waagent").Severities<AgentIsEnabled>());

    [TestMethod]
    [DataRow("WALinuxAgent-2.9.1.1-py3.9.egg", "2.9.1.1")]
    [DataRow("WALinuxAgent-2.2.40-py3.6.egg-info", "2.2.40")]
    [DataRow("walinuxagent-2.11.1.12.dist-info", "2.11.1.12")]
    public void Reads_the_version_in_the_name_of_what_was_installed(string name, string version)
    {
        MemoryTree tree = LinuxTrees.Debian().Remove(VersionFile).Remove("/var/lib/dpkg").Add("/usr/lib/python3.9/site-packages/" + name, "PK");

        AgentFacts facts = AgentFacts.Read(tree, () => null);

        Assert.AreEqual(Version.Parse(version), facts.Version);
        Assert.AreEqual("/usr/lib/python3.9/site-packages/" + name, facts.VersionPath);
    }

    [TestMethod]
    public void The_newest_interpreter_is_looked_at_first()
    {
        MemoryTree tree = LinuxTrees.Debian().Remove(VersionFile)
            .Add("/usr/lib/python3.9/site-packages/azurelinuxagent/common/version.py", "AGENT_VERSION = '2.2.40'\n")
            .Add("/usr/lib/python3.11/site-packages/azurelinuxagent/common/version.py", "AGENT_VERSION = '2.11.1.4'\n");

        Assert.AreEqual(new Version(2, 11, 1, 4), AgentFacts.Read(tree, () => null).Version);
    }
}
