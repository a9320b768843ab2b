using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux;

[TestClass]
public sealed class GeneralisationTests
{
    [TestMethod]
    public void Accepts_what_deprovisioning_leaves() => Assert.AreEqual("", LinuxTrees.Debian().Severities<Deprovisioned>());

    [TestMethod]
    [DataRow("/var/lib/waagent/provisioned", "id", "Error")]
    [DataRow("/var/lib/waagent/TransportPrivate.pem", "key", "Error")]
    [DataRow("/var/lib/waagent/ovf-env.xml", "<x/>", "Error")]
    [DataRow("/var/lib/waagent/waagent_status.json", "{}", "Warning")]
    [DataRow("/var/lib/waagent/Microsoft.Azure.Extensions.CustomScript-2.1.10/HandlerManifest.json", "[]", "Error")]
    [DataRow("/var/lib/cloud/data/instance-id", "1", "Warning")]
    [DataRow("/var/lib/wicked/lease-eth0-dhcp-ipv4.xml", "<lease/>", "Warning")]
    [DataRow("/var/lib/dbus/machine-id", "4f1c0c3f5f7d4c1d8e0c6e2b9a7d5e31\n", "Info")]
    [DataRow("/var/lib/cloud/instances/1/user-data.txt", "x", "Error")]
    [DataRow("/var/lib/cloud/sem/config_x.once", "x", "Warning")]
    [DataRow("/var/lib/cloud/seed/nocloud/meta-data", "x", "")]
    [DataRow("/var/lib/dhcp/dhclient.eth0.leases", "lease {\n}\n", "Error")]
    [DataRow("/var/lib/dhcp/dhclient.leases", "", "")]
    [DataRow("/var/lib/NetworkManager/internal-1-eth0.lease", "x", "Warning")]
    [DataRow("/var/lib/NetworkManager/dhclient-1-eth0.lease", "x", "Error")]
    [DataRow("/etc/machine-id", "4f1c0c3f5f7d4c1d8e0c6e2b9a7d5e31\n", "Warning")]
    [DataRow("/etc/machine-id", "uninitialized\n", "")]
    [DataRow("/etc/hostname", "builder\n", "")]
    [DataRow("/etc/sudoers.d/waagent", "azureuser ALL=(ALL) ALL\n", "Warning")]
    [DataRow("/etc/sudoers.d/90-cloud-init-users", "# Created by cloud-init\n", "")]
    [DataRow("/var/log/waagent.log", "small\n", "Info")]
    public void Judges_what_is_left(string path, string text, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Add(path, text).Severities<Deprovisioned>());

    [TestMethod]
    public void A_link_to_an_instance_is_enough() =>
        Assert.AreEqual("Error", LinuxTrees.Debian().Link("/var/lib/cloud/instance", "/var/lib/cloud/instances/gone").Severities<Deprovisioned>());

    [TestMethod]
    [DataRow("builder\n", "Warning")]
    [DataRow("localhost.localdomain\n", "")]
    [DataRow("", "")]
    public void Judges_the_host_name_without_cloud_init(string name, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Remove("/usr/bin/cloud-init").Add("/etc/hostname", name).Severities<Deprovisioned>());

    [TestMethod]
    [DataRow("y", true, false, "")]
    [DataRow("n", true, false, "")]
    [DataRow("n", false, false, "Warning")]
    [DataRow("y", false, false, "")]
    [DataRow("y", false, true, "Warning")]
    [DataRow("n", true, true, "Warning")]
    [DataRow("n", false, true, "Error")]
    public void Judges_host_keys(string setting, bool cloudInit, bool keyLeft, string severities)
    {
        MemoryTree tree = LinuxTrees.Debian().Add("/etc/waagent.conf", $"Provisioning.RegenerateSshHostKeyPair={setting}\n");
        _ = cloudInit ? tree : tree.Add("/etc/cloud/cloud-init.disabled", "");
        _ = keyLeft ? tree.Add("/etc/ssh/ssh_host_rsa_key", "-----BEGIN") : tree.Add("/etc/ssh/ssh_host_rsa_key.pub", "x");

        Assert.AreEqual(severities, tree.Severities<SshHostKeys>());
    }

    [TestMethod]
    [DataRow("nameserver 10.0.0.1\n", "Error")]
    [DataRow("# nameserver 10.0.0.1\nsearch x\n", "")]
    [DataRow("", "")]
    public void Judges_resolv_conf(string text, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Add("/etc/resolv.conf", text).Severities<ResolverConfiguration>());

    [TestMethod]
    public void A_link_to_the_stub_resolver_is_a_note() =>
        Assert.AreEqual("Info", LinuxTrees.Debian().Link("/etc/resolv.conf", "../run/systemd/resolve/stub-resolv.conf").Severities<ResolverConfiguration>());

    [TestMethod]
    [DataRow("/etc/resolv.conf.static", "Error")]
    [DataRow("/run/systemd/resolve/stub-resolv.conf", "Info")]
    [DataRow("/usr/lib/systemd/resolv.conf", "Info")]
    public void Looks_into_the_file_a_link_of_resolv_conf_leads_to(string target, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Link("/etc/resolv.conf", target).Add(target, "nameserver 10.0.0.1\n").Severities<ResolverConfiguration>());

    [TestMethod]
    public void Looks_where_the_agent_is_told_to_keep_its_state() => Assert.AreEqual(
        "Error",
        LinuxTrees.Debian().Add("/etc/waagent.conf", "Lib.Dir=/opt/agent\n").Add("/opt/agent/ovf-env.xml", "<x/>").Severities<Deprovisioned>());

    [TestMethod]
    public void The_id_of_D_Bus_as_a_link_is_none_of_its_own() =>
        Assert.AreEqual("", LinuxTrees.Debian().Link("/var/lib/dbus/machine-id", "/etc/machine-id").Severities<Deprovisioned>());

    [TestMethod]
    [DataRow("/etc/cloud/cloud.cfg", "ssh_deletekeys: false\n", "Error")]
    [DataRow("/etc/cloud/cloud.cfg.d/99-keys.cfg", "ssh_deletekeys:   no # keep\n", "Error")]
    [DataRow("/etc/cloud/cloud.cfg", "#ssh_deletekeys: false\n", "Warning")]
    [DataRow("/etc/cloud/cloud.cfg", "ssh_deletekeys: true\n", "Warning")]
    public void cloud_init_may_be_told_to_keep_host_keys(string path, string text, string severities) => Assert.AreEqual(
        severities,
        LinuxTrees.Debian().Add("/etc/waagent.conf", "Provisioning.RegenerateSshHostKeyPair=n\n").Add("/etc/ssh/ssh_host_rsa_key", "-----BEGIN").Add(path, text).Severities<SshHostKeys>());

    [TestMethod]
    [DataRow("/etc/systemd/system/cloud-init.target.wants/cloud-init.service", "/usr/lib/systemd/system/cloud-init.service", "")]
    [DataRow("/etc/systemd/system/cloud-init.service", "/dev/null", "Warning")]
    [DataRow("/etc/systemd/system/cloud-init.target", "/dev/null", "Warning")]
    [DataRow("/etc/other", "/x", "Warning")]
    public void cloud_init_whose_services_are_off_provisions_nothing(string path, string target, string severities) => Assert.AreEqual(
        severities,
        LinuxTrees.Debian().Add("/etc/waagent.conf", "Provisioning.RegenerateSshHostKeyPair=n\n").Add("/usr/lib/systemd/system/cloud-init.service", "[Service]\n").Link(path, target).Severities<SshHostKeys>());

    [TestMethod]
    [DataRow("HostKey /etc/ssh/own/key\n", "Error")]
    [DataRow("HostKey /etc/ssh/ssh_host_rsa_key\n", "")]
    public void A_host_key_elsewhere_is_replaced_by_nobody(string configuration, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Add("/etc/ssh/sshd_config", configuration).Add("/etc/ssh/own/key", "-----BEGIN").Severities<SshHostKeys>());
}
