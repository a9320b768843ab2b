using System.Text;
using Marketplace.DiskImages;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Yaml;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux;

/// <summary>Swap at the first boot, ClientAliveInterval in a drop-in, firewall and sudo.</summary>
[TestClass]
public sealed class ConfigurationTests
{
    private const string Drop = "/etc/cloud/cloud.cfg.d/";

    [TestMethod]
    [DataRow("ResourceDisk.Format=y\nResourceDisk.EnableSwap=y\nResourceDisk.SwapSizeMB=2048\n", "Info")]
    [DataRow("ResourceDisk.Format=n\nResourceDisk.EnableSwap=y\nResourceDisk.SwapSizeMB=2048\n", "Info")]
    [DataRow("ResourceDisk.Format=y\nResourceDisk.EnableSwap=y\n", "Info")]
    [DataRow("ResourceDisk.Format=y\n#ResourceDisk.EnableSwap=y\nResourceDisk.SwapSizeMB=2048\n", "")]
    [DataRow("ResourceDisk.EnableSwap=y\nResourceDisk.EnableSwap=n\n", "")]
    public void Swap_of_the_agent_is_what_the_guide_allows(string configuration, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Add("/etc/waagent.conf", configuration).Severities<ProvisionedSwapIsElsewhere>());

    [TestMethod]
    [DataRow("swap:\n  filename: /swapfile\n  size: auto\n", "Warning")]
    [DataRow("swap: {size: 1G}\n", "Warning")]
    [DataRow("swap:\n  filename: /mnt/swapfile\n  size: 1G\n", "Info")]
    [DataRow("swap:\n  filename: /swapfile\n  size: 0\n", "")]
    [DataRow("swap:\n  filename: /swapfile\n", "")]
    [DataRow("swap:\n  filename: ''\n  size: 1G\n", "")]
    [DataRow("#swap:\n#  size: 1G\n", "")]
    [DataRow("other:\n  swap: {size: 1G}\n", "")]
    [DataRow("text: |\n  swap:\n    size: 1G\n", "")]
    [DataRow("mounts:\n- [/dev/sdc1, none, swap, sw]\n", "Warning")]
    [DataRow("mounts:\n- [/dev/disk/cloud/azure_resource-part2, none, swap]\n- [ephemeral0, /data]\n", "Info")]
    [DataRow("mounts:\n- [ephemeral0, /data]\nswap: {filename: /data/swap, size: 1G}\n", "Info")]
    [DataRow("mounts:\n- [swap, null]\n", "")]
    public void Judges_swap_of_cloud_init(string text, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Add("/etc/cloud/cloud.cfg", "cloud_init_modules:\n- mounts\n").Add(Drop + "50.cfg", text).Severities<ProvisionedSwapIsElsewhere>());

    [TestMethod]
    [DataRow("90.cfg", "swap: {size: 0}\n", "")]
    [DataRow("10.cfg", "swap: {size: 0}\n", "Warning")]
    [DataRow("90.cfg.bak", "swap: {size: 0}\n", "Warning")]
    [DataRow("90.cfg", "cloud_init_modules: [ssh]\n", "")]
    [DataRow("90.cfg", "cloud_init_modules: [[cc_mounts, always]]\n", "Warning")]
    [DataRow("90.cfg", "swap:\n", "")]
    public void Merges_the_files_of_cloud_init_as_it_does(string name, string text, string severities) => Assert.AreEqual(
        severities,
        LinuxTrees.Debian().Add("/etc/cloud/cloud.cfg", "cloud_init_modules: [mounts]\n").Add(Drop + "50.cfg", "swap: {size: 1G}\n").Add(Drop + name, text).Severities<ProvisionedSwapIsElsewhere>());

    [TestMethod]
    public void cloud_init_that_does_not_run_makes_no_swap() =>
        Assert.AreEqual("", LinuxTrees.Debian().Add(Drop + "50.cfg", "swap: {size: 1G}\n").Add("/etc/cloud/cloud-init.disabled", "").Severities<ProvisionedSwapIsElsewhere>());

    [TestMethod]
    public void A_configuration_that_cannot_be_read_is_not_passed()
    {
        Assert.ThrowsExactly<DiskFormatException>(() => LinuxTrees.Debian().Add(Drop + "50.cfg", "swap: {size: 1G\n").Check<ProvisionedSwapIsElsewhere>());
        Assert.ThrowsExactly<DiskFormatException>(() => LinuxTrees.Debian().Unreadable("/etc/cloud").Check<ProvisionedSwapIsElsewhere>());
    }

    [TestMethod]
    public void Swap_of_fstab_on_the_resource_disk_is_a_note() =>
        Assert.AreEqual("Info", LinuxTrees.Debian().Add("/etc/fstab", "/dev/disk/azure/resource-part2 none swap sw,nofail 0 0\n/dev/zram0 none swap sw 0 0\n").Severities<ProvisionedSwapIsElsewhere>());

    [TestMethod]
    [DataRow("Include /etc/ssh/sshd_config.d/*.conf\n", "ClientAliveInterval 180\n", "Warning")]
    [DataRow("Include /etc/ssh/sshd_config.d/*.conf\n#ClientAliveInterval 180\n", "ClientAliveInterval 120\n", "Warning")]
    [DataRow("Include /etc/ssh/sshd_config.d/*.conf\nClientAliveInterval 180\n", "ClientAliveInterval 120\n", "")]
    [DataRow("Include /etc/ssh/sshd_config.d/*.conf\nClientAliveInterval 300\n", "ClientAliveInterval 120\n", "Warning")]
    [DataRow("Include /etc/ssh/sshd_config.d/*.conf\n", "ClientAliveInterval 600\n", "")]
    [DataRow("Port 22\n", "ClientAliveInterval 180\n", "")]
    [DataRow("ClientAliveInterval 180\n", "", "")]
    public void Judges_where_the_interval_stands(string main, string dropIn, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Add("/etc/ssh/sshd_config", main).Add("/etc/ssh/sshd_config.d/50.conf", dropIn).Severities<SshKeepAliveInMainFile>());

    [TestMethod]
    public void Blocked_ssh_needs_no_interval_anywhere()
    {
        Assert.AreEqual(Outcome.NotApplicable, LinuxTrees.Debian().Remove("/usr/sbin/sshd").Check<SshKeepAliveInMainFile>().Outcome);
        Assert.ThrowsExactly<DiskFormatException>(() => LinuxTrees.Debian().Unreadable("/etc/ssh/sshd_config").Check<SshKeepAliveInMainFile>());
    }

    [TestMethod]
    public void Findings_of_the_SSH_server_carry_their_repair()
    {
        Assert.AreEqual("set_sshd ClientAliveInterval 180", LinuxTrees.Debian().Add("/etc/ssh/sshd_config", "ClientAliveInterval 600\n").Check<SshKeepAlive>().Observations[0].Repair!.Commands);
        Assert.IsNull(LinuxTrees.Debian().Add("/etc/ssh/sshd_config", "ClientAliveInterval 120\n").Check<SshKeepAlive>().Observations[0].Repair);
        Assert.Contains("systemctl enable", LinuxTrees.Debian().Remove("/etc/systemd/system/multi-user.target.wants/ssh.service").Check<SshServerIsEnabled>().Observations[0].Repair!.Commands);
        Assert.AreEqual("remove_path /etc/resolv.conf", LinuxTrees.Debian().Add("/etc/resolv.conf", "nameserver 10.0.0.1\n").Check<ResolverConfiguration>().Observations[0].Repair!.Commands);
    }

    private static MemoryTree Firewall(string unit, bool enabled = true)
    {
        MemoryTree tree = LinuxTrees.Debian().Add("/usr/sbin/iptables", "\u007fELF").Add($"/usr/lib/systemd/system/{unit}.service", "[Service]\n");
        return enabled ? tree.Link($"/etc/systemd/system/multi-user.target.wants/{unit}.service", $"/usr/lib/systemd/system/{unit}.service") : tree;
    }

    [TestMethod]
    public void Missing_firewall_software_is_told_by_the_guide()
    {
        Assert.AreEqual("Warning", LinuxTrees.Debian().Severities<FirewallIsOpen>());
        Assert.AreEqual(Severity.None, LinuxTrees.Debian().Check<FirewallIsOpen>().Observations[0].Current);
        Assert.AreEqual("", Firewall("x").Severities<FirewallIsOpen>());
        Assert.AreEqual("", LinuxTrees.Debian().Add("/usr/sbin/nft", "\u007fELF").Severities<FirewallIsOpen>());
    }

    [TestMethod]
    [DataRow("netfilter-persistent", true, "/etc/iptables/rules.v4", "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n", "Warning")]
    [DataRow("netfilter-persistent", true, "/etc/iptables/rules.v6", "*filter\n:INPUT DROP [0:0]\nCOMMIT\n", "Warning")]
    [DataRow("netfilter-persistent", true, "/etc/iptables/rules.v4", "# -A INPUT -j DROP\n*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n", "")]
    [DataRow("netfilter-persistent", false, "/etc/iptables/rules.v4", "*filter\n-A INPUT -j DROP\nCOMMIT\n", "")]
    [DataRow("iptables", true, "/etc/sysconfig/iptables", "*filter\n[0:0] -A INPUT -j REJECT\nCOMMIT\n", "Warning")]
    [DataRow("nftables", true, "/etc/nftables.conf", "#!/usr/sbin/nft -f\nflush ruleset\ntable inet filter {\n  chain input {\n    type filter hook input priority filter;\n  }\n  chain forward { type filter hook forward priority 0; policy accept; }\n}\n", "")]
    [DataRow("nftables", true, "/etc/nftables.conf", "table inet filter {\n  chain input {\n    type filter hook input priority 0; policy drop;\n  }\n}\n", "Warning")]
    [DataRow("nftables", true, "/etc/nftables.conf", "table inet filter {\n  chain input {\n    type filter hook input priority 0;\n    tcp dport 22 accept\n  }\n}\n", "Warning")]
    [DataRow("nftables", true, "/etc/nftables.conf", "table inet filter {\n  set a { type ipv4_addr; elements = { 10.0.0.1 } }\n  chain input {\n    # tcp dport 22 accept\n  }\n}\n", "")]
    [DataRow("nftables", true, "/etc/nftables.conf", "include \"/etc/nftables.d/*.nft\"\n", "Warning")]
    [DataRow("nftables", false, "/etc/nftables.conf", "add rule inet filter input drop\n", "")]
    [DataRow("ufw", true, "/etc/ufw/ufw.conf", "ENABLED=yes\nLOGLEVEL=low\n", "Warning")]
    [DataRow("ufw", true, "/etc/ufw/ufw.conf", "#ENABLED=yes\nENABLED=no\n", "")]
    [DataRow("ufw", false, "/etc/ufw/ufw.conf", "ENABLED=yes\n", "")]
    [DataRow("firewalld", true, "/etc/firewalld/firewalld.conf", "DefaultZone=public\n", "Warning")]
    [DataRow("firewalld", false, "/etc/firewalld/firewalld.conf", "DefaultZone=public\n", "")]
    public void Judges_rules_that_are_loaded_at_boot(string unit, bool enabled, string path, string text, string severities) =>
        Assert.AreEqual(severities, Firewall(unit, enabled).Add("/etc/nftables.d/a.nft", "add rule inet filter input drop\n").Add(path, text).Severities<FirewallIsOpen>());

    [TestMethod]
    [DataRow("/etc/rc.local", "#!/bin/sh\niptables -A INPUT -p tcp --dport 80 -j DROP\n", "Warning")]
    [DataRow("/etc/rc.local", "#!/bin/sh\n# iptables -A INPUT -j DROP\necho iptables -A INPUT -j DROP\niptables -F; iptables -P INPUT ACCEPT\niptables -L -n\n", "")]
    [DataRow("/etc/rc.local", "#!/bin/sh\n/sbin/iptables -t nat -F && /sbin/iptables -P INPUT DROP\n", "Warning")]
    [DataRow("/etc/rc.local", "#!/bin/sh\nnft add rule inet filter input drop\n", "Warning")]
    [DataRow("/etc/rc.local", "#!/bin/sh\nnft -f /etc/saved\n", "")]
    [DataRow("/etc/rc.local", "#!/bin/sh\niptables-restore < /etc/gone\niptables-restore < $RULES\n", "")]
    [DataRow("/etc/network/if-pre-up.d/iptables", "#!/bin/sh\niptables-restore </etc/saved\n", "Warning")]
    [DataRow("/etc/network/if-pre-up.d/iptables.off", "#!/bin/sh\niptables-restore < /etc/saved\n", "")]
    [DataRow("/etc/network/interfaces", "auto eth0\niface eth0 inet dhcp\n  pre-up iptables-restore < /etc/saved\n", "Warning")]
    [DataRow("/etc/network/interfaces", "auto eth0\niface eth0 inet dhcp\n  down iptables-restore < /etc/saved\n", "")]
    [DataRow("/etc/systemd/system/on.service", "[Service]\nExecStart=/usr/sbin/iptables-restore /etc/saved\n", "Warning")]
    [DataRow("/etc/systemd/system/off.service", "[Service]\nExecStart=/usr/sbin/iptables-restore /etc/saved\n", "")]
    public void Judges_commands_that_set_rules_at_boot(string path, string text, string severities) => Assert.AreEqual(severities, Firewall("x")
        .Add("/usr/sbin/ifup", "\u007fELF", 0b111_101_101)
        .Add("/etc/saved", "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n")
        .Link("/etc/systemd/system/multi-user.target.wants/on.service", "../on.service")
        .Add(path, text, 0b111_101_101).Severities<FirewallIsOpen>());

    [TestMethod]
    public void A_command_without_execution_is_none() =>
        Assert.AreEqual("", Firewall("x").Add("/etc/rc.local", "#!/bin/sh\niptables -A INPUT -j DROP\n", 0b110_100_100).Severities<FirewallIsOpen>());

    [TestMethod]
    public void firewalld_of_a_distribution_that_enables_it_is_a_note() =>
        Assert.AreEqual("Info", Firewall("firewalld").Remove("/etc/os-release").Add("/etc/os-release", "ID=\"rhel\"\nVERSION_ID=\"9.4\"\n").Severities<FirewallIsOpen>());

    [TestMethod]
    public void Rules_that_cannot_be_read_are_not_passed()
    {
        Assert.ThrowsExactly<DiskFormatException>(() => Firewall("nftables").Add("/etc/nftables.conf", "x").Unreadable("/etc/nftables.conf").Check<FirewallIsOpen>());
        Assert.ThrowsExactly<DiskFormatException>(() => Firewall("nftables").Add("/etc/nftables.conf", "include \"/etc/nftables.conf\"\n").Check<FirewallIsOpen>());
    }

    [TestMethod]
    [DataRow("Defaults targetpw\n", "Warning")]
    [DataRow("Defaults\ttargetpw   # ask for root's\n", "Warning")]
    [DataRow("Defaults env_reset, targetpw\n", "Warning")]
    [DataRow("Defaults env_reset, \\\n  targetpw\n", "Warning")]
    [DataRow("Defaults:bob targetpw\n", "Warning")]
    [DataRow("Defaults:bob, alice targetpw\n", "Warning")]
    [DataRow("Defaults targetpw\nDefaults !targetpw\n", "")]
    [DataRow("Defaults !targetpw\nDefaults targetpw\n", "Warning")]
    [DataRow("Defaults !!targetpw\n", "Warning")]
    [DataRow("# Defaults targetpw\n", "")]
    [DataRow("Defaults badpass_message=\"x, targetpw\"\n", "")]
    [DataRow("Defaults targetpw_not\n", "")]
    [DataRow("DefaultsX targetpw\n", "")]
    [DataRow("User_Alias X = targetpw\n", "")]
    [DataRow("@includedir /etc/sudoers.d\n", "Warning")]
    [DataRow("#includedir sudoers.d\nDefaults !targetpw\n", "")]
    [DataRow("@include /etc/more\\ sudoers\n", "Warning")]
    [DataRow("##includedir /etc/sudoers.d\n", "")]
    public void Judges_targetpw_as_sudo_reads_it(string text, string severities) => Assert.AreEqual(
        severities,
        LinuxTrees.Debian().Add("/usr/bin/sudo", "\u007fELF").Add("/etc/sudoers", text).Add("/etc/sudoers.d/suse", "Defaults targetpw\n").Add("/etc/more sudoers", "Defaults targetpw\n").Severities<NoTargetPassword>());

    [TestMethod]
    [DataRow("a.conf")]
    [DataRow("a~")]
    public void Files_that_sudo_skips_do_not_count(string name) => Assert.AreEqual(
        "",
        LinuxTrees.Debian().Add("/usr/bin/sudo", "\u007fELF").Add("/etc/sudoers", "@includedir /etc/sudoers.d\n").Add("/etc/sudoers.d/" + name, "Defaults targetpw\n").Severities<NoTargetPassword>());

    [TestMethod]
    public void sudo_that_was_removed_or_cannot_be_read()
    {
        Assert.AreEqual(Outcome.NotApplicable, LinuxTrees.Debian().Add("/etc/sudoers", "Defaults targetpw\n").Check<NoTargetPassword>().Outcome);
        Assert.ThrowsExactly<DiskFormatException>(() => LinuxTrees.Debian().Add("/etc/sudoers", "x").Unreadable("/etc/sudoers").Check<NoTargetPassword>());
        Assert.ThrowsExactly<DiskFormatException>(() => LinuxTrees.Debian().Add("/etc/sudoers", "@include /etc/sudoers\n").Check<NoTargetPassword>());
    }

    [TestMethod]
    [DataRow("[", 40)]
    [DataRow("{a: ", 40)]
    [DataRow("- ", 40)]
    public void YAML_of_many_levels_is_stopped(string part, int count) =>
        Assert.ThrowsExactly<DiskFormatException>(() => YamlReader.Parse("/x", new StringBuilder().Insert(0, part, count).ToString()));

    [TestMethod]
    public void YAML_that_multiplies_itself_is_stopped()
    {
        StringBuilder text = new("a0: &a0 [x, x]\n");
        for (int i = 1; i < 40; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n");
        }

        Assert.ThrowsExactly<DiskFormatException>(() => YamlReader.Parse("/x", text.ToString()));
        Assert.ThrowsExactly<DiskFormatException>(() => YamlReader.Parse("/x", "a: &a [*a]\n"));
        Assert.ThrowsExactly<DiskFormatException>(() => YamlReader.Read(new MemoryTree().Add("/x", new string(' ', 70_000)), "/x"));
    }
}
