using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Systems.Kernels;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux;

/// <summary>MKT2005, MKT2016 and MKT2036: version, parameters and options of the kernel that starts.</summary>
[TestClass]
public sealed class KernelFactTests
{
    [TestMethod]
    [DataRow("3.17.0-1-amd64", "")]
    [DataRow("6.1.0-18-cloud-amd64", "")]
    [DataRow("5.15.0-1053-azure", "")]
    [DataRow("3.16.0-4-amd64", "Warning")]
    [DataRow("3.13.0-24-generic", "Warning")]
    [DataRow("3.10.0-1160.el7.x86_64", "Info")]
    [DataRow("2.6.32-754.el6.x86_64", "Info")]
    [DataRow("4.18.0-553.el8_10.x86_64", "")]
    public void Old_kernels_may_lack_the_fix(string release, string severities) => Assert.AreEqual(severities, WithKernel(release).Severities<StorageDriverReset>());

    [TestMethod]
    public void A_release_without_a_version_is_inconclusive()
    {
        MemoryTree tree = new MemoryTree().Add("/boot/grub/grub.cfg", "menuentry 'x' {\nlinux /vmlinuz ro\n}\n");

        Assert.ThrowsExactly<CannotCheckException>(() => tree.Check<StorageDriverReset>());
        Assert.AreEqual("", tree.Add("/lib/modules/6.6.1/modules.dep", "").Severities<StorageDriverReset>());
    }

    [TestMethod]
    [DataRow("libata.atapi_enabled=0", "Warning")]
    [DataRow("libata.atapi-enabled=0", "Warning")]
    [DataRow("libata.atapi_enabled=1 libata.atapi_enabled=0", "Warning")]
    [DataRow("libata.atapi_enabled=0 libata.atapi_enabled=1", "")]
    [DataRow("libata.atapi_enabled=1", "")]
    [DataRow("reserve=0x1f0,0x8", "Warning")]
    [DataRow("reserve=0x100,0x10,0x1F0,0x8", "Warning")]
    [DataRow("reserve=0x2f0,0x8", "")]
    [DataRow("noreserve=0x1f0,0x8", "")]
    [DataRow("-- libata.atapi_enabled=0", "")]
    [DataRow("quiet", "Info")]
    [DataRow("rhgb quiet crashkernel=auto", "Info Info Info")]
    [DataRow("crashkernel=1G-4G:192M", "")]
    [DataRow("quiet reserve=0x1f0,0x8", "Warning Info")]
    public void Parameters_that_do_harm_are_found(string arguments, string severities) => Assert.AreEqual(severities, WithKernel("6.1.0-18-amd64", arguments).Severities<KernelParametersToAvoid>());

    [TestMethod]
    [DataRow("2.6.32-431.el6.x86_64", "ro", "Warning")]
    [DataRow("2.6.32-431.el6.x86_64", "ro numa=off", "")]
    [DataRow("2.6.32-504.el6.x86_64", "ro", "")]
    [DataRow("2.6.36", "ro", "Warning")]
    [DataRow("3.10.0-1160.el7.x86_64", "ro", "")]
    public void Old_kernels_need_numa_off(string release, string arguments, string severities) => Assert.AreEqual(severities, WithKernel(release, arguments).Severities<KernelParametersToAvoid>());

    [TestMethod]
    public void Repairs_quote_what_is_on_the_disk()
    {
        Observation one = WithKernel("6.1.0", "\"reserve=0x1f0,0x8,$(touch,/x)'\"").Check<KernelParametersToAvoid>().Observations.Single();

        Assert.AreEqual(@"kernel_remove 'reserve=0x1f0,0x8,$(touch,/x)'\'''", one.Repair!.Commands);
        Assert.AreEqual("kernel_add 'console=ttyS0'", WithKernel("6.1.0").Check<KernelConsole>().Observations.Single().Repair!.Commands);
    }

    [TestMethod]
    public void Entries_that_do_not_start_may_have_any_parameter()
    {
        MemoryTree tree = new MemoryTree().Add("/boot/grub/grub.cfg", "menuentry 'a' {\nlinux /vmlinuz-6.1.0 ro\n}\nmenuentry 'b' {\nlinux /vmlinuz-6.1.0 libata.atapi_enabled=0\n}\n");

        Assert.AreEqual("", tree.Severities<KernelParametersToAvoid>());
        Assert.ThrowsExactly<CannotCheckException>(() => new MemoryTree().Check<KernelParametersToAvoid>());
    }

    [TestMethod]
    [DataRow("CONFIG_WATCHDOG=y\nCONFIG_CIFS=m\n", "")]
    [DataRow("CONFIG_WATCHDOG=y\nCONFIG_CIFS=y\n", "")]
    [DataRow("# CONFIG_WATCHDOG is not set\nCONFIG_CIFS=m\n", "Warning")]
    [DataRow("CONFIG_WATCHDOG=y\nCONFIG_CIFS_XATTR=y\n", "Warning")]
    [DataRow("CONFIG_WATCHDOG_CORE=y\n#CONFIG_CIFS=m\n", "Warning Warning")]
    public void Options_are_those_of_the_configuration(string config, string severities) =>
        Assert.AreEqual(severities, KernelTrees.Debian().Add("/boot/config-" + KernelTrees.Release, config).Severities<KernelOptions>());

    [TestMethod]
    [DataRow("/usr/lib/modules/6.1.0-18-cloud-amd64/config")]
    [DataRow("/usr/lib/kernel/config-6.1.0-18-cloud-amd64")]
    [DataRow("/boot/config-amd64")]
    public void The_configuration_may_be_elsewhere(string path)
    {
        MemoryTree tree = KernelTrees.Debian().Remove("/boot/config-" + KernelTrees.Release).Add(path, "CONFIG_WATCHDOG=y\n");

        Assert.AreEqual("Warning", tree.Severities<KernelOptions>());
    }

    [TestMethod]
    public void Without_the_configuration_drivers_prove_the_options()
    {
        MemoryTree tree = KernelTrees.Debian().Remove("/boot/config-" + KernelTrees.Release);

        Assert.AreEqual("", tree.Severities<KernelOptions>());
        tree.Add(KernelTrees.Modules + "/modules.dep", "kernel/fs/smb/client/cifs.ko:\n");
        Assert.ThrowsExactly<CannotCheckException>(() => tree.Check<KernelOptions>());
    }

    [TestMethod]
    [DataRow("2.6.32-504.1.3.el6.x86_64", "2.6.32", 504, true)]
    [DataRow("6.6.51.1-5.azl3", "6.6.51", 5, false)]
    [DataRow("5.14.21-150500.55.83-default", "5.14.21", 150500, false)]
    [DataRow("6.18-rc1", "6.18.0", 0, false)]
    public void Releases_are_taken_apart(string release, string upstream, int build, bool isRedHat) =>
        Assert.AreEqual(new KernelVersion(Version.Parse(upstream), build, isRedHat), KernelVersion.Parse(release));

    private static MemoryTree WithKernel(string release, string arguments = "ro") =>
        new MemoryTree().Add("/boot/grub/grub.cfg", "menuentry 'x' {\nlinux /vmlinuz-" + release + " " + arguments.Replace("$", "\\$", StringComparison.Ordinal) + "\n}\n");
}
