using Marketplace.DiskImages;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux.Software;

[TestClass]
public sealed class ProvisioningTests
{
    private const string Configuration = "/etc/waagent.conf";
    private const string CloudInit = "/usr/bin/cloud-init";
    private const string VersionFile = "/usr/lib/python3/dist-packages/azurelinuxagent/common/version.py";

    [TestMethod]
    [DataRow("Provisioning.Agent=auto\n", "")]
    [DataRow("Provisioning.Agent=waagent\n", "")]
    [DataRow("Provisioning.Agent=disabled\n", "Info")]
    public void Accepts_cloud_init_whatever_the_agent_is_told(string text, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Add(Configuration, text).Severities<ProvisioningAgent>());

    [TestMethod]
    [DataRow("", "")]
    [DataRow("Provisioning.Agent=auto\n", "")]
    [DataRow("Provisioning.Agent=waagent\n", "")]
    [DataRow("# Provisioning.Agent=disabled\n", "")]
    [DataRow("Provisioning.Agent=disabled\nProvisioning.Agent=auto\n", "")]
    [DataRow("Provisioning.Agent=disabled\n", "Error")]
    [DataRow("Provisioning.Agent=auto\nProvisioning.Agent=\"disabled\" # x\n", "Error")]
    [DataRow("Provisioning.Agent=cloud-init\n", "Error")]
    [DataRow("Provisioning.Enabled=n\n", "", DisplayName = "newer agents do not read it")]
    public void Without_cloud_init_the_agent_provisions(string text, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Remove(CloudInit).Add(Configuration, text).Severities<ProvisioningAgent>());

    [TestMethod]
    [DataRow("Provisioning.Enabled=n\n", "Error")]
    [DataRow("Provisioning.Enabled=y\n", "")]
    [DataRow("Provisioning.Enabled=n\nProvisioning.UseCloudInit=y\n", "Error")]
    [DataRow("Provisioning.Enabled=n\nProvisioning.Agent=waagent\n", "")]
    public void Old_agents_have_other_switches(string text, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Remove(CloudInit).Add(VersionFile, "AGENT_VERSION = '2.2.20'\n").Add(Configuration, text).Severities<ProvisioningAgent>());

    [TestMethod]
    public void Refuses_a_system_with_neither() => Assert.AreEqual(
        "Error", LinuxTrees.Debian().Remove(CloudInit).Remove("/usr/sbin/waagent").Severities<ProvisioningAgent>());

    [TestMethod]
    public void The_agent_does_not_start_without_its_configuration() => Assert.AreEqual(
        "Error", LinuxTrees.Debian().Remove(CloudInit).Remove(Configuration).Severities<ProvisioningAgent>());

    [TestMethod]
    [DataRow("Provisioning.Agent=cloud-init\n", false, "Error")]
    [DataRow("Provisioning.Agent=auto\n", false, "")]
    [DataRow("Provisioning.Agent=auto\n", true, "Error", DisplayName = "the agent waits for a service that does nothing")]
    [DataRow("Provisioning.Agent=waagent\n", true, "")]
    public void cloud_init_may_be_switched_off(string text, bool enabled, string severities)
    {
        MemoryTree tree = LinuxTrees.Debian().Add("/etc/cloud/cloud-init.disabled", "").Add(Configuration, text).Add("/usr/lib/systemd/system/cloud-init-local.service", "[Install]\nWantedBy=cloud-init.target\n");
        _ = enabled ? tree.Link("/etc/systemd/system/cloud-init.target.wants/cloud-init-local.service", "/usr/lib/systemd/system/cloud-init-local.service") : tree;

        Assert.AreEqual(severities, tree.Severities<ProvisioningAgent>());
    }

    [TestMethod]
    public void The_kernel_line_switches_cloud_init_off()
    {
        MemoryTree tree = LinuxTrees.Debian().Add(Configuration, "Provisioning.Agent=cloud-init\n");

        Assert.AreEqual("", tree.Severities<ProvisioningAgent>());
        tree.Add("/boot/grub/grub.cfg", LinuxTrees.DebianGrub.Replace("earlyprintk=ttyS0,115200", "earlyprintk=ttyS0 cloud-init=disabled", StringComparison.Ordinal));
        Assert.AreEqual("kernel_remove cloud-init=disabled", tree.Check<ProvisioningAgent>().Observations.Single().Repair!.Commands);
    }

    [TestMethod]
    [DataRow("datasource_list: [ Azure ]\n", "")]
    [DataRow("datasource_list: [NoCloud, 'Azure', None]\n", "")]
    [DataRow("datasource_list: [ NoCloud, None ]\n", "Error")]
    [DataRow("#datasource_list: [ NoCloud ]\n", "")]
    [DataRow("datasource_list: []\n", "")]
    [DataRow("datasource_list:\n- NoCloud\n- Azure\nother: [ x ]\n", "")]
    [DataRow("datasource_list:\n  - NoCloud # Azure\n\nother:\n  - Azure\n", "Error")]
    [DataRow("datasource_list: [ NoCloud,\n   Azure ]\n", "")]
    [DataRow("x:\n  datasource_list: [ NoCloud ]\n", "")]
    [DataRow("datasource:\n  Azure:\n    apply_network_config: true\n", "")]
    public void cloud_init_may_be_kept_from_the_platform(string text, string severities) => Assert.AreEqual(
        severities,
        LinuxTrees.Debian().Add(Configuration, "Provisioning.Agent=cloud-init\n").Add("/etc/cloud/cloud.cfg.d/90_dpkg.cfg", text).Severities<ProvisioningAgent>());

    [TestMethod]
    public void The_last_list_of_sources_counts()
    {
        MemoryTree tree = LinuxTrees.Debian().Add(Configuration, "Provisioning.Agent=cloud-init\n")
            .Add("/etc/cloud/cloud.cfg", "datasource_list: [ NoCloud ]\n").Add("/etc/cloud/cloud.cfg.d/91-azure.cfg", "datasource_list: [ Azure ]\n").Add("/etc/cloud/cloud.cfg.d/99-off.cfg.bak", "datasource_list: [ None ]\n");

        Assert.AreEqual("", tree.Severities<ProvisioningAgent>());
        Assert.AreEqual("Error", tree.Add("/etc/cloud/cloud.cfg.d/99-other.cfg", "datasource_list: [ None ]\n").Severities<ProvisioningAgent>());
        Assert.AreEqual("/etc/cloud/cloud.cfg.d/99-other.cfg", tree.Check<ProvisioningAgent>().Observations.Single().PathInDisk);
    }

    [TestMethod]
    public void Is_inconclusive_when_a_file_cannot_be_read()
    {
        Assert.ThrowsExactly<DiskFormatException>(() => LinuxTrees.Debian().Add("/etc/cloud/cloud.cfg", "a: [ b\n").Check<ProvisioningAgent>());
        Assert.ThrowsExactly<DiskFormatException>(() => LinuxTrees.Debian().Unreadable("/etc/cloud").Check<ProvisioningAgent>());
        Assert.ThrowsExactly<DiskFormatException>(() => LinuxTrees.Debian().Remove(CloudInit).Unreadable(Configuration).Check<ProvisioningAgent>());
    }
}
