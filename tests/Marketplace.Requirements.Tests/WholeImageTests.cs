using Marketplace.Requirements.Model;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests;

[TestClass]
public sealed class WholeImageTests
{
    [TestMethod]
    public void Accepts_a_prepared_Debian_system()
    {
        using DiskFolder folder = new();
        ImageDeclaration image = Images.Linux(folder.Packed("os.vhd", "Contoso/os")) with
        {
            DataDisks = [Images.Disk(folder.Packed("data.vhd", "Contoso/data"), "0")],
        };

        ValidationReport report = Images.Validate(image);

        Assert.AreEqual("", string.Join("\n", report.Diagnostics.Select(finding => finding.Code + " " + finding.ToMessage())));
        Assert.IsTrue(report.Succeeded);
        Assert.AreEqual(0, report.Count(Outcome.Inconclusive));
        Assert.AreEqual("V1", report.Generation);
        Assert.AreEqual(30 * DiskFolder.GiB, report.Disks[0].VirtualSize);
        Assert.IsLessThan(DiskFolder.GiB, report.Disks[0].AllocatedBytes);
    }

    [TestMethod]
    [DataRow("V1")]
    [DataRow("V2")]
    public void Accepts_either_generation_for_a_disk_that_boots_both_ways(string generation)
    {
        using DiskFolder folder = new();

        ValidationReport report = Images.Validate(Images.Linux(folder.Packed("os.vhd", "Contoso/os")) with { Generation = generation });

        Assert.AreEqual(Outcome.Passed, report.Result("MKT1017").Outcome);
        Assert.AreEqual(generation, report.Generation);
    }

    [TestMethod]
    public void Judges_the_inside_of_a_disk_in_another_format()
    {
        using DiskFolder folder = new();
        string good = InVmdk(folder, folder.Packed("good.bin", "Contoso/os"), "good.vhd");
        string blank = InVmdk(folder, folder.FixedVhd("blank.bin", 30 * DiskFolder.GiB), "blank.vhd");
        string small = InVmdk(folder, folder.FixedVhd("small.bin", DiskFolder.MiB), "small.vhd");

        ValidationReport report = Images.Validate(Images.Linux(good));
        string[] blankCodes = Images.Validate(Images.Linux(blank)).Codes();
        string[] smallCodes = Images.Validate(Images.Linux(good) with { DataDisks = [Images.Disk(small, "0")] }).Codes();

        Finding finding = Assert.ContainsSingle(report.Diagnostics);
        Assert.AreEqual("MKT1002", finding.Code);
        Assert.Contains("Convert=\"true\"", finding.Remedy);
        Assert.AreEqual(0, report.Count(Outcome.Inconclusive));
        Assert.AreEqual("V1", report.Generation);
        Assert.AreEqual(30 * DiskFolder.GiB, report.Disks[0].VirtualSize);
        CollectionAssert.AreEqual((string[])["MKT1002"], blankCodes);
        CollectionAssert.AreEqual((string[])["MKT1002", "MKT1002", "MKT1005"], smallCodes);
    }

    [TestMethod]
    [DataRow("base-qcow2", "os.qcow2")]
    [DataRow("base-vmdk", "os.vmdk")]
    public void A_disk_to_be_converted_whose_end_was_cut_off_is_refused(string packed, string name)
    {
        using DiskFolder folder = new();
        string path = folder.Packed(name, "Layouts/" + packed);
        using (FileStream file = new(path, FileMode.Open))
        {
            file.SetLength(file.Length - 1);
        }

        ValidationReport report = Images.Validate(Images.Linux("") with { OSDisks = [Images.Disk(path) with { Convert = "true" }] });

        Finding finding = Assert.ContainsSingle(report.Diagnostics.Where(finding => finding.Severity >= Severity.Warning));
        Assert.AreEqual(("MKT1002", Severity.Error), (finding.Code, finding.Severity));
        Assert.Contains("it cannot be read", finding.Found);
        Assert.IsFalse(report.Disks[0].IsConverted);
    }

    [TestMethod]
    [DataRow("data.vmdk", 7, "MKT1001", DisplayName = "a VMDK that is none")]
    [DataRow("data.vhd", 7, "MKT1001", DisplayName = "a VHD that is none")]
    [DataRow("data.vmdk", 0, "", DisplayName = "a blank one")]
    [DataRow("data.img", 7, "", DisplayName = "data of its own")]
    public void Unknown_bytes_under_the_name_of_another_format_are_no_raw_disk(string name, int filler, string expected)
    {
        using DiskFolder folder = new();
        byte[] bytes = new byte[40 * DiskFolder.MiB];
        bytes.AsSpan().Fill((byte)filler);
        File.WriteAllBytes(folder.At(name), bytes);

        ValidationReport report = Images.Validate(Images.Linux(folder.Packed("os.vhd", "Contoso/os")) with { DataDisks = [Images.Disk(folder.At(name), "0") with { Convert = "true" }] });

        Assert.AreEqual(expected, string.Join(' ', report.Diagnostics.Where(finding => finding.Severity == Severity.Error).Select(finding => finding.Code)));
    }

    /// <summary>A VMDK descriptor, whatever its name, over the disk of a fixed VHD.</summary>
    private static string InVmdk(DiskFolder folder, string vhd, string name)
    {
        long sectors = (new FileInfo(vhd).Length / 512) - 1;
        File.WriteAllText(folder.At(name), $"# Disk DescriptorFile\ncreateType=\"monolithicFlat\"\nRW {sectors} FLAT \"{Path.GetFileName(vhd)}\" 0\n");
        return folder.At(name);
    }

    [TestMethod]
    public void A_blank_EFI_system_partition_does_not_boot()
    {
        using DiskFolder folder = new();
        string path = folder.FixedVhd("os.vhd", 30 * DiskFolder.GiB);
        byte[] sector = new byte[512];
        Layouts.AddMbrPartition(sector, 0, 0xEF, 2048, 204800, active: false);
        using (FileStream disk = File.OpenWrite(path))
        {
            disk.Write(sector);
        }

        RequirementResult result = Images.Validate(Images.Linux(path) with { Generation = "V2" }).Result("MKT1017");

        Assert.AreEqual(Outcome.Failed, result.Outcome);
        Assert.Contains("is empty", result.Findings.Single().Found);
    }

    [TestMethod]
    public void Refuses_a_disk_that_only_the_backup_of_its_GPT_can_save()
    {
        using DiskFolder folder = new();
        string path = folder.Packed("os.vhd", "Contoso/os");
        using (FileStream disk = File.OpenWrite(path))
        {
            // A byte of the header's CRC32, at offset 16 of LBA 1.
            disk.Position = 512 + 16;
            disk.WriteByte(0);
        }

        ValidationReport report = Images.Validate(Images.Linux(path));

        Finding finding = Assert.ContainsSingle(report.Diagnostics);
        Assert.AreEqual("MKT1017", finding.Code);
        Assert.AreEqual(Severity.Error, finding.Severity);
        Assert.Contains("GPT", finding.Found);
    }

    /// <summary>A disk of 4096-byte sectors is read, but as a VHD its sectors have 512 bytes and its partition table is not found.</summary>
    [TestMethod]
    public void Refuses_a_partition_table_for_other_sectors()
    {
        using DiskFolder folder = new();

        RequirementResult result = Images.Validate(Images.Linux(folder.FromPacked("os.vhd", 30 * DiskFolder.GiB, "Partitions/gpt-4096"))).Result("MKT1017");

        Assert.AreEqual(Outcome.Failed, result.Outcome);
        Assert.Contains("made for sectors of 4096 bytes", result.Findings.Single().Found);
    }

    [TestMethod]
    public void Refuses_a_Linux_disk_declared_as_Windows()
    {
        using DiskFolder folder = new();

        ValidationReport report = Images.Validate(Images.Linux(folder.Packed("os.vhd", "Contoso/os")) with { OSFamily = "Windows" });

        Assert.AreEqual(Outcome.Failed, report.Result("MKT1018").Outcome);
        Assert.AreEqual(Outcome.NotApplicable, report.Result("MKT2011").Outcome);
    }

    [TestMethod]
    public void Names_every_fault_of_a_broken_system()
    {
        using DiskFolder folder = new();
        ImageDeclaration image = Images.Linux(folder.Packed("os.vhd", "Contoso/os", "Broken/os.delta")) with
        {
            DataDisks = [Images.Disk(folder.Packed("scratch.vhd", "Broken/scratch"), "1"), Images.Disk(folder.Packed("archive.vhd", "Broken/archive"), "1")],
        };

        ValidationReport report = Images.Validate(image);

        string[] errors = [.. report.Diagnostics.Where(finding => finding.Severity == Severity.Error).Select(finding => finding.Code).Distinct().Order()];
        CollectionAssert.AreEqual(
            (string[])["MKT1002", "MKT1013", "MKT2002", "MKT2011", "MKT2013", "MKT2015", "MKT2018", "MKT2024", "MKT2027", "MKT2028", "MKT2030", "MKT2032"],
            errors,
            string.Join(' ', errors));
        Assert.IsFalse(report.Succeeded);
        Assert.IsFalse(report.Codes().Contains("MKT1090"));
        Assert.IsFalse(report.ToJson().Contains("$6$", StringComparison.Ordinal), "A password hash is in the report.");
    }

    [TestMethod]
    public void The_report_survives_json()
    {
        using DiskFolder folder = new();
        ValidationReport report = Images.Validate(Images.Linux(folder.Packed("os.vhd", "Contoso/os", "Broken/os.delta")));

        string json = report.ToJson();
        ValidationReport read = ValidationReport.FromJson(json);

        Assert.AreEqual(json, read.ToJson());
        CollectionAssert.AreEqual(report.Codes(), read.Codes());
        Assert.Contains("\"2015-10\"", json);
        Assert.ThrowsExactly<System.Text.Json.JsonException>(() => ValidationReport.FromJson(json.Replace("\"schema\": 2", "\"schema\": 1", StringComparison.Ordinal)));
        Assert.ThrowsExactly<System.Text.Json.JsonException>(() => ValidationReport.FromJson("{}"));
    }

    [TestMethod]
    public void Stops_when_it_is_cancelled()
    {
        using CancellationTokenSource source = new();
        source.Cancel();

        Assert.ThrowsExactly<OperationCanceledException>(() => ImageValidator.Validate(Images.Linux("/nowhere.vhd"), new ValidationOptions(), source.Token));
    }
}
