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
    public void A_Windows_disk_declared_as_Windows_passes()
    {
        using DiskFolder folder = new();
        ValidationReport report = Images.Validate(Images.Linux(WindowsDisks.Create(folder, "os.vhd")) with { OSFamily = "Windows" });

        Assert.AreEqual(Outcome.Passed, report.Result("MKT1018").Outcome);
        Assert.AreEqual(Outcome.Passed, report.Result("MKT1017").Outcome);

        // The files that stand for its hives are none: nothing about the registry is passed.
        Assert.AreEqual("MKT1090", string.Join(' ', report.Codes()));
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
