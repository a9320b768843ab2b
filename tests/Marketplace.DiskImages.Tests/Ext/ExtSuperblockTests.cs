using Marketplace.DiskImages.FileSystems.Ext;

namespace Marketplace.DiskImages.Tests.Ext;

[TestClass]
public sealed class ExtSuperblockTests
{
    private const string Structure = "ext4 superblock";

    private static MemoryContent Unchecked { get; } = ExtFixture.Load("ext4-nocsum");

    [TestMethod]
    [DataRow(0x38, new byte[] { 0x54 }, "s_magic")]
    [DataRow(0x18, new byte[] { 7 }, "s_log_block_size is 7")]
    [DataRow(0x1C, new byte[] { 3 }, "s_log_cluster_size is 3")]
    [DataRow(0x20, new byte[] { 0, 0, 0, 0 }, "s_blocks_per_group is 0")]
    [DataRow(0x20, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, "s_blocks_per_group is 4294967295")]
    [DataRow(0x28, new byte[] { 0, 0, 0, 0 }, "s_inodes_per_group is 0")]
    [DataRow(0x00, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, "s_inodes_count is 4294967295")]
    [DataRow(0x14, new byte[] { 2 }, "s_first_data_block 2")]
    [DataRow(0x04, new byte[] { 0, 0, 0, 0 }, "s_blocks_count is 0")]
    [DataRow(0x58, new byte[] { 0x7F, 0 }, "s_inode_size is 127")]
    [DataRow(0x58, new byte[] { 0, 0x10 }, "s_inode_size is 4096")]
    [DataRow(0x54, new byte[] { 3 }, "s_first_ino is 3")]
    public void Rejects_a_field_that_cannot_be(int offset, byte[] bytes, string detail) =>
        ExtDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, Structure, detail, Unchecked.Patched(1024 + offset, bytes));

    [TestMethod]
    [DataRow(0x4C, (byte)2, "s_rev_level is 2")]
    [DataRow(0x60, (byte)0x43, "0x1 (compression)")]
    [DataRow(0x61, (byte)0x12, "0x1000 (dirdata)")]
    [DataRow(0x62, (byte)0x04, "0x40000")]
    [DataRow(0x60, (byte)0x4A, "journal_dev")]
    public void Names_a_feature_it_does_not_read(int offset, byte value, string detail) =>
        ExtDamage.ExpectOpen(DiskFormatErrorKind.Unsupported, Structure, detail, Unchecked.Patched(1024 + offset, value));

    [TestMethod]
    public void Rejects_a_superblock_whose_checksum_is_wrong_and_names_a_copy()
    {
        MemoryContent image = ExtFixture.Load("ext4-default").Flipped(1024 + 0x8F);
        DiskFormatException exception = ExtDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, Structure, "s_checksum", image);
        Assert.Contains("block 32768", exception.Detail);
        Assert.AreEqual(1024, exception.Offset);
    }

    [TestMethod]
    public void Does_not_know_another_kind_of_checksum() =>
        ExtDamage.ExpectOpen(DiskFormatErrorKind.Unsupported, Structure, "s_checksum_type is 2", ExtFixture.Load("ext4-default").Patched(1024 + 0x175, 2));

    [TestMethod]
    [DataRow((byte)65)]
    [DataRow((byte)32)]
    [DataRow((byte)0)]
    public void Rejects_a_descriptor_size_that_cannot_be(byte size) =>
        ExtDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, Structure, $"s_desc_size is {size}", ExtFixture.Load("ext4-gdt-csum").Patched(1024 + 0xFE, size));

    [TestMethod]
    public void Rejects_a_volume_shorter_than_the_file_system()
    {
        ExtDamage.ExpectOpen(DiskFormatErrorKind.Truncated, Structure, "16384 blocks of 1024 bytes", Unchecked.Resized((16 << 20) - 1024));
        ExtDamage.ExpectOpen(DiskFormatErrorKind.Truncated, Structure, "2047 bytes", Unchecked.Resized(2047));
        ExtDamage.ExpectOpen(DiskFormatErrorKind.Truncated, Structure, "4294967295 blocks", Unchecked.Patched(1024 + 4, 0xFF, 0xFF, 0xFF, 0xFF));
    }

    [TestMethod]
    public void Tells_recorded_errors_an_unclean_state_and_orphans()
    {
        Assert.IsEmpty(ExtFileSystem.Open(Unchecked).Notes);
        IReadOnlyList<string> notes = ExtFileSystem.Open(Unchecked.Patched(1024 + 0x3A, 2).Patched(1024 + 0x194, 3).Patched(1024 + 0xE8, 12)).Notes;
        Assert.HasCount(3, notes);
        Assert.Contains("not cleanly unmounted", notes[0]);
        Assert.Contains("s_error_count 3", notes[1]);
        Assert.Contains("orphan", notes[2]);
    }

    [TestMethod]
    public void Ignores_read_only_features_it_does_not_know() =>
        Assert.AreEqual("ext4", ExtFileSystem.Open(Unchecked.Patched(1024 + 0x67, 0x80)).TypeName);
}
