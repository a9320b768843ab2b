namespace Marketplace.Requirements.Tests.Repairs;

/// <summary>The functions of the repair script, run on files as distributions make them; each is run twice and must change nothing the second time.</summary>
[TestClass]
public sealed class ShellFunctionTests
{
    private const string AddAndRemove = "kernel_add console=ttyS0 rootdelay=300; kernel_remove quiet";

    private readonly string _directory = Directory.CreateTempSubdirectory("repair-").FullName;

    [TestCleanup]
    public void Delete() => Directory.Delete(_directory, recursive: true);

    [TestMethod]
    [DataRow("A=1\nKey=n\nB=2\n", "A=1\nKey=y\nB=2\n")]
    [DataRow("# Key=y switches it on\n# Key=n\nB=2\n", "# Key=y switches it on\nKey=y\nB=2\n")]
    [DataRow("#Key=n\nKey=n\nKey=y\n", "#Key=n\nKey=y\n")]
    [DataRow("KeyLonger=n\nOther.Key=n\n", "KeyLonger=n\nOther.Key=n\nKey=y\n")]
    [DataRow("  Key = n  # why\nB=2", "Key=y\nB=2\n")]
    [DataRow("export Key=n\n", "Key=y\n")]
    [DataRow("", "Key=y\n")]
    public void SetConfKeepsOneLine(string before, string after) =>
        Assert.AreEqual(after, Change("file", before, "set_conf \"$file\" Key y"));

    [TestMethod]
    public void SetConfMakesAMissingFile()
    {
        string path = Path.Combine(_directory, "new", "file");
        Run($"set_conf '{path}' Key 'a b\\c$d'");
        Assert.AreEqual("Key=a b\\c$d\n", File.ReadAllText(path));
    }

    [TestMethod]
    public void CommentOutTakesWholeLinesOnly() => Assert.AreEqual(
        "# \t/swap  none swap sw 0 0\n/swap  none swap sw 0 0 # kept\n#/swap  none swap sw 0 0\n/swap none swap sw 0 0\n",
        Change("fstab", "\t/swap  none swap sw 0 0\n/swap  none swap sw 0 0 # kept\n#/swap  none swap sw 0 0\n/swap none swap sw 0 0\n", "comment_out \"$file\" ' /swap  none swap sw 0 0 '"));

    [TestMethod]
    public void SshdSettingsOutsideMatchAreDropped()
    {
        string file = Write("sshd_config", "Port 22\nclientaliveinterval=600\n#ClientAliveInterval 0\n\tClientAliveInterval 10\nMatch User a\n  ClientAliveInterval 30\n");
        Assert.AreEqual("Port 22\n#ClientAliveInterval 0\nMatch User a\n  ClientAliveInterval 30\n", Run($"drop_sshd '{file}' ClientAliveInterval"));
    }

    [TestMethod]
    public void GrubConfigurationOfDebian() => Assert.AreEqual(
        "\tlinux /boot/vmlinuz-6.1 root=UUID=1 ro console=tty0 console=ttyS0 rootdelay=300\n\tinitrd\t/boot/initrd.img\n\t\tlinux /boot/vmlinuz-6.1 root=UUID=1 ro single console=ttyS0 rootdelay=300\n",
        Change("grub.cfg", "\tlinux\t/boot/vmlinuz-6.1 root=UUID=1 ro  quiet rootdelay=60 console=tty0\n\tinitrd\t/boot/initrd.img\n\t\tlinux\t/boot/vmlinuz-6.1 root=UUID=1 ro single console=ttyS0\n",
            AddAndRemove + "; change_boot_file \"$file\" | save \"$file\""));

    [TestMethod]
    [DataRow("grub.cfg", "linux16 /vmlinuz root=/dev/sda1 quiet\nlinuxefi /vmlinuz ro\nlinux /boot/memtest86+.bin\n", "linux16 /vmlinuz root=/dev/sda1 console=ttyS0 rootdelay=300\nlinuxefi /vmlinuz ro console=ttyS0 rootdelay=300\nlinux /boot/memtest86+.bin\n")]
    [DataRow("grub.cfg", "set kernelopts=\"root=UUID=1 ro quiet\"\nset default=\"0\"\n", "set kernelopts=\"root=UUID=1 ro console=ttyS0 rootdelay=300\"\nset default=\"0\"\n")]
    [DataRow("menu.lst", "# kopt=root=UUID=1 ro quiet\ntitle A\n\tkernel /vmlinuz ro quiet\n", "# kopt=root=UUID=1 ro console=ttyS0 rootdelay=300\ntitle A\n\tkernel /vmlinuz ro console=ttyS0 rootdelay=300\n")]
    [DataRow("extlinux.conf", "LABEL a\n  LINUX /vmlinuz\n  APPEND ro quiet\n", "LABEL a\n  LINUX /vmlinuz\n  APPEND ro console=ttyS0 rootdelay=300\n")]
    [DataRow("entries/a.conf", "title A\nlinux /vmlinuz\noptions root=UUID=1 quiet\noptions ro\n", "title A\nlinux /vmlinuz\noptions root=UUID=1 console=ttyS0 rootdelay=300\noptions ro\n")]
    [DataRow("entries/b.conf", "title B\nlinux /vmlinuz\noptions $kernelopts $tuned_params\n", "title B\nlinux /vmlinuz\noptions $kernelopts $tuned_params console=ttyS0 rootdelay=300\n")]
    [DataRow("entries/c.conf", "title C\nlinux /vmlinuz\n", "title C\nlinux /vmlinuz\noptions console=ttyS0 rootdelay=300\n")]
    public void OtherBootMenus(string name, string before, string after) =>
        Assert.AreEqual(after, Change(name, before, AddAndRemove + "; change_boot_file \"$file\" | save \"$file\""));

    [TestMethod]
    [DataRow("GRUB_TIMEOUT=0\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet splash\"\nGRUB_CMDLINE_LINUX=\"net.ifnames=0\"\n", "GRUB_TIMEOUT=0\nGRUB_CMDLINE_LINUX_DEFAULT=\"splash\"\nGRUB_CMDLINE_LINUX=\"net.ifnames=0 console=ttyS0 rootdelay=300\"\n")]
    [DataRow("GRUB_CMDLINE_LINUX='a b'\nGRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX quiet\"\n", "GRUB_CMDLINE_LINUX='a b console=ttyS0 rootdelay=300'\nGRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX\"\n")]
    [DataRow("GRUB_CMDLINE_LINUX=\"a\" # why\n", "GRUB_CMDLINE_LINUX=\"a\" # why\n")]
    [DataRow("GRUB_CMDLINE_LINUX=quiet\n", "GRUB_CMDLINE_LINUX=\"console=ttyS0 rootdelay=300\"\n")]
    public void DefaultsOfGrub(string before, string after) =>
        Assert.AreEqual(after, Change("grub", before, AddAndRemove + "; change_grub_defaults \"$file\" | save \"$file\""));

    [TestMethod]
    public void GrubEnvironmentKeepsItsLength()
    {
        string text = "# GRUB Environment Block\nsaved_entry=1\nkernelopts=root=UUID=1 ro quiet \n";
        string after = Change("grubenv", text + new string('#', 1024 - text.Length), AddAndRemove + "; change_grub_environment \"$file\"");
        Assert.AreEqual(1024, after.Length);
        StringAssert.StartsWith(after, "# GRUB Environment Block\nsaved_entry=1\nkernelopts=root=UUID=1 ro console=ttyS0 rootdelay=300\n###");
    }

    [TestMethod]
    public void KeysGoAndWhatLetsNobodyInStays() => Assert.AreEqual(
        "# keys\nno-pty,command=\"echo 'Please login as the user';\" ssh-rsa AAAA\n",
        Change("authorized_keys", "# keys\nno-pty,command=\"echo 'Please login as the user';\" ssh-rsa AAAA\nssh-ed25519 AAAA me\nfrom=\"*\" ecdsa-sha2-nistp256 AAAA me\n", "remove_keys \"$file\""));

    [TestMethod]
    public void AFileOfOtherUseIsNotTakenForSwap()
    {
        string passwd = Write("passwd", new string('x', 5000));
        StringAssert.Contains(Run($"remove_swap_file '{passwd}'"), "is no swap file");
        Assert.IsTrue(File.Exists(passwd));
        byte[] page = new byte[8192];
        "SWAPSPACE2"u8.CopyTo(page.AsSpan(4086));
        string swap = Path.Combine(_directory, "swap file");
        File.WriteAllBytes(swap, page);
        Assert.AreEqual("", Run($"remove_swap_file '{swap}'"));
        Assert.IsFalse(File.Exists(swap));
    }

    [TestMethod]
    public void TheRootIsNotRemoved() => StringAssert.Contains(Run("remove_path / || echo refused"), "refused");

    [TestMethod]
    public void AFileWithoutAPrivateKeyStays()
    {
        string file = Write("passwd", "root:x:0:0\n");
        Run($"remove_private_key '{file}'");
        Assert.IsTrue(File.Exists(file));
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private string Change(string name, string before, string commands)
    {
        string path = Write(name, before);
        Assert.AreEqual("", Run($"file='{path}'\n{commands}"));
        string after = File.ReadAllText(path);
        Assert.AreEqual("", Run($"file='{path}'\n{commands}"));
        Assert.AreEqual(after, File.ReadAllText(path), "A second run must change nothing.");
        return after;
    }

    private string Run(string commands)
    {
        string scratch = Directory.CreateDirectory(Path.Combine(_directory, Path.GetRandomFileName())).FullName;
        return Shell.Run($"{Shell.Functions}\nscratch='{scratch}'\n(\nset -e\n{commands}\n)\n");
    }
}
