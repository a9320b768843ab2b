using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux.Software;

[TestClass]
public sealed class OmiTests
{
    private const string Dpkg = "/var/lib/dpkg/status";
    private const string Server = "/opt/omi/bin/omiserver";

    [TestMethod]
    public void Accepts_a_system_without_it() => Assert.AreEqual("", LinuxTrees.Debian().Severities<NoVulnerableOmi>());

    [TestMethod]
    [DataRow("1.6.8.1", "")]
    [DataRow("1.6.8-1", "")]
    [DataRow("1.9.1.0", "")]
    [DataRow("1.10.0-2", "")]
    [DataRow("1.6.8.0", "Error")]
    [DataRow("1.6.8-0", "Error")]
    [DataRow("1.6.8", "Error")]
    [DataRow("1.4.0.6", "Error")]
    public void Judges_the_package(string version, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Add(Dpkg, $"Package: omi\nStatus: install ok installed\nVersion: {version}\n").Severities<NoVulnerableOmi>());

    [TestMethod]
    [DataRow("Package: omi\nStatus: deinstall ok config-files\nVersion: 1.4.0.6\n")]
    [DataRow("Package: libomi\nStatus: install ok installed\nVersion: 1.4.0.6\n")]
    public void A_removed_package_and_look_alikes_do_not_count(string status) =>
        Assert.AreEqual("", LinuxTrees.Debian().Add(Dpkg, status).Directory("/opt/omi").Severities<NoVulnerableOmi>());

    [TestMethod]
    [DataRow("\0OMI-1.6.4-1\0", "Error")]
    [DataRow("\0OMI-1.9.1-0 - Wed Aug 28\0", "")]
    public void Reads_what_the_server_says_where_there_is_no_package(string text, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Add(Server, text).Severities<NoVulnerableOmi>());

    [TestMethod]
    public void Is_inconclusive_when_the_version_is_nowhere_or_cannot_be_read()
    {
        Assert.ThrowsExactly<CannotCheckException>(() => LinuxTrees.Debian().Add(Server, "\u007FELF").Check<NoVulnerableOmi>());
        Assert.ThrowsExactly<DiskFormatException>(() => LinuxTrees.Debian().Unreadable(Dpkg).Check<NoVulnerableOmi>());
        Assert.ThrowsExactly<DiskFormatException>(() => LinuxTrees.Debian().Remove("/var/lib/dpkg").Unreadable("/opt").Check<NoVulnerableOmi>());
    }

    [TestMethod]
    public void The_package_database_is_enough_where_another_disk_is_mounted_on_opt() =>
        Assert.AreEqual("", LinuxTrees.Debian().Unreadable("/opt").Severities<NoVulnerableOmi>());
}
