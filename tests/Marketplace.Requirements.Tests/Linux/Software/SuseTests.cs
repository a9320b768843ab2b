using Marketplace.DiskImages;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux.Software;

[TestClass]
public sealed class SuseTests
{
    private const string Path = "/etc/sysconfig/network/dhcp";
    private const string Alias = "/etc/systemd/system/network.service";

    [TestMethod]
    [DataRow("DHCLIENT_SET_HOSTNAME=\"no\"\n", "")]
    [DataRow("DHCLIENT_SET_HOSTNAME=\"yes\"\nDHCLIENT_SET_HOSTNAME=\"no\" # azure\n", "")]
    [DataRow("DHCLIENT_SET_HOSTNAME=no\n", "Info")]
    [DataRow("DHCLIENT_SET_HOSTNAME='no'\n", "Info")]
    [DataRow("DHCLIENT_SET_HOSTNAME=\"yes\"\n", "Warning")]
    [DataRow("DHCLIENT_SET_HOSTNAME=\"no\"\nDHCLIENT_SET_HOSTNAME=\"yes\"\n", "Warning")]
    [DataRow("#DHCLIENT_SET_HOSTNAME=\"no\"\n", "Warning")]
    [DataRow("DHCLIENT6_SET_HOSTNAME=\"no\"\nWRITE_DHCLIENT_SET_HOSTNAME=\"no\"\n", "Warning")]
    [DataRow("", "Warning")]
    public void Judges_the_setting(string text, string severities) =>
        Assert.AreEqual(severities, Wicked().Add(Path, text).Severities<SuseDhcpHostName>());

    [TestMethod]
    public void Refuses_a_missing_file() => Assert.AreEqual("Warning", Wicked().Severities<SuseDhcpHostName>());

    [TestMethod]
    public void NetworkManager_does_not_read_the_file() =>
        Assert.AreEqual(Outcome.NotApplicable, Wicked().Add(Path, "DHCLIENT_SET_HOSTNAME=\"yes\"\n").Link(Alias, "/usr/lib/systemd/system/NetworkManager.service").Check<SuseDhcpHostName>().Outcome);

    [TestMethod]
    public void The_service_that_is_enabled_counts_without_an_alias()
    {
        MemoryTree tree = Wicked().Remove(Alias).Add(Path, "DHCLIENT_SET_HOSTNAME=\"yes\"\n").Add("/usr/lib/systemd/system/NetworkManager.service", "[Service]\n");

        Assert.AreEqual("Warning", tree.Severities<SuseDhcpHostName>());
        Assert.AreEqual(Outcome.NotApplicable, tree.Link("/etc/systemd/system/multi-user.target.wants/NetworkManager.service", "/usr/lib/systemd/system/NetworkManager.service").Check<SuseDhcpHostName>().Outcome);
    }

    [TestMethod]
    public void Without_wicked_nothing_reads_the_file() =>
        Assert.AreEqual(Outcome.NotApplicable, Wicked().Remove("/usr/sbin/wicked").Remove(Alias).Check<SuseDhcpHostName>().Outcome);

    [TestMethod]
    [DataRow("debian")]
    [DataRow("rhel")]
    public void Other_distributions_are_not_asked(string id) =>
        Assert.AreEqual(Outcome.NotApplicable, Wicked().Add("/usr/lib/os-release", $"ID={id}\n").Check<SuseDhcpHostName>().Outcome);

    [TestMethod]
    public void Is_inconclusive_when_the_file_cannot_be_read() =>
        Assert.ThrowsExactly<DiskFormatException>(() => Wicked().Add(Path, "x").Unreadable(Path).Check<SuseDhcpHostName>());

    private static MemoryTree Wicked() => LinuxTrees.Debian().Add("/usr/lib/os-release", "ID=\"sles\"\nVERSION_ID=\"15.6\"\n").Add("/usr/sbin/wicked", "x", 0b111_101_101).Link(Alias, "/usr/lib/systemd/system/wicked.service");
}
