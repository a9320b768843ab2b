using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux;

/// <summary>MKT2004: the drivers of Hyper-V in the kernel that starts, and in its initial RAM disk.</summary>
[TestClass]
public sealed class HyperVDriverTests
{
    private const string Initrd = "/boot/initrd.img-" + KernelTrees.Release;
    private const string InTree = "usr/lib/modules/" + KernelTrees.Release;

    [TestMethod]
    [DataRow("")]
    [DataRow(".gz")]
    [DataRow(".xz")]
    [DataRow(".zst")]
    public void Modules_that_the_initial_RAM_disk_has_are_fine(string suffix) => Passes(KernelTrees.Debian(suffix));

    [TestMethod]
    public void Built_in_drivers_need_no_initial_RAM_disk()
    {
        Passes(KernelTrees.BuiltIn());
        Passes(KernelTrees.BuiltIn().Remove(KernelTrees.Modules));
        Passes(KernelTrees.BuiltIn().Remove("/boot/config-" + KernelTrees.Release));
        Passes(KernelTrees.BuiltIn().Add("/etc/modprobe.d/cis.conf", "install udf /bin/true\nblacklist vfat\n"));
        Passes(KernelTrees.BuiltIn().Add("/boot/config-" + KernelTrees.Release, "CONFIG_HYPERV=y\nCONFIG_HYPERV_VMBUS=y\n"));
    }

    [TestMethod]
    [DataRow("hv_vmbus", "kernel/drivers/hv/hv_vmbus.ko")]
    [DataRow("hv_storvsc", "kernel/drivers/scsi/hv_storvsc.ko")]
    [DataRow("hv_netvsc", "kernel/drivers/net/hyperv/hv_netvsc.ko")]
    [DataRow("hv_utils", "kernel/drivers/hv/hv_utils.ko")]
    [DataRow("udf", "kernel/fs/udf/udf.ko")]
    [DataRow("vfat", "kernel/fs/fat/vfat.ko")]
    public void A_driver_whose_file_was_removed_is_missing(string driver, string file) =>
        Fails(KernelTrees.Debian().Remove($"{KernelTrees.Modules}/{file}"), $"no driver {driver},");

    [TestMethod]
    public void A_driver_that_depmod_does_not_know_is_missing() =>
        Fails(KernelTrees.Debian().Add(KernelTrees.Modules + "/modules.dep", "kernel/drivers/hv/hv_vmbus.ko:\nkernel/drivers/hv/hv_utils.ko:\nkernel/drivers/scsi/hv_storvsc.ko:\nkernel/fs/udf/udf.ko:\nkernel/fs/fat/vfat.ko:\nkernel/net/not_hv_netvsc.ko:\n"), "no driver hv_netvsc,");

    [TestMethod]
    public void The_kernel_that_starts_is_judged_not_another()
    {
        // The entry of the second kernel starts: it has no modules at all.
        MemoryTree tree = KernelTrees.Debian().Add("/boot/grub/grubenv", "# GRUB Environment Block\nnext_entry=1>0\n####");

        CannotCheckException e = Assert.ThrowsExactly<CannotCheckException>(() => tree.Check<HyperVDrivers>());

        Assert.Contains("6.1.0-18", e.Message);
        Passes(KernelTrees.Debian().Add("/usr/lib/modules/5.10.0-9-amd64/modules.dep", "").Add("/usr/lib/modules/5.10.0-9-amd64/modules.builtin", ""));
    }

    [TestMethod]
    public void The_release_is_that_of_the_image_not_of_its_name()
    {
        MemoryTree tree = KernelTrees.Debian()
            .Add("/boot/vmlinuz", KernelTrees.Image(KernelTrees.Release + " (x) #1"))
            .Add("/boot/grub/grub.cfg", LinuxTrees.DebianGrub.Replace("/boot/vmlinuz-6.1.0-18-cloud-amd64", "/boot/vmlinuz", StringComparison.Ordinal));

        Assert.AreEqual(KernelTrees.Release, new LinuxSystem(tree).Kernel.Release);
        Passes(tree);
    }

    [TestMethod]
    public void Modules_missing_from_the_initial_RAM_disk_are_an_error()
    {
        MemoryTree tree = KernelTrees.Debian().Add(Initrd, KernelTrees.Archive("init", InTree + "/kernel/drivers/hv/hv_vmbus.ko", "usr/share/doc/hv_storvsc.ko", InTree + "/kernel/hv_storvsc.ko.txt"));

        Observation one = Fails(tree, "does not have hv_storvsc,");

        Assert.AreEqual(Initrd, one.PathInDisk);
        Assert.AreEqual(RepairStage.BootMenu, one.Repair!.Stage);
        Assert.Contains("update-initramfs -u -k all", one.Repair.Commands);
        Assert.Contains("hv_vmbus hv_storvsc", one.Repair.Commands);
        Assert.Contains("dracut -f --regenerate-all", Fails(tree.Add("/usr/bin/dracut", ""), "hv_storvsc").Repair!.Commands);
    }

    [TestMethod]
    public void An_initial_RAM_disk_of_another_kernel_does_not_count() =>
        Fails(KernelTrees.Debian().Add(Initrd, KernelTrees.Archive("lib/modules/5.10.0-9-amd64/hv_vmbus.ko", "lib/modules/5.10.0-9-amd64/hv_storvsc.ko.xz")), "for 5.10.0-9-amd64, not for the kernel");

    [TestMethod]
    public void The_modules_may_be_in_any_of_the_initial_RAM_disks()
    {
        MemoryTree tree = KernelTrees.Debian()
            .Add("/boot/early.cpio", KernelTrees.Archive("kernel/x86/microcode/GenuineIntel.bin"))
            .Add("/boot/grub/grub.cfg", LinuxTrees.DebianGrub.Replace("initrd\t/boot/initrd", "initrd\t/boot/early.cpio /boot/initrd", StringComparison.Ordinal));

        Passes(tree);
        Fails(tree.Remove("/boot/early.cpio"), "/boot/early.cpio of the default boot entry");
    }

    [TestMethod]
    public void An_entry_without_its_initial_RAM_disk_does_not_start()
    {
        Fails(KernelTrees.Debian().Remove(Initrd), "is not on the disk");
        Fails(KernelTrees.Debian().Add("/boot/grub/grub.cfg", LinuxTrees.DebianGrub.Replace("\tinitrd\t", "\techo\t", StringComparison.Ordinal)), "has no initial RAM disk");
    }

    [TestMethod]
    public void A_kernel_that_is_not_on_the_disk_is_noted()
    {
        MemoryTree tree = KernelTrees.Debian().Remove(Initrd).Remove("/boot/vmlinuz-" + KernelTrees.Release).Remove(KernelTrees.Modules + "/kernel/fs");

        CheckResult result = tree.Check<HyperVDrivers>();

        Assert.AreEqual(Outcome.NotApplicable, result.Outcome);
        Assert.AreEqual("Info", tree.Severities<HyperVDrivers>());
        Fails(tree.Remove(KernelTrees.Modules + "/kernel/drivers/net"), "no driver hv_netvsc,");
    }

    [TestMethod]
    [DataRow("install udf /bin/true", true)]
    [DataRow("install udf /bin/false", true)]
    [DataRow("  install\tudf   /usr/bin/true", true)]
    [DataRow("blacklist udf", true)]
    [DataRow("alias fs-udf off", true)]
    [DataRow("blacklist hv-netvsc", true)]
    [DataRow("install hv_* /bin/false", true)]
    [DataRow("install \\\n udf /bin/true", true)]
    [DataRow("# install udf /bin/true", false)]
    [DataRow("#blacklist udf", false)]
    [DataRow("install udf_x /bin/true", false)]
    [DataRow("install udf /sbin/modprobe --ignore-install udf", false)]
    [DataRow("install udf /sbin/modprobe -i udf\ninstall udf /bin/true", false)]
    [DataRow("alias fs-udf udf", false)]
    [DataRow("options udf x=1", false)]
    [DataRow("remove udf /bin/true", false)]
    [DataRow("blacklist cramfs\ninstall squashfs /bin/true", false)]
    public void Blocked_modules_are_an_error(string text, bool isBlocked)
    {
        MemoryTree tree = KernelTrees.Debian().Add("/etc/modprobe.d/hardening.conf", text + "\n");
        if (!isBlocked)
        {
            Passes(tree);
            return;
        }

        CheckResult result = tree.Check<HyperVDrivers>();
        Assert.IsNotEmpty(result.Observations);
        Assert.AreEqual("/etc/modprobe.d/hardening.conf", result.Observations[0].PathInDisk);
        Assert.AreEqual(1, result.Observations[0].Line);
        Assert.AreEqual(text.Contains('\n', StringComparison.Ordinal) ? null : $"comment_out '/etc/modprobe.d/hardening.conf' '{text.Trim()}'", result.Observations[0].Repair?.Commands);
    }

    [TestMethod]
    public void A_file_of_etc_hides_one_of_usr_lib()
    {
        MemoryTree tree = KernelTrees.Debian().Add("/usr/lib/modprobe.d/a.conf", "install udf /bin/true\n");

        Fails(tree, "udf is kept");
        Passes(tree.Add("/etc/modprobe.d/a.conf", ""));
        Fails(tree.Add("/etc/modprobe.d/a.conf", "").Add("/etc/modprobe.d/b.conf", "blacklist vfat"), "vfat is kept");
        Passes(tree.Add("/etc/modprobe.d/b.conf", "").Add("/etc/modprobe.d/c.conf.bak", "blacklist vfat"));
    }

    [TestMethod]
    [DataRow("module_blacklist=udf")]
    [DataRow("modprobe.blacklist=floppy,hv-storvsc")]
    public void The_kernel_line_blocks_modules_too(string argument)
    {
        MemoryTree tree = KernelTrees.Debian().Add("/boot/grub/grub.cfg", LinuxTrees.DebianGrub.Replace("rootdelay=300", "rootdelay=300 " + argument, StringComparison.Ordinal));

        Assert.AreEqual($"kernel_remove '{argument}'", Fails(tree, "on the kernel line").Repair!.Commands);
    }

    [TestMethod]
    public void What_cannot_be_told_is_inconclusive()
    {
        Inconclusive(KernelTrees.Debian().Add(Initrd, [(byte)'B', (byte)'Z', (byte)'h', (byte)'9']), "bzip2");
        Inconclusive(KernelTrees.Debian().Unreadable(Initrd), "not read");
        Inconclusive(KernelTrees.Debian().Add(Initrd, KernelTrees.Archive("init", "squash-root.img")), "squash-root.img");
        Inconclusive(KernelTrees.Debian().Add("/boot/config-" + KernelTrees.Release, KernelTrees.Config.Replace("SOURCE=\"\"", "SOURCE=\"/x.cpio\"", StringComparison.Ordinal)), "built in");
        Inconclusive(KernelTrees.Debian().Remove(KernelTrees.Modules).Remove("/boot/config-" + KernelTrees.Release), "neither the modules");
        Inconclusive(KernelTrees.Debian().Remove(KernelTrees.Modules + "/modules.dep"), "modules.dep");
        Inconclusive(KernelTrees.Debian().Add("/etc/modprobe.d/x.conf", "install udf /usr/local/bin/udf-helper"), "a command of its own");
        Inconclusive(KernelTrees.Debian().Unreadable("/etc/modprobe.d"), "not read");

        // A fault that was found weighs all the same.
        Fails(KernelTrees.Debian().Unreadable(Initrd).Remove(KernelTrees.Modules + "/kernel/fs/udf/udf.ko"), "no driver udf,");
    }

    [TestMethod]
    public void Without_a_boot_menu_the_only_kernel_is_judged()
    {
        MemoryTree modules = KernelTrees.Debian().Remove("/boot/grub");
        Inconclusive(modules, "no boot entry tells");
        Passes(KernelTrees.BuiltIn().Remove("/boot/grub").Remove("/boot/config-" + KernelTrees.Release));
        Inconclusive(KernelTrees.BuiltIn().Remove("/boot/grub").Add("/usr/lib/modules/5.10.0/modules.dep", ""), "no boot entry");
    }

    [TestMethod]
    public void A_unified_kernel_image_has_its_release_and_initial_RAM_disk_inside()
    {
        byte[] good = UnifiedImage(KernelTrees.Archive(InTree + "/hv_vmbus.ko.zst", InTree + "/hv_storvsc.ko.zst"));
        MemoryTree tree = KernelTrees.Debian().Remove("/boot/grub").Remove("/boot/vmlinuz-" + KernelTrees.Release).Remove(Initrd);

        Passes(tree.Add("/boot/efi/EFI/Linux/debian.efi", good));
        Fails(tree.Add("/boot/efi/EFI/Linux/debian.efi", UnifiedImage(KernelTrees.Archive("init"))), "does not have hv_vmbus and hv_storvsc");
    }

    [TestMethod]
    public void Loader_entries_name_files_of_the_boot_partition()
    {
        MemoryTree tree = KernelTrees.Debian().Remove("/boot/grub")
            .Add("/boot/loader/entries/a.conf", $"title A\nlinux /vmlinuz-{KernelTrees.Release}\ninitrd /initrd.img-{KernelTrees.Release} $tuned_initrd\noptions console=ttyS0\n");

        Passes(tree);
        Fails(tree.Remove(Initrd), "is not on the disk");
    }

    internal static byte[] UnifiedImage(byte[] initrd)
    {
        byte[] image = new byte[0x600 + initrd.Length];
        image[0] = (byte)'M';
        image[1] = (byte)'Z';
        image[0x3C] = 0x40;
        "PE\0\0"u8.CopyTo(image.AsSpan(0x40));
        image[0x46] = 3;
        Section(0, ".cmdline", 0x400, "console=ttyS0"u8);
        Section(1, ".uname", 0x500, System.Text.Encoding.ASCII.GetBytes(KernelTrees.Release));
        Section(2, ".initrd", 0x600, initrd);
        return image;

        void Section(int index, string name, int offset, ReadOnlySpan<byte> data)
        {
            Span<byte> header = image.AsSpan(0x40 + 24 + (40 * index));
            System.Text.Encoding.ASCII.GetBytes(name).CopyTo(header);
            BitConverter.TryWriteBytes(header[8..], data.Length);
            BitConverter.TryWriteBytes(header[16..], data.Length);
            BitConverter.TryWriteBytes(header[20..], offset);
            data.CopyTo(image.AsSpan(offset));
        }
    }

    private static void Passes(MemoryTree tree) =>
        Assert.AreEqual("", string.Join("; ", tree.Check<HyperVDrivers>().Observations.Select(one => one.Found)));

    private static Observation Fails(MemoryTree tree, string words)
    {
        CheckResult result = tree.Check<HyperVDrivers>();
        Observation one = result.Observations.Single();
        Assert.Contains(words, one.Found);
        Assert.AreEqual("Error", tree.Severities<HyperVDrivers>());
        return one;
    }

    private static void Inconclusive(MemoryTree tree, string words)
    {
        try
        {
            Assert.Fail($"It came to {tree.Check<HyperVDrivers>().Outcome}.");
        }
        catch (Exception e) when (e is CannotCheckException or DiskFormatException)
        {
            Assert.Contains(words, e.Message);
        }
    }
}
