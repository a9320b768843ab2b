using Marketplace.Requirements.Model;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests;

/// <summary>MKT1018 on disks with Windows.</summary>
[TestClass]
public sealed class WindowsDiskTests
{
    // Offset of the boot sector's OEM identifier within the volume.
    private const long OemOffset = 3;

    [TestMethod]
    public void A_Windows_disk_declared_as_Windows_is_one_and_without_its_registry_cannot_be_checked()
    {
        using DiskFolder folder = new();
        ValidationReport report = Images.Validate(Images.Linux(WindowsDisks.Create(folder, "os.vhd")) with { OSFamily = "Windows" });

        Assert.AreEqual(Outcome.Passed, report.Result("MKT1018").Outcome);
        Assert.AreEqual(Outcome.Passed, report.Result("MKT1017").Outcome);

        // The files that stand for its hives are none: nothing about the registry is passed.
        Assert.IsTrue(report.Diagnostics.All(finding => finding is { Code: "MKT1090", Severity: Severity.Warning, Outcome: Outcome.Inconclusive }));
        foreach (string id in (string[])["MKT3001", "MKT3002", "MKT3003", "MKT3004", "MKT3005", "MKT3007", "MKT3015"])
        {
            Assert.AreEqual(Outcome.Inconclusive, report.Result(id).Outcome, id);
        }
    }

    [TestMethod]
    public void What_is_asked_of_Windows_does_not_apply_to_Linux()
    {
        using DiskFolder folder = new();
        ValidationReport report = Images.Validate(Images.Linux(WindowsDisks.Create(folder, "os.vhd")));

        Assert.AreEqual(Outcome.NotApplicable, report.Result("MKT3001").Outcome);
    }

    [TestMethod]
    public void A_disk_without_Windows_is_told_once()
    {
        using DiskFolder folder = new();
        string path = WindowsDisks.Create(folder, "os.vhd");
        Rename(path, "Windows");

        ValidationReport report = Images.Validate(Images.Linux(path) with { OSFamily = "Windows" });

        Assert.AreEqual("MKT1018", string.Join(' ', report.Codes()));
        Assert.AreEqual(Outcome.Inconclusive, report.Result("MKT3007").Outcome);
    }

    [TestMethod]
    public void A_Windows_disk_declared_as_Linux_fails_and_says_where_Windows_is()
    {
        using DiskFolder folder = new();
        ValidationReport report = Images.Validate(Images.Linux(WindowsDisks.Create(folder, "os.vhd")));

        Finding finding = report.Diagnostics.Single(finding => finding.Code == "MKT1018");
        Assert.AreEqual("/Windows/System32", finding.PathInDisk);
        Assert.Contains("holds Windows (partition 1)", finding.Found);
    }

    [TestMethod]
    public void A_data_volume_declared_as_the_Windows_disk_fails()
    {
        using DiskFolder folder = new();
        string path = WindowsDisks.Create(folder, "os.vhd");
        Rename(path, "Windows");

        RequirementResult result = Images.Validate(Images.Linux(path) with { OSFamily = "Windows" }).Result("MKT1018");
        Assert.AreEqual(Outcome.Failed, result.Outcome);
    }

    [TestMethod]
    public void Encrypted_with_BitLocker_it_cannot_be_seen()
    {
        using DiskFolder folder = new();
        string path = WindowsDisks.Create(folder, "os.vhd");
        DiskFolder.Patch(path, WindowsDisks.PartitionOffset + OemOffset, [.. "-FVE-FS-"u8]);

        RequirementResult result = Images.Validate(Images.Linux(path) with { OSFamily = "Windows" }).Result("MKT1018");
        Assert.AreEqual(Outcome.Inconclusive, result.Outcome);
        Assert.Contains("BitLocker", result.Reason);
    }

    [TestMethod]
    public void With_an_open_log_it_cannot_be_seen()
    {
        using DiskFolder folder = new();
        string path = WindowsDisks.Create(folder, "os.vhd");
        Corrupt(path);

        RequirementResult result = Images.Validate(Images.Linux(path) with { OSFamily = "Windows" }).Result("MKT1018");
        Assert.AreEqual(Outcome.Inconclusive, result.Outcome);
        Assert.Contains("$LogFile", result.Reason);
    }

    // mkntfs fills $LogFile with FF: the first page of nothing else is it.
    private static void Corrupt(string path) => DiskFolder.Patch(path, Find(path, Enumerable.Repeat((byte)0xFF, 4096).ToArray(), 4096), (byte)'X');

    // Both the entry in the root directory and the name in the file itself.
    private static void Rename(string path, string name)
    {
        byte[] old = System.Text.Encoding.Unicode.GetBytes(name);
        for (long offset; (offset = Find(path, old, 2)) >= 0;)
        {
            DiskFolder.Patch(path, offset + old.Length - 2, (byte)'x');
        }
    }

    private static long Find(string path, byte[] bytes, int step)
    {
        using FileStream file = File.OpenRead(path);
        byte[] volume = new byte[16 * DiskFolder.MiB];
        file.Position = WindowsDisks.PartitionOffset;
        file.ReadExactly(volume);
        for (int offset = 0; offset + bytes.Length <= volume.Length; offset += step)
        {
            if (volume.AsSpan(offset, bytes.Length).SequenceEqual(bytes))
            {
                return WindowsDisks.PartitionOffset + offset;
            }
        }

        return -1;
    }
}
