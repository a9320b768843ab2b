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
}
