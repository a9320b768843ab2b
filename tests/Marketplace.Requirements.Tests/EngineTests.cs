using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests;

[TestClass]
public sealed class EngineTests
{
    private const long Large = 60 * DiskFolder.GiB;

    [TestMethod]
    [DataRow("2015-10;current", 29 * DiskFolder.GiB, Severity.Error)]
    [DataRow("current", 29 * DiskFolder.GiB, Severity.Warning)]
    [DataRow("2015-10", 29 * DiskFolder.GiB, Severity.Error)]
    [DataRow("current", 29 * DiskFolder.MiB, Severity.Error)]
    [DataRow(" Current , 2015-10 ", Large, Severity.Warning)]
    public void The_stricter_level_wins(string levels, long size, Severity severity)
    {
        using DiskFolder folder = new();

        Finding finding = Images.Validate(Images.Linux(folder.FixedVhd("os.vhd", size)), levels).Result("MKT1006").Findings.Single();

        Assert.AreEqual(severity, finding.Severity);
        Assert.HasCount(levels.Contains(',', StringComparison.Ordinal) || levels.Contains(';', StringComparison.Ordinal) ? 2 : 1, finding.Levels);
    }

    [TestMethod]
    [DataRow("2015-10;current", 5, Outcome.Passed)]
    [DataRow("2015-10", 5, Outcome.Failed)]
    [DataRow("2015-10;current", 7, Outcome.Failed)]
    [DataRow("2015-10;current", 0, Outcome.Passed)]
    [DataRow("2015-10", 3, Outcome.Passed)]
    public void The_newest_level_wins_for_recommended_sizes(string levels, int count, Outcome outcome)
    {
        ImageDeclaration image = Images.Linux("/nowhere.vhd") with { RecommendedSizes = [.. Enumerable.Range(0, count).Select(i => $"Standard_D{i}s_v5")] };

        Assert.AreEqual(outcome, Images.Validate(image, levels).Result("MKT1020").Outcome);
    }

    [TestMethod]
    public void A_level_that_does_not_ask_makes_a_requirement_not_applicable()
    {
        using DiskFolder folder = new();

        RequirementResult result = Images.Validate(Images.Linux(folder.FixedVhd("os.vhd", Large + 512)), "2015-10").Result("MKT1004");

        Assert.AreEqual(Outcome.NotApplicable, result.Outcome);
        Assert.Contains("2015-10", result.Reason);
    }

    [TestMethod]
    public void A_justified_override_lowers_the_severity_and_shows_why()
    {
        using DiskFolder folder = new();

        ValidationReport report = Images.Validate(Images.Linux(folder.FixedVhd("os.vhd", 20 * DiskFolder.GiB)), "2015-10;current", new RequirementOverride("MKT1006", "Info", "Agreed."));

        Finding finding = report.Result("MKT1006").Findings.Single();
        Assert.AreEqual(Severity.Info, finding.Severity);
        Assert.AreEqual(Outcome.Failed, report.Result("MKT1006").Outcome);
        Assert.Contains("Agreed", finding.ToMessage());
        Assert.IsTrue(report.Succeeded);
        Assert.DoesNotContain("MKT1006", report.Codes());
    }

    [TestMethod]
    [DataRow("Warning")]
    [DataRow("Info")]
    [DataRow("None")]
    public void Lowering_the_cause_does_not_hide_what_was_not_checked(string severity)
    {
        using DiskFolder folder = new();
        File.WriteAllBytes(folder.At("os.vhd"), new byte[4096]);

        ValidationReport report = Images.Validate(Images.Linux(folder.At("os.vhd")), "2015-10;current", new RequirementOverride("MKT1001", severity, "Agreed."));

        string told = string.Concat(report.Diagnostics.Where(finding => finding.Code == "MKT1090").Select(finding => finding.Found));
        foreach (string id in (string[])["MKT1002", "MKT1004", "MKT1006", "MKT2001", "MKT2027"])
        {
            Assert.AreEqual(Outcome.Inconclusive, report.Result(id).Outcome, id);
            Assert.Contains(id, told);
        }
    }

    [TestMethod]
    public void An_override_can_make_a_warning_an_error()
    {
        using DiskFolder folder = new();

        ValidationReport report = Images.Validate(Images.Linux(folder.FixedVhd("os.vhd", Large)), "current", new RequirementOverride("MKT1006", "error", ""));

        Assert.IsFalse(report.Succeeded);
    }

    [TestMethod]
    [DataRow("MKT9999", "Error", "x")]
    [DataRow("MKT0012", "None", "x")]
    [DataRow("MKT1006", "Fatal", "x")]
    [DataRow("MKT1006", "2", "x")]
    [DataRow("MKT1006", "Warning", " ")]
    public void A_wrong_override_is_reported_and_has_no_effect(string id, string severity, string justification)
    {
        using DiskFolder folder = new();

        ValidationReport report = Images.Validate(Images.Linux(folder.FixedVhd("os.vhd", 20 * DiskFolder.GiB)), "2015-10;current", new RequirementOverride(id, severity, justification));

        Assert.AreEqual("MKT0017", report.DeclarationFindings.Single().Code);
        Assert.AreEqual(Severity.Error, report.Result("MKT1006").Findings.Single().Severity);
    }

    [TestMethod]
    public void An_unknown_level_is_reported_and_the_known_ones_are_checked()
    {
        ValidationReport report = Images.Validate(Images.Linux("/nowhere.vhd"), "2015-10;2016-01");

        Assert.AreEqual("MKT0016", report.DeclarationFindings[0].Code);
        CollectionAssert.AreEqual((RequirementsLevel[])[RequirementsLevel.Guide201510], report.Levels.ToArray());
    }

    [TestMethod]
    public void What_cannot_be_read_is_inconclusive_with_its_reason()
    {
        using ImageContext context = new(Images.Linux(), null, "none", []);
        Evaluator evaluator = new(context, [RequirementsLevel.Current], OverrideSet.Read([], [], [], "", []));

        RequirementResult result = evaluator.Evaluate(new Throwing());

        Assert.AreEqual(Outcome.Inconclusive, result.Outcome);
        Assert.Contains("inode 7", result.Reason);
        Assert.AreEqual(Outcome.Inconclusive, result.Findings.Single().Outcome);
    }

    [TestMethod]
    public void A_flood_of_findings_is_cut()
    {
        ImageDeclaration image = Images.Linux() with { DataDisks = [.. Enumerable.Range(0, 200).Select(i => Images.Disk($"/nowhere/{i}.vhd", "0"))] };

        RequirementResult result = Images.Validate(image).Result("MKT1013");

        Assert.HasCount(Evaluator.MaxFindings, result.Findings);
        Assert.Contains("149 more", result.Findings[^1].Found);
    }

    [TestMethod]
    public void Evidence_is_one_short_line_without_control_characters()
    {
        Assert.AreEqual("a\\x1b[31mb\\x0ac\\u202ed\\xff", Evidence.Quote("a\u001b[31mb\nc\u202ed\uDCFF"));
        Assert.AreEqual(Evidence.MaxLength + 1, Evidence.Quote(new string('x', 5000)).Length);
    }

    [TestMethod]
    public void Stored_zeros_are_a_warning()
    {
        using DiskFolder folder = new();
        byte[] zeros = new byte[48 * DiskFolder.MiB];
        string data = folder.FixedVhd("data.vhd", 64 * DiskFolder.MiB, (0, zeros));
        string random = folder.FixedVhd("random.vhd", 64 * DiskFolder.MiB, (0, RandomBytes(48 * (int)DiskFolder.MiB)));
        ImageDeclaration image = Images.Linux(folder.FixedVhd("os.vhd", 30 * DiskFolder.GiB));

        Assert.AreEqual(Severity.Warning, Images.Validate(image with { DataDisks = [Images.Disk(data, "0")] }).Result("MKT1009").Findings.Single().Severity);
        Assert.AreEqual(Outcome.Passed, Images.Validate(image with { DataDisks = [Images.Disk(random, "0")] }).Result("MKT1009").Outcome);
    }

    [TestMethod]
    [DataRow("Partitions/gpt-low", Outcome.Failed)]
    [DataRow("Partitions/gpt-ubuntu", Outcome.Passed)]
    [DataRow("Partitions/mbr", Outcome.NotApplicable)]
    public void Judges_the_first_MiB(string packed, Outcome outcome)
    {
        using DiskFolder folder = new();
        string raw = folder.Packed("raw.img", packed);
        string path = folder.FromPacked("os.vhd", new FileInfo(raw).Length, packed);

        Assert.AreEqual(outcome, Images.Validate(Images.Linux(path)).Result("MKT1010").Outcome);
    }

    [TestMethod]
    public void A_Windows_disk_declared_as_Linux_is_one_error()
    {
        using DiskFolder folder = new();
        string ntfs = folder.FromPacked("os.vhd", 30 * DiskFolder.GiB, "Volumes/ntfs");

        ValidationReport report = Images.Validate(Images.Linux(ntfs));

        Assert.AreEqual(Outcome.Failed, report.Result("MKT1018").Outcome);
        Assert.AreEqual(Outcome.Inconclusive, report.Result("MKT2001").Outcome);
        Assert.IsEmpty(report.Result("MKT2001").Findings);
        Assert.AreEqual(Outcome.Inconclusive, Images.Validate(Images.Linux(ntfs) with { OSFamily = "windows" }).Result("MKT1018").Outcome);
    }

    [TestMethod]
    [DataRow(127, "")]
    [DataRow(128, "")]
    [DataRow(64, "Warning")]
    [DataRow(300, "Error")]
    public void Judges_the_size_of_a_Windows_disk(int size, string severity)
    {
        using DiskFolder folder = new();

        ValidationReport report = Images.Validate(Images.Linux(folder.FixedVhd("os.vhd", size * DiskFolder.GiB)) with { OSFamily = "Windows" });

        Assert.AreEqual(severity, string.Join(' ', report.Result("MKT1007").Findings.Select(finding => finding.Severity)));
        Assert.AreEqual(Outcome.NotApplicable, report.Result("MKT1006").Outcome);
    }

    [TestMethod]
    [DataRow("Volumes/lvm", "MKT2009")]
    [DataRow("Volumes/swap-4096", "MKT2011")]
    public void Judges_a_volume_by_its_signature(string packed, string id)
    {
        using DiskFolder folder = new();

        Assert.AreEqual(Outcome.Failed, Images.Validate(Images.Linux(folder.FromPacked("os.vhd", 30 * DiskFolder.GiB, packed))).Result(id).Outcome);
    }

    private static byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    private sealed class Throwing : Requirement
    {
        public override string Id => "MKT1000";

        public override string Title => "Throws";

        public override Criterion Current { get; } = new(Severity.Error, "nothing", "nowhere");

        public override string Why => "It is a test";

        public override string Remedy => "none";

        public override CheckResult Check(ImageContext context) => throw new DiskFormatException(DiskFormatErrorKind.Corrupt, "ext4 inode 7", 1024, "the checksum is wrong");
    }

    [TestMethod]
    [DataRow(30L << 30, "30 GiB")]
    [DataRow((30L << 30) - (1 << 20), "30719 MiB")]
    [DataRow((50L << 30) + (1 << 20), "51201 MiB")]
    [DataRow((30L << 30) + (1L << 29), "30.5 GiB")]
    [DataRow((20L << 20) - 512, "20971008 bytes")]
    public void A_size_is_not_rounded_to_the_limit_it_breaks(long bytes, string text) => Assert.AreEqual(text, SizeText.Format(bytes));
}
