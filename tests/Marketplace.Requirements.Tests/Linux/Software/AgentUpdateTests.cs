using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux.Software;

[TestClass]
public sealed class AgentUpdateTests
{
    private const string Configuration = "/etc/waagent.conf";
    private const string VersionFile = "/usr/lib/python3/dist-packages/azurelinuxagent/common/version.py";

    [TestMethod]
    [DataRow("", "")]
    [DataRow("# AutoUpdate.Enabled=y\n", "")]
    [DataRow("#AutoUpdate.Enabled=n\n", "")]
    [DataRow(" # AutoUpdate.Enabled=n\n", "")]
    [DataRow("AutoUpdate.Enabled=y\n", "")]
    [DataRow("AutoUpdate.Enabled=n\n", "Warning")]
    [DataRow("AutoUpdate.Enabled=\"N\"   # by the distribution\n", "Warning")]
    [DataRow("AutoUpdate.Enabled = n\r\n", "Warning")]
    [DataRow("AutoUpdate.Enabled=no\n", "", DisplayName = "neither y nor n is the default")]
    [DataRow("AutoUpdate.Enabled=None\n", "")]
    [DataRow("AutoUpdate.Enabled=n\nAutoUpdate.Enabled=y\n", "", DisplayName = "the last one counts: on")]
    [DataRow("AutoUpdate.Enabled=y\nAutoUpdate.Enabled=n\n", "Warning", DisplayName = "the last one counts: off")]
    [DataRow("AutoUpdate.UpdateToLatestVersion=n\n", "Warning")]
    [DataRow("AutoUpdate.Enabled=y\nAutoUpdate.UpdateToLatestVersion=n\n", "Warning")]
    [DataRow("AutoUpdate.Enabled=n\nAutoUpdate.UpdateToLatestVersion=y\n", "")]
    [DataRow("# AutoUpdate.UpdateToLatestVersion=y\nAutoUpdate.Enabled=n\n", "Warning")]
    [DataRow("AutoUpdate.EnabledX=n\nXAutoUpdate.Enabled=n\n", "")]
    public void Reads_the_switches_as_the_agent_does(string text, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Add(Configuration, text).Severities<AgentUpdatesItself>());

    [TestMethod]
    [DataRow("AutoUpdate.Enabled=n\nAutoUpdate.UpdateToLatestVersion=y\n", "Warning")]
    [DataRow("AutoUpdate.UpdateToLatestVersion=n\n", "")]
    public void An_old_agent_does_not_know_the_newer_switch(string text, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Add(VersionFile, "AGENT_VERSION = '2.7.3.0'\n").Add(Configuration, text).Severities<AgentUpdatesItself>());

    [TestMethod]
    public void Names_the_line_and_mends_it()
    {
        Observation observation = LinuxTrees.Debian().Add(Configuration, "X=1\nAutoUpdate.UpdateToLatestVersion=n\n").Check<AgentUpdatesItself>().Observations.Single();

        Assert.AreEqual((Configuration, 2), (observation.PathInDisk, observation.Line));
        Assert.AreEqual("set_conf '/etc/waagent.conf' 'AutoUpdate.UpdateToLatestVersion' y", observation.Repair!.Commands);
    }

    [TestMethod]
    public void Without_a_configuration_nothing_is_switched_off() =>
        Assert.AreEqual("", LinuxTrees.Debian().Remove(Configuration).Severities<AgentUpdatesItself>());

    [TestMethod]
    public void Reads_the_file_where_the_distribution_has_it() =>
        Assert.AreEqual("Warning", LinuxTrees.Debian().Remove(Configuration).Add("/usr/share/oem/waagent.conf", "AutoUpdate.Enabled=n\n").Severities<AgentUpdatesItself>());

    [TestMethod]
    public void Leaves_a_missing_agent_to_the_requirement_about_it()
    {
        CannotCheckException exception = Assert.ThrowsExactly<CannotCheckException>(() => LinuxTrees.Debian().Remove("/usr/sbin/waagent").Check<AgentUpdatesItself>());

        Assert.IsTrue(exception.Reported);
    }

    [TestMethod]
    public void Is_inconclusive_when_the_file_cannot_be_read() =>
        Assert.ThrowsExactly<DiskFormatException>(() => LinuxTrees.Debian().Unreadable(Configuration).Check<AgentUpdatesItself>());
}
