using Marketplace.DiskImages.FileSystems.Xfs;

namespace Marketplace.DiskImages.Tests.Xfs;

/// <summary>Superblocks with a few bytes changed.</summary>
[TestClass]
public sealed class XfsSuperblockTests
{
    private const string Structure = "XFS superblock";

    private static MemoryContent Image { get; } = XfsFixture.Load("xfs-rhel8");

    [TestMethod]
    public void Rejects_a_superblock_whose_checksum_is_wrong()
    {
        XfsDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, Structure, "sb_crc is", Image.Flipped(0x80));
        XfsDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, Structure, "sb_crc is", XfsFixture.Load("xfs-s4096").Flipped(4095));
    }

    [TestMethod]
    [DataRow(0x00, new byte[] { 0 }, "sb_magicnum")]
    [DataRow(0x04, new byte[] { 0, 0, 2, 0 }, "sb_blocksize is 512")]
    [DataRow(0x04, new byte[] { 0, 0, 0, 0 }, "sb_blocksize is 0")]
    [DataRow(0x04, new byte[] { 0x80, 0, 0, 0 }, "sb_blocksize is 2147483648")]
    [DataRow(0x78, new byte[] { 44 }, "sb_blocklog 44")]
    [DataRow(0x66, new byte[] { 0, 0 }, "sb_sectsize is 0")]
    [DataRow(0x66, new byte[] { 3, 0 }, "sb_sectsize is 768")]
    [DataRow(0x68, new byte[] { 1, 0 }, "sb_inodesize is 256")]
    [DataRow(0x68, new byte[] { 0x10, 0 }, "sb_inodesize is 4096")]
    [DataRow(0x7A, new byte[] { 41 }, "sb_inodelog 41")]
    [DataRow(0x6A, new byte[] { 0, 9 }, "sb_inopblock is 9")]
    [DataRow(0x7B, new byte[] { 4 }, "sb_inopblog 4")]
    [DataRow(0xC0, new byte[] { 5 }, "sb_dirblklog is 5")]
    [DataRow(0x54, new byte[] { 0, 0, 0, 0 }, "sb_agblocks is 0")]
    [DataRow(0x7C, new byte[] { 31 }, "sb_agblklog 31")]
    [DataRow(0x58, new byte[] { 0, 0, 0, 0 }, "with 0 groups")]
    [DataRow(0x58, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, "with 4294967295 groups")]
    [DataRow(0x08, new byte[] { 0xFF }, "sb_dblocks is 18374")]
    [DataRow(0x7E, new byte[] { 1 }, "sb_inprogress")]
    [DataRow(0x60, new byte[] { 0, 0, 0, 0 }, "sb_logblocks 0")]
    [DataRow(0x60, new byte[] { 0xFF }, "not inside an allocation group")]
    [DataRow(0x30, new byte[] { 0xFF }, "not inside an allocation group")]
    public void Rejects_a_field_that_cannot_be(int offset, byte[] bytes, string detail) =>
        XfsDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, Structure, detail, Image.WithSuperblock(offset, bytes));

    [TestMethod]
    [DataRow(0x65, 0xA3, "the version is 3")]
    [DataRow(0x65, 0xA6, "the version is 6")]
    [DataRow(0x64, 0x94, "directories of version 1")]
    [DataRow(0x64, 0xA4, "without the flag of unwritten extents")]
    [DataRow(0xDB, 0x11, "needsrepair")]
    [DataRow(0xDA, 0x01, "0x100 (metadir)")]
    [DataRow(0xDA, 0x02, "0x200 (zoned)")]
    [DataRow(0xDA, 0x04, "0x400,")]
    [DataRow(0xD8, 0x80, "0x80000000,")]
    public void Names_what_it_does_not_read(int offset, int value, string detail) =>
        XfsDamage.ExpectOpen(DiskFormatErrorKind.Unsupported, Structure, detail, Image.WithSuperblock(offset, (byte)value));

    [TestMethod]
    public void A_log_on_another_device_is_unsupported() =>
        XfsDamage.ExpectOpen(DiskFormatErrorKind.Unsupported, Structure, "another device", Image.WithSuperblock(0x30, 0, 0, 0, 0, 0, 0, 0, 0));

    [TestMethod]
    public void Reads_a_file_system_with_features_that_change_nothing_for_a_reader()
    {
        // Unknown bits of sb_features_ro_compat and sb_features_compat forbid writing only.
        Assert.AreEqual("xfs", XfsFileSystem.Open(Image.WithSuperblock(0xD4, 0x80).WithSuperblock(0xD0, 0x80)).TypeName);
    }

    [TestMethod]
    public void A_volume_shorter_than_its_file_system_is_cut_off()
    {
        XfsDamage.ExpectOpen(DiskFormatErrorKind.Truncated, Structure, "12288 blocks of 4096 bytes, the volume has 50327552 bytes", Image.Resized(Image.Length - 4096));
        XfsDamage.ExpectOpen(DiskFormatErrorKind.Truncated, Structure, "100 bytes", Image.Resized(100));
        Assert.AreEqual("xfs", XfsFileSystem.Open(Image.Resized(Image.Length + 4096)).TypeName);
    }

    [TestMethod]
    public void The_identifier_for_people_and_that_of_the_structures_may_differ()
    {
        MemoryContent image = XfsFixture.Load("xfs-metauuid");
        Assert.AreEqual("99999999-8888-7777-6666-555555555555", XfsFileSystem.Open(image).Uuid);

        // Without the feature the structures would have to have the new one.
        XfsDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, "XFS inode 128", "di_uuid", image.WithSuperblock(0xDB, (byte)(image.ReadBytes(0xDB, 1)[0] & ~4)));
    }

    [TestMethod]
    public void Has_the_label_and_the_identifier_blkid_shows()
    {
        XfsFileSystem fileSystem = XfsFileSystem.Open(Image);
        Assert.AreEqual("xfs-rhel8", fileSystem.Label);
        Assert.AreEqual("11223344-5566-7788-99aa-bbccddeeff00", fileSystem.Uuid);
        Assert.IsEmpty(fileSystem.Notes);
    }
}
