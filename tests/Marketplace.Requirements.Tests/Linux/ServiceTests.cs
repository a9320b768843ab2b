using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux;

[TestClass]
public sealed class ServiceTests
{
    private const string Unit = "[Unit]\nDescription=x\n[Service]\nExecStart=/x\n[Install]\nWantedBy = multi-user.target\n";

    [TestMethod]
    [DataRow(null, "enable walinuxagent.service\ndisable *\n", "")]
    [DataRow("uninitialized\n", "enable walinux*\ndisable *\n", "")]
    [DataRow("uninitialized\n", "# nothing about it\n", "Error")]
    [DataRow("uninitialized\n", "enable *\n", "Error")]
    [DataRow("uninitialized\n", "disable *\nenable walinuxagent.service\n", "Error")]
    [DataRow("", "enable walinuxagent.service\n", "Error")]
    [DataRow("4f1c0c3f5f7d4c1d8e0c6e2b9a7d5e31\n", "enable walinuxagent.service\n", "Error")]
    public void A_preset_enables_at_the_first_boot_only(string? machineId, string preset, string severities)
    {
        MemoryTree tree = Disabled().Add("/usr/lib/systemd/system-preset/90-azure.preset", preset).Remove("/etc/machine-id");
        _ = machineId is null ? tree : tree.Add("/etc/machine-id", machineId);

        Assert.AreEqual(severities, tree.Severities<AgentIsEnabled>());
    }

    [TestMethod]
    [DataRow("/etc/systemd/system-preset/80-site.preset", "disable walinuxagent.service\n", "Error")]
    [DataRow("/etc/systemd/system-preset/90-azure.preset", "disable *\n", "Error")]
    [DataRow("/etc/systemd/system-preset/95-late.preset", "disable *\n", "")]
    public void Presets_are_read_in_the_order_of_their_names(string path, string preset, string severities) => Assert.AreEqual(
        severities,
        Disabled().Remove("/etc/machine-id").Add("/usr/lib/systemd/system-preset/90-azure.preset", "enable walinuxagent.service\n").Add(path, preset).Severities<AgentIsEnabled>());

    [TestMethod]
    public void A_preset_does_not_enable_a_unit_without_an_install_section() => Assert.AreEqual(
        "Error",
        Disabled().Remove("/etc/machine-id").Add("/usr/lib/systemd/system/walinuxagent.service", "[Service]\nExecStart=/x\n").Severities<AgentIsEnabled>());

    [TestMethod]
    [DataRow("multi-user.target", "Wants=walinuxagent.service", "")]
    [DataRow("multi-user.target", "Requires = a.service walinuxagent.service", "")]
    [DataRow("multi-user.target", "#Wants=walinuxagent.service", "Error")]
    [DataRow("rescue.target", "Wants=walinuxagent.service", "Error")]
    public void A_drop_in_of_a_target_starts_what_it_wants(string target, string setting, string severities) =>
        Assert.AreEqual(severities, Disabled().Add($"/etc/systemd/system/{target}.d/agent.conf", $"[Unit]\n{setting}\n").Severities<AgentIsEnabled>());

    [TestMethod]
    [DataRow("/dev/null")]
    [DataRow("../../../dev/null")]
    public void A_relative_mask_is_a_mask(string target) =>
        Assert.AreEqual("Error", LinuxTrees.Debian().Link("/etc/systemd/system/walinuxagent.service", target).Severities<AgentIsEnabled>());

    [TestMethod]
    public void A_socket_that_only_its_own_service_pulls_in_does_not_start() => Assert.AreEqual(
        "Warning",
        LinuxTrees.Debian().Remove("/etc/systemd/system").Add("/usr/lib/systemd/system/ssh.socket", "[Socket]\nListenStream=22\n")
            .Link("/etc/systemd/system/ssh.service.requires/ssh.socket", "/usr/lib/systemd/system/ssh.socket").Severities<SshServerIsEnabled>());

    [TestMethod]
    [DataRow("", "")]
    [DataRow("manual\n", "Error")]
    public void An_override_keeps_an_Upstart_job_from_starting(string text, string severities) => Assert.AreEqual(
        severities,
        LinuxTrees.Debian().Remove("/usr/lib/systemd").Remove("/etc/systemd").Add("/etc/init/walinuxagent.conf", "start on runlevel [2345]\n").Add("/etc/init/walinuxagent.override", text).Severities<AgentIsEnabled>());

    [TestMethod]
    [DataRow("[Swap]\nWhat=/a\n", "/a")]
    [DataRow("[Swap]\n What = /a b \n", "/a b")]
    [DataRow("[Swap]\nWhat=/a\nWhat=/b\n", "/b")]
    [DataRow("[Swap]\nWhat=/a\n[Unit]\nWhat=/b\n", "/a")]
    [DataRow("[Swap]\nWhat=/a\\\n; between\n  /b\n", "/a /b")]
    [DataRow("[Swap]\n#What=/a\n;What=/a\n", null)]
    [DataRow("[Swap]\nWhat=/a\nWhat=\n", null)]
    public void Reads_settings_as_systemd_does(string text, string? value) => Assert.AreEqual(value, UnitFile.ValueOf(text, "Swap", "What"));

    private static MemoryTree Disabled() =>
        LinuxTrees.Debian().Remove("/etc/systemd/system/multi-user.target.wants/walinuxagent.service").Add("/usr/lib/systemd/system/walinuxagent.service", Unit);
}
