using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux.Software;

[TestClass]
public sealed class SecurityPatchTests
{
    [TestMethod]
    [DataRow("debian", "12", "6.1.0-56-cloud-amd64", "Info")]
    [DataRow("azurelinux", "3.0", "6.6.47.1-1.azl3", "Info")]
    [DataRow("flatcar", "4081.2.0", "6.6.60-flatcar", "Info")]
    [DataRow("rhel", "9.4", "5.14.0-427.el9.x86_64", "Info")]
    [DataRow("rhel", "8.10", "4.18.0-553.el8_10.x86_64", "Info")]
    [DataRow("rhel", "8.1", "4.18.0-147.el8.x86_64", "Info")]
    [DataRow("rhel", "8.0", "4.18.0-80.4.2.el8_0.x86_64", "Info")]
    [DataRow("rhel", "8.0", "4.18.0-80.el8.x86_64", "Error")]
    [DataRow("rhel", "8.0", "4.18.0-80.4.1.el8_0.x86_64", "Error")]
    [DataRow("rhel", "7.6", "3.10.0-957.21.3.el7.x86_64", "Info")]
    [DataRow("rhel", "7.6", "3.10.0-957.21.2.el7.x86_64", "Error")]
    [DataRow("centos", "7", "3.10.0-1160.119.1.el7.x86_64", "Info")]
    [DataRow("centos", "7", "3.10.0-1062.el7.x86_64", "Error")]
    [DataRow("centos", "7", "3.10.0-327.79.2.el7.x86_64", "Info")]
    [DataRow("rhel", "6.10", "2.6.32-754.15.3.el6.x86_64", "Info")]
    [DataRow("rhel", "6.10", "2.6.32-754.el6.x86_64", "Error")]
    [DataRow("ol", "8.10", "5.15.0-206.153.7.1.el8uek.x86_64", "Info")]
    [DataRow("ol", "7.9", "4.14.35-1902.2.0.el7uek.x86_64", "Info")]
    [DataRow("ol", "7.6", "4.14.35-1844.5.3.el7uek.x86_64", "Error")]
    [DataRow("ol", "7.9", "4.1.12-124.28.2.el7uek.x86_64", "Error")]
    [DataRow("sles", "12.4", "4.12.14-6.15-azure", "Info")]
    [DataRow("sles", "12.4", "4.12.14-6.12-azure", "Error")]
    [DataRow("sles", "12.4", "4.12.14-95.16-default", "Error")]
    [DataRow("sles", "15.6", "6.4.0-150600.23.25-default", "Info")]
    [DataRow("ubuntu", "18.04", "4.18.0-1022-azure", "Error")]
    [DataRow("ubuntu", "18.04", "5.0.0-1025-azure", "Info")]
    [DataRow("ubuntu", "18.04", "5.4.0-1109-azure", "Info")]
    public void Compares_the_kernel_with_the_table(string id, string version, string release, string severities) =>
        Assert.AreEqual(severities, System(id, version, release).Severities<SecurityPatches>());

    [TestMethod]
    [DataRow("ubuntu", "18.04", "4.15.0-20-generic", DisplayName = "a flavour the table does not name")]
    [DataRow("sles", "15", "4.12.14-150.17-default")]
    [DataRow("unknown", "1", "4.19.0")]
    [DataRow("debian", "10", "4.19.0-5-amd64", DisplayName = "a kernel without package")]
    public void Does_not_pass_what_the_table_does_not_name(string id, string version, string release)
    {
        CheckResult result = System(id, version, release).Check<SecurityPatches>();

        Assert.AreEqual(Outcome.NotChecked, result.Outcome);
        Assert.Contains("not looked at", result.Reason);
    }

    [TestMethod]
    [DataRow("4.19.37-5", "Info")]
    [DataRow("4.19.37-3", "Error")]
    [DataRow("4.19.316-1", "Info")]
    public void Compares_the_package_on_Debian(string version, string severities) => Assert.AreEqual(
        severities,
        System("debian", "10", "4.19.0-5-amd64").Add("/var/lib/dpkg/status", $"Package: linux-image-4.19.0-5-amd64\nStatus: install ok installed\nVersion: {version}\n").Severities<SecurityPatches>());

    [TestMethod]
    public void A_pass_says_what_was_not_looked_at()
    {
        Observation observation = System("debian", "12", "6.1.0-56-cloud-amd64").Check<SecurityPatches>().Observations.Single();

        Assert.Contains("was not looked at", observation.Found);
        Assert.IsTrue(new SecurityPatches().Stages.HasFlag(CheckStages.Live));
    }

    [TestMethod]
    public void The_kernel_that_starts_counts()
    {
        MemoryTree tree = LinuxTrees.RedHat().Add("/usr/lib/os-release", "ID=rhel\nVERSION_ID=8.10\n")
            .Add("/boot/loader/entries/f00-4.18.0-553.el8.x86_64.conf", "title RHEL (4.18.0-553.el8.x86_64) 8.10\nlinux /vmlinuz-4.18.0-553.el8.x86_64\noptions root=/dev/sda2 ro\n")
            .Add("/boot/loader/entries/f00-4.18.0-80.el8.x86_64.conf", "title RHEL (4.18.0-80.el8.x86_64) 8.0\nlinux /vmlinuz-4.18.0-80.el8.x86_64\noptions root=/dev/sda2 ro\n");

        Assert.AreEqual("Info", tree.Severities<SecurityPatches>());

        // The administrator chose the old one.
        tree.Add("/boot/grub2/grubenv", "# GRUB Environment Block\nsaved_entry=f00-4.18.0-80.el8.x86_64\n#######");
        Assert.AreEqual("Error", tree.Severities<SecurityPatches>());
    }

    [TestMethod]
    [DataRow("half-configured", "Warning Info")]
    [DataRow("unpacked", "Warning Info")]
    [DataRow("half-installed", "Warning Info")]
    [DataRow("triggers-pending", "Info")]
    [DataRow("config-files", "Info")]
    public void An_update_that_was_broken_off_is_a_warning(string state, string severities) => Assert.AreEqual(
        severities,
        System("debian", "12", "6.1.0-56-cloud-amd64").Add("/var/lib/dpkg/status", $"Package: bash\nStatus: install ok {state}\nVersion: 5.2-1\n").Severities<SecurityPatches>());

    [TestMethod]
    public void Is_inconclusive_without_a_kernel_or_when_it_cannot_be_read()
    {
        Assert.ThrowsExactly<CannotCheckException>(() => new MemoryTree().Add("/usr/lib/os-release", "ID=debian\n").Check<SecurityPatches>());
        Assert.ThrowsExactly<DiskFormatException>(() => System("debian", "12", "6.1.0-56-cloud-amd64").Unreadable("/usr/lib/modules").Check<SecurityPatches>());
    }

    private static MemoryTree System(string id, string version, string release) => new MemoryTree()
        .Add("/usr/lib/os-release", $"ID={id}\nVERSION_ID=\"{version}\"\n").Add($"/usr/lib/modules/{release}/modules.dep", "");
}
