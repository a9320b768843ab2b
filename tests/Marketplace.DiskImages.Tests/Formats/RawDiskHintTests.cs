using Marketplace.DiskImages.Formats;

namespace Marketplace.DiskImages.Tests.Formats;

[TestClass]
public sealed class RawDiskHintTests
{
    [TestMethod]
    public void A_disk_that_never_had_a_footer_is_raw()
    {
        RawDiskHint hint = RawDiskHint.Find(Fixture.Load("Formats/raw.img"));

        Assert.AreEqual((RawDiskKind.RawDisk, 24L << 20), (hint.Kind, hint.ExpectedLength));
    }

    [TestMethod]
    [DataRow("Partitions/gpt-cut", 16L << 20, "GPT")]
    [DataRow("Partitions/gpt-ubuntu", 64L << 20, "GPT")]
    public void A_disk_shorter_than_its_table_says_is_truncated(string name, long expected, string table)
    {
        RawDiskHint hint = RawDiskHint.Find(Fixture.Load(name).Resized(12 << 20));

        Assert.AreEqual((RawDiskKind.Truncated, expected), (hint.Kind, hint.ExpectedLength));
        Assert.Contains($"the {table} describes a disk of {expected} bytes, the file has {12 << 20}", hint.Detail);
    }

    [TestMethod]
    public void A_truncated_disk_with_an_MBR_is_told_by_its_partitions()
    {
        RawDiskHint hint = RawDiskHint.Find(Fixture.Load("Partitions/mbr").Resized(12 << 20));

        Assert.AreEqual((RawDiskKind.Truncated, 512L * (2048 + 20480 + 20480)), (hint.Kind, hint.ExpectedLength));
    }

    [TestMethod]
    public void Bytes_after_the_footer_are_counted()
    {
        MemoryContent vhd = Fixture.Load("Formats/fixed.vhd");
        RawDiskHint hint = RawDiskHint.Find(vhd.Resized(vhd.Length + 3584));

        Assert.AreEqual((RawDiskKind.TrailingBytes, 24L << 20), (hint.Kind, hint.ExpectedLength));
        Assert.Contains("3584 bytes were appended", hint.Detail);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(7)]
    public void A_footer_with_a_damaged_cookie_is_known_by_its_checksum(int offset)
    {
        MemoryContent vhd = Fixture.Load("Formats/fixed.vhd");

        Assert.AreEqual(RawDiskKind.DamagedCookie, RawDiskHint.Find(vhd.Patched(vhd.Length - 512 + offset, 0)).Kind);
    }

    [TestMethod]
    public void A_file_system_without_a_table_is_named()
    {
        RawDiskHint hint = RawDiskHint.Find(Fixture.Load("Volumes/xfs"));

        Assert.AreEqual(RawDiskKind.RawDisk, hint.Kind);
        Assert.Contains("Xfs", hint.Detail);
    }

    [TestMethod]
    public void Zeros_and_text_are_nothing_known()
    {
        Assert.AreEqual(RawDiskKind.Unknown, RawDiskHint.Find(new MemoryContent(1 << 20)).Kind);
        Assert.AreEqual(RawDiskKind.Unknown, RawDiskHint.Find(new MemoryContent("hello"u8)).Kind);
    }
}
