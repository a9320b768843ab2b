using System.Text;
using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Systems.Boot;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux;

[TestClass]
public sealed class KernelLineTests
{
    private const string Good = "console=ttyS0 earlyprintk=ttyS0 rootdelay=300";

    [TestMethod]
    public void Reads_the_default_entry_of_Debian()
    {
        BootMenu menu = BootMenuReader.Read(LinuxTrees.Debian());

        Assert.AreEqual("Debian GNU/Linux", menu.Default.Title);
        Assert.AreEqual("root=UUID=1 ro console=tty0 console=ttyS0,115200 earlyprintk=ttyS0,115200 rootdelay=300", menu.Default.CommandLine);
        Assert.AreEqual(34, menu.Default.Line);
        Assert.HasCount(2, menu.Others);
        Assert.AreEqual("", LinuxTrees.Debian().Severities<KernelConsole>());
        Assert.AreEqual("", LinuxTrees.Debian().Severities<KernelEarlyPrintk>());
        Assert.AreEqual("", LinuxTrees.Debian().Severities<KernelRootDelay>());
    }

    [TestMethod]
    [DataRow("1>1", "recovery")]
    [DataRow("gnulinux-advanced-1>gnulinux-6.1.0-18-recovery-1", "recovery")]
    [DataRow("Advanced options for Debian GNU/Linux>0", "with Linux 6.1.0-18")]
    [DataRow("gnulinux-advanced-1", "with Linux 6.1.0-18")]
    [DataRow("7", "Debian GNU/Linux")]
    [DataRow("no such entry", "Debian GNU/Linux")]
    public void Follows_the_default_into_submenus(string wanted, string title)
    {
        MemoryTree tree = LinuxTrees.Debian().Add("/boot/grub/grub.cfg", LinuxTrees.DebianGrub.Replace("set default=\"0\"", $"set default=\"{wanted}\"", StringComparison.Ordinal));

        Assert.Contains(title, BootMenuReader.Read(tree).Default.Title);
    }

    [TestMethod]
    public void Follows_the_entry_chosen_for_the_next_boot()
    {
        MemoryTree tree = LinuxTrees.Debian().Add("/boot/grub/grubenv", "# GRUB Environment Block\nnext_entry=1>1\n####");

        Assert.Contains("recovery", BootMenuReader.Read(tree).Default.Title);
        CheckResult result = tree.Check<KernelConsole>();
        Assert.Contains("the entry \"Debian GNU/Linux\" has it", result.Observations[0].Found);
    }

    [TestMethod]
    public void Reads_the_newest_loader_entry_of_Red_Hat()
    {
        BootMenu menu = BootMenuReader.Read(LinuxTrees.RedHat());

        Assert.AreEqual("/boot/loader/entries/f00-4.18.0-553.el8.x86_64.conf", menu.Default.Path);
        Assert.AreEqual("root=/dev/mapper/rootvg-rootlv ro console=tty1 console=ttyS0 earlyprintk=ttyS0 rootdelay=300", menu.Default.CommandLine);
        Assert.AreEqual(4, menu.Default.Line);
    }

    [TestMethod]
    public void Follows_saved_entry_to_an_older_loader_entry()
    {
        MemoryTree tree = LinuxTrees.RedHat().Add("/boot/grub2/grubenv", "# GRUB Environment Block\nsaved_entry=f00-4.18.0-80.el8.x86_64\n");

        Assert.AreEqual("root=/dev/sda2 ro old", BootMenuReader.Read(tree).Default.CommandLine);
        Assert.AreEqual("Error", tree.Severities<KernelConsole>());
    }

    [TestMethod]
    public void Uses_the_options_of_the_configuration_when_grubenv_has_none()
    {
        MemoryTree tree = LinuxTrees.RedHat().Remove("/boot/grub2/grubenv");

        Assert.AreEqual("root=/dev/mapper/rootvg-rootlv ro console=ttyS0", BootMenuReader.Read(tree).Default.CommandLine);
    }

    [TestMethod]
    public void Reads_loader_entries_without_GRUB()
    {
        MemoryTree tree = LinuxTrees.RedHat($"root=1 {Good}").Remove("/boot/grub2");

        Assert.AreEqual($"root=1 {Good}", BootMenuReader.Read(tree).Default.CommandLine);
        tree.Add("/boot/loader/loader.conf", "timeout 3\ndefault f00-4.18.0-80*\n");
        Assert.AreEqual("root=/dev/sda2 ro old", BootMenuReader.Read(tree).Default.CommandLine);
    }

    [TestMethod]
    public void Reads_legacy_GRUB()
    {
        MemoryTree tree = new MemoryTree().Add("/boot/grub/menu.lst", $"default=1\ntitle One\n\tkernel /vmlinuz ro\ntitle Two\n\troot (hd0,0)\n\tkernel /vmlinuz ro {Good}\n");

        Assert.AreEqual("Two", BootMenuReader.Read(tree).Default.Title);
        Assert.AreEqual("", tree.Severities<KernelConsole>());
    }

    [TestMethod]
    public void Takes_the_branch_GRUB_would_take()
    {
        const string text = """
            set default=0
            menuentry 'Ubuntu' {
              if [ "${initrdfail}" = 1 ]; then
                linux /boot/vmlinuz root=1 ro
              else
                linux /boot/vmlinuz root=1 ro "console=ttyS0" $vt_handoff
              fi
            }
            """;

        Assert.AreEqual("root=1 ro console=ttyS0", BootMenuReader.Read(new MemoryTree().Add("/boot/grub/grub.cfg", text)).Default.CommandLine);
    }

    [TestMethod]
    [DataRow("console=ttyS0", "console=ttyS0", true)]
    [DataRow("console=ttyS0", "console=ttyS0,115200n8", true)]
    [DataRow("console=ttyS0", "\"console=ttyS0\"", true)]
    [DataRow("console=ttyS0", "console=ttyS01", false)]
    [DataRow("console=ttyS0", "noconsole=ttyS0", false)]
    [DataRow("console=ttyS0", "quiet -- console=ttyS0", false)]
    [DataRow("console=ttyS0", "console=ttyAMA0", true)]
    [DataRow("earlyprintk=ttyS0", "earlyprintk=ttyS0,115200", true)]
    [DataRow("earlyprintk=ttyS0", "earlyprintk=serial,ttyS0,115200", true)]
    [DataRow("earlyprintk=ttyS0", "earlyprintk=vga", false)]
    [DataRow("rootdelay=300", "rootdelay=300", true)]
    [DataRow("rootdelay=300", "rootdelay=30", false)]
    [DataRow("rootdelay=300", "rootdelay=3000", false)]
    [DataRow("rootdelay=300", "rootdelay=300 rootdelay=1", false)]
    public void Judges_arguments(string parameter, string line, bool good)
    {
        MemoryTree tree = new MemoryTree().Add("/boot/grub/grub.cfg", "menuentry 'x' {\nlinux /vmlinuz " + line + "\n}\n");

        string severities = parameter[0] switch { 'c' => tree.Severities<KernelConsole>(), 'e' => tree.Severities<KernelEarlyPrintk>(), _ => tree.Severities<KernelRootDelay>() };

        Assert.AreEqual(good, severities.Length == 0);
    }

    [TestMethod]
    [DataRow(62, "Error")]
    [DataRow(183, "")]
    public void The_serial_port_of_arm64_is_none_on_x64(int machine, string severities)
    {
        byte[] program = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, (byte)machine, 0];
        MemoryTree tree = new MemoryTree().Add("/boot/grub/grub.cfg", "menuentry 'x' {\nlinux /vmlinuz console=ttyAMA0\n}\n").Add("/bin/sh", program, 0b111_101_101);

        Assert.AreEqual(severities, tree.Severities<KernelConsole>());
    }

    [TestMethod]
    [DataRow("for x in console=ttyS0 quiet; do\n  set args=\"$args $x\"\ndone\nmenuentry 'x' {\nlinux /vmlinuz $args\n}\n", "console=ttyS0 quiet")]
    [DataRow("set list=\"a b\"\nfor x in ${list}; do menuentry \"$x\" {\nlinux /vmlinuz ro\n}; done\n", "ro")]
    [DataRow("for x in; do set args=bad; done\nmenuentry 'x' {\nlinux /vmlinuz $args ro\n}\n", "ro")]
    public void Runs_for_loops(string text, string commandLine) =>
        Assert.AreEqual(commandLine, BootMenuReader.Read(new MemoryTree().Add("/boot/grub/grub.cfg", text)).Default.CommandLine);

    [TestMethod]
    public void Nested_for_loops_are_bounded()
    {
        string words = string.Join(' ', Enumerable.Repeat("a", 1000));
        string text = $"for x in {words}; do for y in {words}; do true; done; done\nmenuentry 'x' {{\nlinux /vmlinuz ro\n}}\n";

        Assert.ThrowsExactly<DiskFormatException>(() => BootMenuReader.Read(new MemoryTree().Add("/boot/grub/grub.cfg", text)));
    }

    [TestMethod]
    public void Is_inconclusive_without_any_entry() =>
        Assert.ThrowsExactly<CannotCheckException>(() => new MemoryTree().Add("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"console=ttyS0\"\n").Check<KernelConsole>());

    [TestMethod]
    public void Is_inconclusive_when_boot_cannot_be_read() =>
        Assert.ThrowsExactly<DiskFormatException>(() => LinuxTrees.Debian().Unreadable("/boot/grub").Check<KernelConsole>());

    [TestMethod]
    public void Reads_a_unified_kernel_image()
    {
        MemoryTree tree = new MemoryTree().Add("/boot/efi/EFI/Linux/linux-6.6.efi", UnifiedKernel(Good + "\0")).Add("/boot/efi/EFI/Linux/linux-6.5.efi", UnifiedKernel("old"));

        Assert.AreEqual(Good, BootMenuReader.Read(tree).Default.CommandLine);
    }

    [TestMethod]
    [DataRow("4.18.0-553", "4.18.0-80", 1)]
    [DataRow("1.0", "1.0", 0)]
    [DataRow("1.0~rc1", "1.0", -1)]
    [DataRow("1.0a", "1.0.1", -1)]
    [DataRow("6.10", "6.9", 1)]
    [DataRow("1.010", "1.10", 0)]
    public void Orders_entries_as_the_versions_of_rpm(string left, string right, int order)
    {
        Assert.AreEqual(order, VersionOrder.CompareEntries(left, right));
        Assert.AreEqual(-order, VersionOrder.CompareEntries(right, left));
    }

    public static byte[] UnifiedKernel(string commandLine)
    {
        byte[] text = Encoding.UTF8.GetBytes(commandLine);
        byte[] file = new byte[1024 + text.Length];
        "MZ"u8.CopyTo(file);
        file[0x3C] = 0x80;
        "PE\0\0"u8.CopyTo(file.AsSpan(0x80));
        file[0x80 + 6] = 2;
        file[0x80 + 20] = 0x70;
        Span<byte> section = file.AsSpan(0x80 + 24 + 0x70 + 40);
        ".cmdline"u8.CopyTo(section);
        BitConverter.TryWriteBytes(section[8..], text.Length);
        BitConverter.TryWriteBytes(section[16..], 4096);
        BitConverter.TryWriteBytes(section[20..], 1024);
        text.CopyTo(file, 1024);
        return file;
    }
}
