using Marketplace.DiskImages;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Systems.Boot;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux;

[TestClass]
public sealed class SyslinuxTests
{
    private const string Labels = "LABEL old\n  KERNEL /v0\n  APPEND ro quiet\nLABEL new\n  MENU LABEL The new one\n  LINUX /v1\n  INITRD /i1\n  APPEND ro console=ttyS0\n";

    [TestMethod]
    [DataRow("DEFAULT new\n" + Labels, "ro console=ttyS0", 9)]
    [DataRow("default old\n" + Labels, "ro quiet", 4)]
    [DataRow(Labels, "ro quiet", 3)]
    [DataRow("DEFAULT menu.c32\n" + Labels + "  menu default\n", "ro console=ttyS0", 9)]
    [DataRow("DEFAULT old\nONTIMEOUT new\n" + Labels, "ro console=ttyS0", 10)]
    [DataRow("APPEND ro common\nLABEL a\nLINUX /v\n", "ro common", 1)]
    [DataRow("APPEND ro common\nLABEL a\nLINUX /v\nAPPEND -\n", "", 4)]
    [DataRow("# APPEND x\nLABEL a\nLINUX /v\n", "", 2)]
    public void Reads_the_label_that_starts(string text, string commandLine, int line)
    {
        BootMenu menu = BootMenuReader.Read(new MemoryTree().Add("/boot/extlinux/extlinux.conf", text));

        Assert.AreEqual(commandLine, menu.Default.CommandLine);
        Assert.AreEqual(line, menu.Default.Line);
    }

    [TestMethod]
    public void Reads_included_files()
    {
        MemoryTree tree = new MemoryTree()
            .Add("/boot/efi/EFI/BOOT/syslinux.cfg", "DEFAULT new\nINCLUDE labels.cfg\n")
            .Add("/boot/efi/EFI/BOOT/labels.cfg", Labels);

        BootMenu menu = BootMenuReader.Read(tree);

        Assert.AreEqual("The new one", menu.Default.Title);
        Assert.AreEqual("/boot/efi/EFI/BOOT/labels.cfg", menu.Default.Path);
        Assert.HasCount(1, menu.Others);
    }

    [TestMethod]
    public void A_file_that_includes_itself_is_stopped() => Assert.ThrowsExactly<DiskFormatException>(() =>
        BootMenuReader.Read(new MemoryTree().Add("/boot/extlinux/extlinux.conf", "INCLUDE extlinux.conf\nINCLUDE extlinux.conf\n")));

    [TestMethod]
    public void A_unified_kernel_that_the_firmware_starts_is_the_entry() => Assert.AreEqual(
        "",
        new MemoryTree().Add("/boot/efi/EFI/BOOT/BOOTX64.EFI", KernelLineTests.UnifiedKernel("console=ttyS0")).Severities<KernelConsole>());

    [TestMethod]
    [DataRow("earlyprintk=serial", "")]
    [DataRow("earlyprintk=serial,ttyS1", "Warning")]
    [DataRow("earlyprintk=vga", "Warning")]
    public void The_first_port_is_the_default_of_earlyprintk(string argument, string severities) => Assert.AreEqual(
        severities,
        new MemoryTree().Add("/boot/extlinux/extlinux.conf", $"LABEL a\nLINUX /v\nAPPEND {argument}\n").Severities<KernelEarlyPrintk>());
}
