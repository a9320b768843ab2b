using Marketplace.Requirements.Model;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests;

/// <summary>Each bad input gives exactly one coded line.</summary>
[TestClass]
public sealed class BadInputTests
{
    private const long OSSize = 30 * DiskFolder.GiB;

    [TestMethod]
    public void A_missing_file() => AssertOne("MKT0012", folder => Images.Linux(folder.At("os.vhd")));

    [TestMethod]
    public void A_link_to_a_missing_file() => Assert.Contains("gone.vhd", AssertOne("MKT0012", folder =>
    {
        File.CreateSymbolicLink(folder.At("os.vhd"), "gone.vhd");
        return Images.Linux(folder.At("os.vhd"));
    }).Remedy);

    [TestMethod]
    public void A_directory() => AssertOne("MKT0013", folder => Images.Linux(Directory.CreateDirectory(folder.At("os.vhd")).FullName));

    [TestMethod]
    public void No_OS_disk() => AssertOne("MKT0010", _ => Images.Linux());

    [TestMethod]
    public void Two_OS_disks() => AssertOne("MKT0011", folder => Images.Linux(folder.Packed("a.vhd", "Contoso/os"), folder.Packed("b.vhd", "Contoso/os")));

    [TestMethod]
    public void An_empty_file() => AssertOne("MKT1001", folder =>
    {
        File.WriteAllBytes(folder.At("os.vhd"), []);
        return Images.Linux(folder.At("os.vhd"));
    });

    [TestMethod]
    public void A_VHD_that_was_cut_off() => AssertOne("MKT1001", folder =>
    {
        string path = folder.Packed("os.vhd", "Contoso/os");
        using FileStream file = File.OpenWrite(path);
        file.SetLength(20 * DiskFolder.GiB);
        return Images.Linux(path);
    });

    [TestMethod]
    public void A_raw_disk_named_vhd() => AssertOne("MKT1001", folder => Images.Linux(folder.Packed("os.vhd", "Formats/raw.img")));

    [TestMethod]
    [DataRow("Formats/disk.vdi")]
    [DataRow("Formats/small.gz")]
    public void Another_format(string packed) => AssertOne("MKT1002", folder => Images.Linux(folder.Packed("os.vhd", packed)));

    // The disk inside is judged, too: it has 24 MiB and does not boot.
    [TestMethod]
    [DataRow("Formats/disk.vhdx")]
    [DataRow("Formats/dynamic.vhd")]
    [DataRow("Formats/disk.qcow2")]
    [DataRow("Formats/sparse.vmdk")]
    public void Another_format_that_is_read(string packed)
    {
        using DiskFolder folder = new();

        CollectionAssert.AreEqual((string[])["MKT1002", "MKT1006", "MKT1017"], Images.Validate(Images.Linux(folder.Packed("os.vhd", packed))).Codes());
    }

    [TestMethod]
    public void A_dynamic_VHD_without_its_end() => AssertOne("MKT1002", folder =>
    {
        string path = folder.Packed("os.vhd", "Formats/dynamic.vhd");
        using FileStream file = File.OpenWrite(path);
        file.SetLength(file.Length / 2);
        return Images.Linux(path);
    });

    [TestMethod]
    public void A_wrong_checksum() => AssertOne("MKT1001", folder =>
    {
        string path = folder.Packed("os.vhd", "Contoso/os");
        DiskFolder.Patch(path, -512 + 64, 0x12);
        return Images.Linux(path);
    });

    [TestMethod]
    public void A_damaged_disk_type() => AssertOne("MKT1001", folder =>
    {
        string path = folder.Packed("os.vhd", "Contoso/os");
        DiskFolder.Patch(path, -512 + 63, 7);
        return Images.Linux(path);
    });

    [TestMethod]
    public void A_length_that_is_not_the_one_of_the_footer() => AssertOne("MKT1003", folder =>
    {
        string path = folder.FixedVhd("os.vhd", OSSize);
        byte[] footer = new byte[512];
        using FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
        file.Seek(-512, SeekOrigin.End);
        file.ReadExactly(footer);
        file.Seek(DiskFolder.MiB, SeekOrigin.End);
        file.Write(footer);
        return Images.Linux(path);
    });

    [TestMethod]
    [DataRow(OSSize + 512)]
    [DataRow(OSSize - 512)]
    public void A_size_that_is_not_whole_MiB(long size) => AssertOne("MKT1004", folder => Images.Linux(folder.FixedVhd("os.vhd", size)));

    [TestMethod]
    [DataRow(4 * DiskFolder.MiB)]
    [DataRow(29 * DiskFolder.GiB)]
    [DataRow(1024 * DiskFolder.GiB)]
    public void An_OS_disk_of_another_size(long size) => AssertOne("MKT1006", folder => Images.Linux(folder.FixedVhd("os.vhd", size)));

    [TestMethod]
    public void A_small_data_disk() => AssertOne("MKT1005", folder => WithData(folder, (4 * DiskFolder.MiB, "0")));

    [TestMethod]
    public void A_large_data_disk() => AssertOne("MKT1008", folder => WithData(folder, (1024 * DiskFolder.GiB, "0")));

    [TestMethod]
    public void A_data_disk_without_file() => AssertOne("MKT1011", folder =>
        Images.Linux(folder.Packed("os.vhd", "Contoso/os")) with { DataDisks = [Images.Disk("", "0")] });

    [TestMethod]
    [DataRow("0", "0")]
    [DataRow("0", "99")]
    [DataRow("0", "-1")]
    [DataRow("0", "")]
    [DataRow("0", "2")]
    [DataRow("0", "one")]
    public void Wrong_LUNs(string first, string second) => AssertOne("MKT1013", folder => WithData(folder, (DiskFolder.GiB, first), (DiskFolder.GiB, second)));

    [TestMethod]
    [DataRow("")]
    [DataRow("1.0")]
    [DataRow("1.0.0-beta")]
    [DataRow("1.0.0.0")]
    [DataRow("v1.0.0")]
    [DataRow("1.0.99999999999")]
    [DataRow("1.0.٣")]
    [DataRow("01.0.0")]
    [DataRow("1.0.00")]
    [DataRow(" 1.0.0")]
    public void Wrong_versions(string version) => AssertOne("MKT1014", folder => Images.Linux(folder.Packed("os.vhd", "Contoso/os")) with { Version = version });

    [TestMethod]
    public void Missing_properties_are_named_together()
    {
        Finding finding = AssertOne("MKT0015", folder => Images.Linux(folder.Packed("os.vhd", "Contoso/os")) with { OSFamily = "", Sku = " " });

        Assert.Contains("VmImageSku", finding.Found);
        Assert.Contains("VmImageOSFamily", finding.Found);
    }

    [TestMethod]
    public void Wrong_values() => AssertOne("MKT0019", folder => Images.Linux(folder.Packed("os.vhd", "Contoso/os")) with { Generation = "V3" });

    [TestMethod]
    public void One_file_for_two_disks() => AssertOne("MKT0018", folder =>
    {
        string path = folder.Packed("os.vhd", "Contoso/os");
        return Images.Linux(path) with { DataDisks = [Images.Disk(path, "0")] };
    });

    [TestMethod]
    public void One_file_for_two_disks_by_way_of_a_link() => AssertOne("MKT0018", folder =>
    {
        string path = folder.Packed("os.vhd", "Contoso/os");
        File.CreateSymbolicLink(folder.At("data.vhd"), "os.vhd");
        return Images.Linux(path) with { DataDisks = [Images.Disk(folder.At("data.vhd"), "0")] };
    });

    [TestMethod]
    public void A_name_that_a_URI_does_not_take() => AssertOne("MKT1016", folder => Images.Linux(folder.Packed("os disk.vhd", "Contoso/os")));

    [TestMethod]
    public void An_identifier_with_capitals() => AssertOne("MKT1019", folder => Images.Linux(folder.Packed("os.vhd", "Contoso/os")) with { Sku = "Standard" });

    [TestMethod]
    public void Seven_recommended_sizes() => AssertOne("MKT1020", folder => Images.Linux(folder.Packed("os.vhd", "Contoso/os")) with { RecommendedSizes = ["a", "b", "c", "d", "e", "f", "g"] });

    [TestMethod]
    [DataRow("Linux")]
    [DataRow("Windows")]
    public void A_blank_OS_disk(string family)
    {
        long size = family == "Linux" ? OSSize : 128 * DiskFolder.GiB;
        Finding finding = AssertOne("MKT1018", folder => Images.Linux(folder.FixedVhd("os.vhd", size)) with { OSFamily = family });

        Assert.Contains("blank", finding.Found);
    }

    [TestMethod]
    public void A_data_disk_declared_as_OS_disk_neither_boots_nor_holds_a_system()
    {
        using DiskFolder folder = new();

        ValidationReport report = Images.Validate(Images.Linux(folder.FromPacked("os.vhd", OSSize, "Contoso/data")));

        Assert.AreEqual("MKT1017 MKT1018", string.Join(' ', report.Codes()));
        Assert.Contains("no volume of the disk has the root of a Linux system", report.Diagnostics[1].Found);
    }

    [TestMethod]
    public void What_a_blank_disk_cannot_answer_is_not_passed()
    {
        using DiskFolder folder = new();

        ValidationReport report = Images.Validate(Images.Linux(folder.FixedVhd("os.vhd", OSSize)));

        foreach (string id in (string[])["MKT1017", "MKT2001", "MKT2009", "MKT2011", "MKT2013", "MKT2027"])
        {
            Assert.AreEqual(Outcome.Inconclusive, report.Result(id).Outcome, id);
        }
    }

    private static ImageDeclaration WithData(DiskFolder folder, params (long Size, string Lun)[] disks) =>
        Images.Linux(folder.Packed("os.vhd", "Contoso/os")) with
        {
            DataDisks = [.. disks.Select((disk, index) => Images.Disk(folder.FixedVhd($"data{index}.vhd", disk.Size), disk.Lun))],
        };

    private static Finding AssertOne(string code, Func<DiskFolder, ImageDeclaration> declare)
    {
        using DiskFolder folder = new();

        ValidationReport report = Images.Validate(declare(folder));

        Assert.AreEqual(code, string.Join(' ', report.Codes()), string.Join('\n', report.Diagnostics.Select(finding => finding.ToMessage())));
        Assert.IsFalse(report.Succeeded);
        Assert.IsFalse(report.Diagnostics[0].ToMessage().Contains('\n', StringComparison.Ordinal));
        return report.Diagnostics[0];
    }
}
