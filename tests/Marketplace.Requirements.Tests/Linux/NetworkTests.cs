using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux;

[TestClass]
public sealed class NetworkTests
{
    private const string Scripts = "/etc/sysconfig/network-scripts/";
    private const string Connections = "/etc/NetworkManager/system-connections/";
    private const int OwnerOnly = 0b110_000_000;

    /// <summary>Debian with every program that reads network configuration.</summary>
    private static MemoryTree System() => LinuxTrees.Debian()
        .Add("/usr/sbin/ifup", "\u007fELF", 0b111_101_101)
        .Add("/usr/sbin/netplan", "#!/usr/bin/python3\n", 0b111_101_101)
        .Add("/usr/sbin/NetworkManager", "\u007fELF", 0b111_101_101)
        .Add("/usr/lib/systemd/system/wicked.service", "[Service]\n")
        .Add("/usr/lib/systemd/system/systemd-networkd.service", "[Service]\n")
        .Link("/etc/systemd/system/multi-user.target.wants/systemd-networkd.service", "/usr/lib/systemd/system/systemd-networkd.service");

    [TestMethod]
    public void A_system_without_configuration_passes() => Assert.AreEqual("", System().Severities<NetworkIsGeneric>());

    [TestMethod]
    [DataRow("ifcfg-eth0", "DEVICE=eth0\nBOOTPROTO=dhcp\nONBOOT=yes\n", "")]
    [DataRow("ifcfg-eth0", "DEVICE=\"eth0\"\nBOOTPROTO='dhcp'\nONBOOT=\"yes\"\n", "")]
    [DataRow("ifcfg-eth0", "DEVICE=eth0\nBOOTPROTO=none\nIPADDR=10.0.0.5\nONBOOT=yes\n", "Error")]
    [DataRow("ifcfg-ens3", "BOOTPROTO=static\nIPADDR0=10.0.0.5\n", "Error")]
    [DataRow("ifcfg-eth0", "BOOTPROTO=dhcp\n#IPADDR=10.0.0.5\nIPADDR=\n", "")]
    [DataRow("ifcfg-eth0", "IPADDR=10.0.0.5\nIPADDR=\nBOOTPROTO=dhcp\n", "")]
    [DataRow("ifcfg-eth0", "BOOTPROTO=none\n", "Warning")]
    [DataRow("ifcfg-eth0", "BOOTPROTO=dhcp\nHWADDR=00:0d:3a:01:02:03\n", "Warning")]
    [DataRow("ifcfg-eth0", "BOOTPROTO=dhcp\nONBOOT=no\n", "Warning")]
    [DataRow("ifcfg-lo", "DEVICE=lo\nIPADDR=127.0.0.1\n", "")]
    [DataRow("ifcfg-docker0", "DEVICE=docker0\nIPADDR=172.17.0.1\n", "")]
    [DataRow("ifcfg-br-int", "TYPE=Bridge\nIPADDR=172.17.0.1\n", "")]
    [DataRow("ifcfg-eth0.bak", "BOOTPROTO=none\nIPADDR=10.0.0.5\n", "")]
    [DataRow("ifcfg-eth0~", "BOOTPROTO=none\nIPADDR=10.0.0.5\n", "")]
    [DataRow("route-eth0", "IPADDR=10.0.0.5\n", "")]
    public void Judges_network_scripts(string name, string text, string severities) =>
        Assert.AreEqual(severities, System().Add(Scripts + name, text).Severities<NetworkIsGeneric>());

    [TestMethod]
    [DataRow("BOOTPROTO='dhcp'\nSTARTMODE='auto'\n", "")]
    [DataRow("BOOTPROTO='static'\nIPADDR='10.0.0.5/24'\nSTARTMODE='auto'\n", "Error")]
    [DataRow("BOOTPROTO='dhcp'\nSTARTMODE='off'\n", "Warning")]
    [DataRow("BOOTPROTO='dhcp'\nLLADDR='00:0d:3a:01:02:03'\n", "Warning")]
    public void Judges_wicked(string text, string severities) =>
        Assert.AreEqual(severities, System().Add("/etc/sysconfig/network/ifcfg-eth0", text).Severities<NetworkIsGeneric>());

    [TestMethod]
    [DataRow("auto lo\niface lo inet loopback\nauto eth0\niface eth0 inet dhcp\n", "")]
    [DataRow("auto eth0\niface eth0 inet static\n  address 10.0.0.5/24\n  gateway 10.0.0.1\n", "Error")]
    [DataRow("auto eth0\niface eth0 \\\n  inet static\n  address 10.0.0.5/24\n", "Error")]
    [DataRow("auto eth0\n#iface eth0 inet static\niface eth0 inet dhcp\n", "")]
    [DataRow("# joined? \\\nauto eth0\niface eth0 inet static\n", "Error")]
    [DataRow("auto eth0\niface eth0 inet dhcp\n  up echo iface eth1 inet static\n", "")]
    [DataRow("auto lo\niface lo inet loopback\niface eth0 inet dhcp\n", "Warning")]
    [DataRow("allow-hotplug eth0\niface eth0 inet dhcp\n", "")]
    [DataRow("auto /e*\niface docker0 inet static\n  address 172.17.0.1\n", "")]
    [DataRow("auto eth0\niface eth0 inet dhcp\n  hwaddress ether 00:0d:3a:01:02:03\n", "Warning")]
    public void Judges_interfaces(string text, string severities) =>
        Assert.AreEqual(severities, System().Add("/etc/network/interfaces", text).Severities<NetworkIsGeneric>());

    [TestMethod]
    [DataRow("source /etc/network/interfaces.d/*", "50-static", "Error")]
    [DataRow("source interfaces.d/*.cfg", "50-static.cfg", "Error")]
    [DataRow("source-directory interfaces.d", "50-static", "Error")]
    [DataRow("source-directory interfaces.d", "50-static.cfg", "")]
    [DataRow("source interfaces.d/*", ".hidden", "")]
    [DataRow("#source interfaces.d/*", "50-static", "")]
    public void Follows_source_as_ifupdown_does(string line, string name, string severities) => Assert.AreEqual(
        severities,
        System().Add("/etc/network/interfaces", $"auto lo\niface lo inet loopback\n{line}\n").Add("/etc/network/interfaces.d/" + name, "iface eth0 inet static\n  address 10.0.0.5\n").Severities<NetworkIsGeneric>());

    [TestMethod]
    public void A_circle_of_sources_is_reported() =>
        Assert.ThrowsExactly<DiskFormatException>(() => System().Add("/etc/network/interfaces", "source /etc/network/interfaces\n").Check<NetworkIsGeneric>());

    [TestMethod]
    [DataRow("network:\n  version: 2\n  ethernets:\n    eth0:\n      dhcp4: true\n", "")]
    [DataRow("network:\n  ethernets:\n    eth0:\n      addresses: [10.0.0.5/24]\n", "Error")]
    [DataRow("network:\n  ethernets:\n    eth0:\n      addresses:\n        - 10.0.0.5/24:\n            label: a\n", "Error")]
    [DataRow("network: {ethernets: {eth0: {\"addresses\": ['10.0.0.5/24']}}}\n", "Error")]
    [DataRow("network:\n  ethernets:\n    eth0:\n      dhcp4: true\n      #addresses: [10.0.0.5/24]\n", "")]
    [DataRow("network:\n  ethernets:\n    eth0:\n      dhcp4: true\n      nameservers:\n        addresses: [168.63.129.16]\n", "")]
    [DataRow("network:\n  ethernets:\n    lo:\n      addresses: [10.9.9.9/32]\n", "")]
    [DataRow("network:\n  bridges:\n    br0:\n      addresses: [10.9.9.9/24]\n", "")]
    [DataRow("network:\n  bridges:\n    br0:\n      interfaces: [eth0]\n      addresses: [10.9.9.9/24]\n", "Error")]
    [DataRow("network:\n  ethernets:\n    eth0:\n      dhcp4: true\n      match: {macaddress: '00:0d:3a:01:02:03'}\n      set-name: eth0\n", "Warning")]
    [DataRow("network:\n  ethernets:\n    eth0: &a\n      addresses: [10.0.0.5/24]\n    docker0: *a\n", "Error")]
    [DataRow("", "")]
    [DataRow("- a\n- b\n", "")]
    public void Judges_netplan(string text, string severities) =>
        Assert.AreEqual(severities, System().Add("/etc/netplan/01-net.yaml", text).Severities<NetworkIsGeneric>());

    [TestMethod]
    [DataRow("/etc/netplan/01-net.yaml.bak", "Error")]
    [DataRow("/usr/lib/netplan/60-static.yaml", "")]
    [DataRow("/run/netplan/99-x.yaml", "Error")]
    public void Netplan_files_of_one_name_hide_each_other(string path, string severities)
    {
        const string text = "network:\n  ethernets:\n    eth0:\n      addresses: [10.0.0.5/24]\n";
        MemoryTree tree = System().Add(path, text).Add("/usr/lib/netplan/60-static.yaml", text);
        _ = severities.Length == 0 ? tree.Add("/etc/netplan/60-static.yaml", "network: {ethernets: {eth0: {dhcp4: true}}}\n") : tree;

        Assert.AreEqual(severities, tree.Severities<NetworkIsGeneric>());
    }

    [TestMethod]
    public void What_a_later_file_of_netplan_says_counts()
    {
        Observation observation = System()
            .Add("/etc/netplan/10-a.yaml", "network:\n  ethernets:\n    eth0:\n      match: {macaddress: '00:00:00:00:00:01'}\n")
            .Add("/etc/netplan/20-b.yaml", "network:\n  ethernets:\n    eth0:\n      match:\n        macaddress: '00:00:00:00:00:02'\n").Check<NetworkIsGeneric>().Observations.Single();

        Assert.AreEqual("/etc/netplan/20-b.yaml", observation.PathInDisk);
        Assert.AreEqual(5, observation.Line);
        Assert.Contains("00:00:00:00:00:02", observation.Evidence);
    }

    [TestMethod]
    [DataRow("", "Warning")]
    [DataRow("network: {config: disabled}\n", "Error")]
    public void cloud_init_writes_its_own_file_anew_unless_told_not_to(string configuration, string severities) => Assert.AreEqual(
        severities,
        System().Add("/etc/cloud/cloud.cfg.d/99-net.cfg", configuration).Add("/etc/netplan/50-cloud-init.yaml", "network:\n  ethernets:\n    eth0:\n      addresses: [10.0.0.5/24]\n").Severities<NetworkIsGeneric>());

    [TestMethod]
    [DataRow("[connection]\ntype=ethernet\n[ipv4]\nmethod=auto\n", OwnerOnly, "")]
    [DataRow("[connection]\ntype=ethernet\n[ipv4]\naddress1=10.0.0.5/24,10.0.0.1\nmethod=manual\n", OwnerOnly, "Error")]
    [DataRow("[connection]\ntype=ethernet\n[ipv4]\nmethod=manual\n", 0b110_100_100, "Warning")]
    [DataRow("[connection]\ntype=ethernet\nautoconnect=false\n[ipv4]\nmethod=manual\n", OwnerOnly, "")]
    [DataRow("[connection]\ntype=loopback\ninterface-name=lo\n[ipv4]\nmethod=manual\n", OwnerOnly, "")]
    [DataRow("[connection]\ntype=bridge\ninterface-name=br0\n[ipv4]\nmethod=manual\n", OwnerOnly, "")]
    [DataRow("[connection]\ntype=ethernet\n[ipv4]\n#method=manual\nmethod=auto\n", OwnerOnly, "")]
    [DataRow("[connection]\ntype=ethernet\n[ipv4]\nmethod=manual\nmethod=auto\n", OwnerOnly, "")]
    [DataRow("[connection]\ntype=ethernet\n[other]\nmethod=manual\n", OwnerOnly, "")]
    [DataRow("[connection]\ntype=ethernet\n[ethernet]\nmac-address=00:0D:3A:01:02:03\n", OwnerOnly, "Warning")]
    [DataRow("[connection]\ntype=ethernet\n[ethernet]\ncloned-mac-address=random\n", OwnerOnly, "")]
    public void Judges_connections(string text, int mode, string severities) =>
        Assert.AreEqual(severities, System().Add(Connections + "eth0.nmconnection", text, mode).Severities<NetworkIsGeneric>());

    [TestMethod]
    public void A_mask_hides_a_connection_that_a_package_brings() => Assert.AreEqual(
        "",
        System().Add("/usr/lib/NetworkManager/system-connections/a.nmconnection", "[connection]\ntype=ethernet\n[ipv4]\nmethod=manual\n").Link(Connections + "a.nmconnection", "/dev/null").Severities<NetworkIsGeneric>());

    [TestMethod]
    [DataRow("[Match]\nName=eth0\n[Network]\nDHCP=yes\n", "")]
    [DataRow("[Match]\nName=eth0\n[Network]\nAddress=10.0.0.5/24\n", "Error")]
    [DataRow("[Match]\nName=en*\n[Address]\nAddress=10.0.0.5/24\n", "Error")]
    [DataRow("[Match]\nName=eth0\n[Network]\nDHCP=yes\n#Address=10.0.0.5/24\n", "")]
    [DataRow("[Match]\nName=docker0 br-*\n[Network]\nAddress=172.17.0.1/16\n", "")]
    [DataRow("[Match]\nKind=veth\nName=ve-*\n[Network]\nAddress=0.0.0.0/28\n", "")]
    [DataRow("[Match]\nMACAddress=00:0d:3a:01:02:03\n[Network]\nDHCP=yes\n", "Warning")]
    [DataRow("[Match]\nName=eth0\n[Network]\nDHCP=no\n", "Warning")]
    public void Judges_systemd_networkd(string text, string severities) =>
        Assert.AreEqual(severities, System().Add("/etc/systemd/network/10-eth0.network", text).Severities<NetworkIsGeneric>());

    [TestMethod]
    public void A_mask_hides_a_network_file_and_a_drop_in_adds_to_one()
    {
        MemoryTree masked = System().Add("/usr/lib/systemd/network/10-a.network", "[Network]\nAddress=10.0.0.5/24\n").Link("/etc/systemd/network/10-a.network", "/dev/null");
        MemoryTree added = System().Add("/etc/systemd/network/10-a.network", "[Match]\nName=eth0\n[Network]\nDHCP=yes\n").Add("/etc/systemd/network/10-a.network.d/x.conf", "[Network]\nAddress=10.0.0.5/24\n");

        Assert.AreEqual("", masked.Severities<NetworkIsGeneric>());
        Assert.AreEqual("Error", added.Severities<NetworkIsGeneric>());
    }

    [TestMethod]
    [DataRow("/etc/network/interfaces", "iface eth0 inet static\n  address 10.0.0.5\n")]
    [DataRow("/etc/netplan/01.yaml", "network: {ethernets: {eth0: {addresses: [10.0.0.5/24]}}}\n")]
    [DataRow("/etc/NetworkManager/system-connections/a.nmconnection", "[connection]\ntype=ethernet\n[ipv4]\nmethod=manual\n")]
    [DataRow("/etc/systemd/network/10-a.network", "[Network]\nAddress=10.0.0.5/24\n")]
    [DataRow("/etc/sysconfig/network-scripts/ifcfg-eth0", "BOOTPROTO=none\nIPADDR=10.0.0.5\n")]
    [DataRow("/etc/sysconfig/network/ifcfg-eth0", "BOOTPROTO=static\nIPADDR=10.0.0.5\n")]
    public void A_file_that_no_program_reads_is_a_warning(string path, string text) =>
        Assert.AreEqual("Warning", LinuxTrees.Debian().Add(path, text, OwnerOnly).Severities<NetworkIsGeneric>());

    [TestMethod]
    [DataRow("/etc/network/interfaces")]
    [DataRow("/etc/netplan")]
    [DataRow("/etc/sysconfig/network-scripts")]
    [DataRow("/etc/NetworkManager/system-connections")]
    [DataRow("/etc/systemd/network")]
    public void What_cannot_be_read_is_not_passed(string path) =>
        Assert.ThrowsExactly<DiskFormatException>(() => System().Directory(path).Unreadable(path).Check<NetworkIsGeneric>());

    [TestMethod]
    public void No_YAML_is_not_passed() =>
        Assert.ThrowsExactly<DiskFormatException>(() => System().Add("/etc/netplan/a.yaml", "network: [\n").Check<NetworkIsGeneric>());

    [TestMethod]
    public void A_name_from_the_disk_puts_no_command_into_the_repair()
    {
        string commands = System().Add(Scripts + "ifcfg-a'; reboot; '", "IPADDR=10.0.0.5\n").Check<NetworkIsGeneric>().Observations[0].Repair!.Commands;

        Assert.Contains(@"ifcfg-a'\''; reboot; '\'''", commands);
    }

    [TestMethod]
    [DataRow("70-persistent-net.rules", "# eth0\nSUBSYSTEM==\"net\", ATTR{address}==\"00:0d:3a:01:02:03\", NAME=\"eth0\"\n", "Warning")]
    [DataRow("70-persistent-net.rules", "# This file was automatically generated\n", "")]
    [DataRow("70-persistent-net.rules", "", "")]
    [DataRow("71-net.rules", "SUBSYSTEM==\"net\", \\\n ATTR{address}==\"00:0d:3a:01:02:03\", \\\n NAME=\"eth0\"\n", "Warning")]
    [DataRow("68-azure.rules", "SUBSYSTEM==\"net\", DRIVERS==\"mlx4_core\", ENV{NM_UNMANAGED}=\"1\"\n", "")]
    [DataRow("70-persistent-net.rules.bak", "SUBSYSTEM==\"net\", ATTR{address}==\"00:0d:3a:01:02:03\", NAME=\"eth0\"\n", "")]
    public void Judges_rules_of_udev(string name, string text, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Add("/etc/udev/rules.d/" + name, text).Severities<NoPersistentNetRules>());

    [TestMethod]
    public void A_mask_keeps_the_generator_of_rules_from_running()
    {
        MemoryTree tree = LinuxTrees.Debian().Add("/usr/lib/udev/rules.d/75-persistent-net-generator.rules", "ACTION!=\"add\", GOTO=\"end\"\n");

        Assert.AreEqual("Warning", tree.Severities<NoPersistentNetRules>());
        Assert.AreEqual("", tree.Link("/etc/udev/rules.d/75-persistent-net-generator.rules", "/dev/null").Severities<NoPersistentNetRules>());
        Assert.AreEqual("", tree.Link("/etc/udev/rules.d/70-persistent-net.rules", "/dev/null").Severities<NoPersistentNetRules>());
        Assert.ThrowsExactly<DiskFormatException>(() => tree.Unreadable("/etc/udev/rules.d").Check<NoPersistentNetRules>());
    }

    [TestMethod]
    [DataRow("debian", "12", "Warning", "Info")]
    [DataRow("rhel", "9.4", "Info", "Info")]
    [DataRow("centos", "7", "Info", "Info")]
    [DataRow("centos", "6.10", "Warning", "Warning")]
    public void Judges_NetworkManager_by_system_and_level(string id, string version, string guide, string current)
    {
        MemoryTree tree = System().Remove("/etc/os-release").Add("/etc/os-release", $"ID={id}\nVERSION_ID={version}\n")
            .Add("/usr/lib/systemd/system/NetworkManager.service", "[Service]\n");
        NetworkManagerIsOff requirement = new();
        Assert.AreEqual(id == "centos" && version == "6.10" ? "Warning" : "", tree.Severities<NetworkManagerIsOff>());
        tree.Link("/etc/systemd/system/multi-user.target.wants/NetworkManager.service", "/usr/lib/systemd/system/NetworkManager.service");

        Observation observation = tree.Check<NetworkManagerIsOff>().Observations.Single();

        Assert.AreEqual(guide, SeverityPolicy.At(requirement, observation, RequirementsLevel.Guide201510).ToString());
        Assert.AreEqual(current, SeverityPolicy.At(requirement, observation, RequirementsLevel.Current).ToString());
    }

    [TestMethod]
    public void The_release_file_tells_the_version_of_old_systems() => Assert.AreEqual(
        "Warning",
        LinuxTrees.Debian().Remove("/etc/os-release").Remove("/usr/lib/os-release").Add("/etc/redhat-release", "CentOS release 6.10 (Final)\n").Add("/usr/sbin/NetworkManager", "\u007fELF").Severities<NetworkManagerIsOff>());

    [TestMethod]
    public void Missing_scripts_and_IPv6_are_told_by_the_guide_only()
    {
        MemoryTree tree = LinuxTrees.Debian();
        Assert.IsTrue(new InterfaceScripts().NewestWins);
        Assert.AreEqual(Severity.Info, new InterfaceScripts().Current.Severity);
        Assert.HasCount(1, tree.Check<InterfaceScripts>().Observations);
        Assert.HasCount(0, tree.Add("/usr/sbin/ifup", "x").Add("/usr/sbin/ifdown", "x").Check<InterfaceScripts>().Observations);
        Assert.AreEqual("Info", tree.Severities<NoDependenceOnIPv6>());
        Assert.AreEqual("", tree.Add("/etc/sysctl.d/90.conf", "net/ipv6/conf/all/disable_ipv6 = 1\n").Severities<NoDependenceOnIPv6>());
        Assert.AreEqual("Info", tree.Add("/etc/sysctl.conf", "net.ipv6.conf.all.disable_ipv6=0\n").Severities<NoDependenceOnIPv6>());
    }

    [TestMethod]
    public void FirstFileOfNetworkdThatMatchesCounts()
    {
        MemoryTree tree = LinuxTrees.Debian()
            .Add("/usr/lib/systemd/system/systemd-networkd.service", "[Service]\n")
            .Link("/etc/systemd/system/multi-user.target.wants/systemd-networkd.service", "/usr/lib/systemd/system/systemd-networkd.service")
            .Add("/etc/systemd/network/50-all.network", "[Match]\nName=en* eth*\n\n[Network]\nIPv6AcceptRA=no\n");
        Assert.AreEqual("Warning", tree.Severities<NetworkIsGeneric>());

        // Those are for other devices, or only for some.
        tree.Add("/etc/systemd/network/10-sriov.network", "[Match]\nName=eth*\nDriver=mlx5_core\n\n[Link]\nUnmanaged=yes\n")
            .Add("/etc/systemd/network/20-other.network", "[Match]\nName=!eth0 eth1\n\n[Network]\nDHCP=yes\n");
        Assert.AreEqual("Warning", tree.Severities<NetworkIsGeneric>());

        tree.Add("/etc/systemd/network/30-first.network", "[Match]\nName=eth0\n\n[Network]\nDHCP=ipv4\n");
        Assert.AreEqual("", tree.Severities<NetworkIsGeneric>());
    }
}
