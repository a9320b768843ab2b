using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux;

[TestClass]
public sealed class SwapTests
{
    private const string Root = "PARTUUID=1 / ext4 defaults 0 1\n";

    [TestMethod]
    [DataRow(Root, "")]
    [DataRow(Root + "/swapfile none swap sw 0 0", "Error")]
    [DataRow(Root + "UUID=1 none swap sw 0 0", "Error")]
    [DataRow(Root + "/dev/mapper/rootvg-swaplv none swap defaults 0 0", "Error")]
    [DataRow(Root + "/mnt/resource/swapfile none swap sw 0 0", "")]
    [DataRow(Root + "/dev/disk/cloud/azure_resource-part2 none swap sw 0 0", "")]
    [DataRow(Root + "/dev/zram0 none swap sw 0 0", "")]
    [DataRow(Root + "# /swapfile none swap sw 0 0", "")]
    [DataRow(Root + "/swapfile none swap sw,noauto 0 0", "")]
    [DataRow(Root + "UUID=1 none swap noauto 0 0", "")]
    [DataRow(Root + "/dev/disk/azure/local/by-index/0 none swap sw 0 0", "")]
    [DataRow(Root + "   /swapfile\t\tswap\tswap", "Error")]
    public void Judges_fstab(string fstab, string severity) =>
        Assert.AreEqual(severity, Severity(LinuxTrees.Debian().Add("/etc/fstab", fstab)));

    [TestMethod]
    public void Finds_the_file_fstab_names_once() =>
        Assert.AreEqual("Error", Severity(LinuxTrees.Debian().Add("/etc/fstab", Root + "/swapfile none swap sw 0 0").Add("/swapfile", SwapFile(4096))));

    [TestMethod]
    [DataRow("/swapfile", 4096)]
    [DataRow("/swap.img", 65536)]
    public void Finds_a_swap_file_nothing_names(string path, int page) =>
        Assert.AreEqual("Error", Severity(LinuxTrees.Debian().Add(path, SwapFile(page))));

    [TestMethod]
    public void Leaves_other_files_of_that_name_alone() =>
        Assert.AreEqual("", Severity(LinuxTrees.Debian().Add("/swapfile", new byte[70000])));

    [TestMethod]
    [DataRow("/dev/sda3", "Error")]
    [DataRow("/dev/zram0", "")]
    [DataRow("/mnt/resource/swapfile", "")]
    public void Judges_enabled_units(string what, string severity) => Assert.AreEqual(
        severity,
        Severity(LinuxTrees.Debian().Add("/etc/systemd/system/x.swap", $"[Swap]\nWhat={what}\n").Link("/etc/systemd/system/swap.target.wants/x.swap", "../x.swap")));

    [TestMethod]
    public void Finds_a_swap_partition_on_a_disk_whose_root_cannot_be_read()
    {
        using DiskFolder folder = new();
        byte[] mbr = new byte[512];
        Layouts.AddMbrPartition(mbr, 0, 0x83, 2048, 65536, active: true);
        Layouts.AddMbrPartition(mbr, 1, 0x82, 67584, 65536, active: false);
        string path = folder.FixedVhd("os.vhd", 30 * DiskFolder.GiB, (0, mbr), (2048 * 512, "XFSB"u8.ToArray()));

        ValidationReport report = Images.Validate(Images.Linux(path));

        Assert.AreEqual(Outcome.Failed, report.Result("MKT2011").Outcome);
        Assert.AreEqual(Outcome.Inconclusive, report.Result("MKT2013").Outcome);
        CollectionAssert.AreEqual((string[])["MKT2011", "MKT1090"], report.Codes());
    }

    [TestMethod]
    public void Finds_a_swap_signature_whatever_the_partition_type_says()
    {
        using DiskFolder folder = new();
        byte[] mbr = new byte[512];
        Layouts.AddMbrPartition(mbr, 0, 0x83, 2048, 65536, active: true);
        string path = folder.FixedVhd("os.vhd", 30 * DiskFolder.GiB, (0, mbr), ((2048 * 512) + 4086, "SWAPSPACE2"u8.ToArray()));

        Assert.AreEqual(Outcome.Failed, Images.Validate(Images.Linux(path)).Result("MKT2011").Outcome);
    }

    [TestMethod]
    public void A_file_system_in_a_Solaris_partition_is_no_swap()
    {
        using DiskFolder folder = new();
        byte[] mbr = new byte[512];
        Layouts.AddMbrPartition(mbr, 0, 0x82, 2048, 65536, active: true);
        string path = folder.FixedVhd("os.vhd", 30 * DiskFolder.GiB, (0, mbr), (2048 * 512, "XFSB"u8.ToArray()));

        Assert.AreEqual(Outcome.Inconclusive, Images.Validate(Images.Linux(path)).Result("MKT2011").Outcome);
    }

    private static string Severity(MemoryTree tree) =>
        string.Join(' ', SwapFacts.Find("/os.vhd", new LinuxSystem(tree)).Select(observation => observation.Guide ?? Model.Severity.Error));

    private static byte[] SwapFile(int page)
    {
        byte[] file = new byte[131072];
        "SWAPSPACE2"u8.CopyTo(file.AsSpan(page - 10));
        return file;
    }

    [TestMethod]
    public void Finds_the_file_of_a_line_that_is_not_switched_on() =>
        Assert.AreEqual("Error", Severity(LinuxTrees.Debian().Add("/etc/fstab", Root + "/swapfile none swap noauto 0 0").Add("/swapfile", SwapFile(4096))));

    [TestMethod]
    public void A_masked_swap_target_switches_nothing_on() =>
        Assert.AreEqual("", Severity(LinuxTrees.Debian().Add("/etc/fstab", Root + "/swapfile none swap sw 0 0").Add("/usr/lib/systemd/system/x.swap", "[Swap]\nWhat=/x\n")
            .Link("/etc/systemd/system/swap.target.wants/x.swap", "/usr/lib/systemd/system/x.swap").Link("/etc/systemd/system/swap.target", "/dev/null")));

    [TestMethod]
    [DataRow("cswap /dev/disk/cloud/azure_resource-part1 /dev/urandom swap\n", "")]
    [DataRow("cswap /dev/sda3 /dev/urandom swap\n", "Error")]
    [DataRow("", "Error")]
    public void Looks_up_what_an_encrypted_swap_is_on(string crypttab, string severity) =>
        Assert.AreEqual(severity, Severity(LinuxTrees.Debian().Add("/etc/fstab", Root + "/dev/mapper/cswap none swap sw 0 0").Add("/etc/crypttab", crypttab)));

    [TestMethod]
    [DataRow("ResourceDisk.Format=y\nResourceDisk.MountPoint=/resource\n", "")]
    [DataRow("ResourceDisk.Format=n\nResourceDisk.MountPoint=/resource\n", "Error")]
    public void Knows_where_the_agent_mounts_the_resource_disk(string configuration, string severity) =>
        Assert.AreEqual(severity, Severity(LinuxTrees.Debian().Add("/etc/waagent.conf", configuration).Add("/etc/fstab", Root + "/resource/swapfile none swap sw 0 0")));

    [TestMethod]
    [DataRow("/.swapfile")]
    [DataRow("/opt/pagefile")]
    [DataRow("/var/lib/swap/1")]
    [DataRow("/home/swapfile")]
    public void Finds_swap_files_of_any_name(string path) => Assert.AreEqual("Error", Severity(LinuxTrees.Debian().Add(path, SwapFile(4096))));

    [TestMethod]
    [DataRow("[Swap]\nWhat = /var/lib/x\n", "swap.target.wants", "Error")]
    [DataRow("[Swap]\nWhat=/var/lib/x\n", "swap.target.upholds", "Error")]
    [DataRow("[Unit]\nWhat=/var/lib/x\n", "swap.target.wants", "")]
    public void Reads_units_as_systemd_does(string text, string wants, string severity) => Assert.AreEqual(
        severity,
        Severity(LinuxTrees.Debian().Add("/usr/lib/systemd/system/x.swap", text).Link($"/etc/systemd/system/{wants}/x.swap", "/usr/lib/systemd/system/x.swap")));

    [TestMethod]
    public void A_masked_unit_switches_nothing_on() => Assert.AreEqual(
        "",
        Severity(LinuxTrees.Debian().Add("/usr/lib/systemd/system/x.swap", "[Swap]\nWhat=/x\n").Link("/etc/systemd/system/swap.target.wants/x.swap", "/usr/lib/systemd/system/x.swap").Link("/etc/systemd/system/x.swap", "/dev/null")));

    [TestMethod]
    public void Finds_the_file_of_a_unit_that_is_not_enabled() => Assert.AreEqual(
        "Error",
        Severity(LinuxTrees.Debian().Add("/etc/systemd/system/x.swap", "[Swap]\nWhat=/var/lib/app/x\n").Add("/var/lib/app/x", SwapFile(4096))));

    [TestMethod]
    [DataRow("ExecStart=/sbin/swapon -p 5 /var/lib/x", true, "Error")]
    [DataRow("ExecStart=/bin/sh -c \"mkswap /var/lib/x && swapon /var/lib/x\"", true, "Error")]
    [DataRow("ExecStart=/sbin/swapon /mnt/resource/x", true, "")]
    [DataRow("ExecStart=/sbin/swapon $FILE", true, "")]
    [DataRow("ExecStart=/sbin/swapon /var/lib/x", false, "")]
    public void Finds_services_that_switch_swap_on(string command, bool enabled, string severity)
    {
        MemoryTree tree = LinuxTrees.Debian().Add("/etc/systemd/system/page.service", $"[Service]\n{command}\n");
        _ = enabled ? tree.Link("/etc/systemd/system/multi-user.target.wants/page.service", "../page.service") : tree;

        Assert.AreEqual(severity, Severity(tree));
    }

    [TestMethod]
    [DataRow("/etc/rc.local", 0b111_101_101, "#!/bin/sh\nswapon /var/lib/x\n", "Error")]
    [DataRow("/etc/rc.local", 0b110_100_100, "#!/bin/sh\nswapon /var/lib/x\n", "")]
    [DataRow("/etc/rc.local", 0b111_101_101, "#!/bin/sh\n# swapon /var/lib/x\n", "")]
    [DataRow("/etc/cron.d/page", 0b110_100_100, "@reboot root /sbin/swapon /var/lib/x\n", "Error")]
    public void Finds_scripts_that_switch_swap_on(string path, int mode, string text, string severity) =>
        Assert.AreEqual(severity, Severity(LinuxTrees.Debian().Add(path, text, mode)));

    [TestMethod]
    [DataRow("#CONF_SWAPFILE=/var/swap\n", "Error")]
    [DataRow("CONF_SWAPFILE=/mnt/swap\n", "")]
    [DataRow("CONF_SWAPSIZE=0\n", "")]
    public void Judges_dphys_swapfile_by_its_configuration(string configuration, string severity) => Assert.AreEqual(
        severity,
        Severity(LinuxTrees.Debian().Add("/etc/dphys-swapfile", configuration).Add("/usr/lib/systemd/system/dphys-swapfile.service", "[Service]\n")
            .Link("/etc/systemd/system/multi-user.target.wants/dphys-swapfile.service", "/usr/lib/systemd/system/dphys-swapfile.service")));
}
