using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Ssh;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux;

[TestClass]
public sealed class SshTests
{
    [TestMethod]
    [DataRow("ClientAliveInterval 180", "")]
    [DataRow("clientaliveinterval=180", "")]
    [DataRow("ClientAliveInterval \"3m\"", "")]
    [DataRow("  ClientAliveInterval\t180s # keep", "")]
    [DataRow("ClientAliveInterval 120", "Info")]
    [DataRow("ClientAliveInterval 30", "Info")]
    [DataRow("ClientAliveInterval 235", "Info")]
    [DataRow("ClientAliveInterval 29", "Error")]
    [DataRow("ClientAliveInterval 236", "Error")]
    [DataRow("ClientAliveInterval 0", "Error")]
    [DataRow("ClientAliveInterval 4m", "Error")]
    [DataRow("ClientAliveInterval soon", "Error")]
    [DataRow("ClientAliveInterval 99999999999999999999", "Error")]
    [DataRow("#ClientAliveInterval 180", "Error")]
    [DataRow("ClientAliveInterval 300\nClientAliveInterval 180", "Error")]
    [DataRow("ClientAliveInterval 180\nClientAliveInterval 300", "")]
    [DataRow("Match User bob\nClientAliveInterval 180", "Error")]
    [DataRow("Match User bob\nX11Forwarding no\nMatch all\nClientAliveInterval 180", "")]
    public void Judges_the_interval(string configuration, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Add("/etc/ssh/sshd_config", configuration).Severities<SshKeepAlive>());

    [TestMethod]
    public void A_drop_in_read_before_the_main_value_counts()
    {
        MemoryTree tree = LinuxTrees.Debian()
            .Add("/etc/ssh/sshd_config.d/50-cloud.conf", "PasswordAuthentication no\nClientAliveInterval 300\n")
            .Add("/etc/ssh/sshd_config.d/60-late.conf", "ClientAliveInterval 180\n");

        Observation observation = tree.Check<SshKeepAlive>().Observations[0];

        Assert.AreEqual("/etc/ssh/sshd_config.d/50-cloud.conf", observation.PathInDisk);
        Assert.AreEqual(2, observation.Line);
    }

    [TestMethod]
    public void A_Match_block_ends_with_its_file()
    {
        MemoryTree tree = LinuxTrees.Debian()
            .Add("/etc/ssh/sshd_config", "Include sshd_config.d/*.conf\nClientAliveInterval 180\n")
            .Add("/etc/ssh/sshd_config.d/10.conf", "Match User bob\nClientAliveInterval 5\n");

        Assert.AreEqual("", tree.Severities<SshKeepAlive>());
    }

    [TestMethod]
    public void An_Include_inside_a_Match_block_has_no_effect()
    {
        MemoryTree tree = LinuxTrees.Debian()
            .Add("/etc/ssh/sshd_config", "Match User bob\nInclude sshd_config.d/*.conf\n")
            .Add("/etc/ssh/sshd_config.d/10.conf", "Match all\nClientAliveInterval 180\n");

        Assert.AreEqual("Error", tree.Severities<SshKeepAlive>());
    }

    [TestMethod]
    public void A_circle_of_Includes_is_reported() =>
        Assert.ThrowsExactly<DiskFormatException>(() => LinuxTrees.Debian().Add("/etc/ssh/sshd_config", "Include sshd_config\n").Check<SshKeepAlive>());

    [TestMethod]
    public void The_vendor_configuration_counts_when_there_is_no_other()
    {
        MemoryTree tree = LinuxTrees.Debian().Remove("/etc/ssh/sshd_config").Add("/usr/etc/ssh/sshd_config", "ClientAliveInterval 180\n");

        Assert.AreEqual("", tree.Severities<SshKeepAlive>());
    }

    [TestMethod]
    public void Socket_activation_is_enough()
    {
        MemoryTree tree = LinuxTrees.Debian().Remove("/etc/systemd/system/multi-user.target.wants/ssh.service")
            .Add("/usr/lib/systemd/system/ssh.socket", "[Socket]\nListenStream=22\n")
            .Link("/etc/systemd/system/sockets.target.wants/ssh.socket", "/usr/lib/systemd/system/ssh.socket");

        Assert.AreEqual("", tree.Severities<SshServerIsEnabled>());
    }

    [TestMethod]
    public void A_server_that_is_not_enabled_is_a_warning() =>
        Assert.AreEqual("Warning", LinuxTrees.Debian().Remove("/etc/systemd/system/multi-user.target.wants/ssh.service").Severities<SshServerIsEnabled>());

    [TestMethod]
    public void A_mask_of_the_other_name_of_the_service_does_not_block_it()
    {
        MemoryTree tree = LinuxTrees.Debian().Link("/etc/systemd/system/sshd.service", "/dev/null").Remove("/etc/ssh/sshd_config");

        Assert.AreEqual("", tree.Severities<SshServerIsEnabled>());
        Assert.AreEqual("Error", tree.Severities<SshKeepAlive>());
    }

    [TestMethod]
    public void A_mask_of_the_service_blocks_its_alias_too() =>
        Assert.AreEqual("Warning", LinuxTrees.Debian()
            .Link("/etc/systemd/system/ssh.service", "/dev/null")
            .Link("/etc/systemd/system/sshd.service", "/lib/systemd/system/ssh.service")
            .Severities<SshServerIsEnabled>());

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Blocked_ssh_needs_no_interval(bool masked)
    {
        MemoryTree tree = LinuxTrees.Debian().Remove("/etc/ssh/sshd_config");
        _ = masked ? tree.Link("/etc/systemd/system/ssh.service", "/dev/null") : tree.Remove("/usr/sbin/sshd");

        Assert.AreEqual(Outcome.NotApplicable, tree.Check<SshKeepAlive>().Outcome);
        Assert.AreEqual("Warning", tree.Severities<SshServerIsEnabled>());
    }

    [TestMethod]
    [DataRow("1h30m", 5400L)]
    [DataRow("90", 90L)]
    [DataRow("1w", 604800L)]
    [DataRow("m", null)]
    [DataRow("", null)]
    public void Reads_times(string text, long? seconds) => Assert.AreEqual(seconds, SshTime.Parse(text));

    [TestMethod]
    [DataRow("ClientAliveInterval 180 300\n", "Error")]
    [DataRow("ClientAliveInterval\nClientAliveInterval 180\n", "Error")]
    [DataRow("ClientAliveInterval 180 # three minutes\n", "")]
    [DataRow("ClientAliveInterval 180\nMatch all\nClientAliveInterval 0\n", "Error")]
    [DataRow("ClientAliveInterval 0\nMatch all\nClientAliveInterval 180\n", "")]
    [DataRow("ClientAliveInterval 180\nMatch User backup\nClientAliveInterval 0\n", "")]
    public void Reads_lines_as_sshd_does(string configuration, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Add("/etc/ssh/sshd_config", configuration).Severities<SshKeepAlive>());

    [TestMethod]
    [DataRow("OPTIONS=\"-u0 -o ClientAliveInterval=600\"\n", "Error")]
    [DataRow("OPTIONS=-oClientAliveInterval=600\n", "Error")]
    [DataRow("OPTIONS='-o ClientAliveCountMax=3'\n", "")]
    [DataRow("# OPTIONS=-oClientAliveInterval=600\nOTHER=-oClientAliveInterval=600\n", "")]
    public void An_option_on_the_command_line_counts_before_the_files(string environment, string severities)
    {
        MemoryTree tree = LinuxTrees.Debian()
            .Add("/usr/lib/systemd/system/ssh.service", "[Service]\nEnvironmentFile=-/etc/sysconfig/sshd\nExecStart=/usr/sbin/sshd -D $OPTIONS\n")
            .Add("/etc/sysconfig/sshd", environment);

        Assert.AreEqual(severities, tree.Severities<SshKeepAlive>());
        Assert.DoesNotContain(observation => observation.PathInDisk != "/etc/sysconfig/sshd" || observation.Line != 1, tree.Check<SshKeepAlive>().Observations);
    }

    [TestMethod]
    public void A_configuration_named_on_the_command_line_is_the_one_that_counts() => Assert.AreEqual(
        "Error",
        LinuxTrees.Debian().Add("/etc/ssh/other", "Port 22\n")
            .Add("/etc/systemd/system/ssh.service.d/other.conf", "[Service]\nExecStart=\nExecStart=/usr/sbin/sshd -D -f /etc/ssh/other\n").Severities<SshKeepAlive>());
}
