using Marketplace.DiskImages.FileSystems.Ext;

namespace Marketplace.DiskImages.Tests.Ext;

[TestClass]
public sealed class ExtDirectoryDamageTests
{
    private static MemoryContent Checked { get; } = ExtFixture.Load("ext4-1k");

    private static MemoryContent Unchecked { get; } = ExtFixture.Load("ext4-nocsum");

    [TestMethod]
    [DataRow(4, new byte[] { 0, 0 }, "rec_len is 0")]
    [DataRow(4, new byte[] { 8, 0 }, "rec_len is 8")]
    [DataRow(4, new byte[] { 13, 0 }, "rec_len is 13")]
    [DataRow(4, new byte[] { 0, 8 }, "rec_len is 2048")]
    [DataRow(6, new byte[] { 0 }, "name_len is 0")]
    [DataRow(6, new byte[] { 255 }, "name_len is 255")]
    [DataRow(8, new byte[] { 0x2F }, "slash")]
    [DataRow(8, new byte[] { 0 }, "zero byte")]
    [DataRow(0, new byte[] { 0xFF, 0xFF, 0, 0 }, "inode 65535")]
    [DataRow(0, new byte[] { 8, 0, 0, 0 }, "inode 8")]
    public void Rejects_an_entry_that_cannot_be(int offset, byte[] bytes, string detail)
    {
        // The third entry of a new directory, after "." and "..", 12 bytes each.
        (ExtInode inode, long block) = Block(Unchecked, "/few3", 0);
        DiskFormatException exception = ExtDamage.Expect(
            DiskFormatErrorKind.Corrupt, $"ext4 directory block of inode {inode.Number}", detail, () => ExtDamage.Use(Unchecked.Patched(block + 24 + offset, bytes), "/few3"));
        Assert.AreEqual(block + 24, exception.Offset);
    }

    [TestMethod]
    [DataRow("/few1", 0)]
    [DataRow("/many", 0)]
    [DataRow("/many", 1)]
    [DataRow("/many", 30)]
    public void Rejects_a_block_whose_checksum_is_wrong(string path, int logical)
    {
        (ExtInode inode, long block) = Block(Checked, path, logical);
        ExtDamage.Expect(DiskFormatErrorKind.Corrupt, $"ext4 directory block of inode {inode.Number}", "the checksum is", () => ExtDamage.Use(Checked.Flipped(block + 6), path));
    }

    [TestMethod]
    public void Rejects_a_block_without_the_entry_that_holds_its_checksum()
    {
        (ExtInode inode, long block) = Block(Checked, "/few1", 0);
        ExtDamage.Expect(DiskFormatErrorKind.Corrupt, $"ext4 directory block of inode {inode.Number}", "does not end with a checksum entry", () =>
            ExtDamage.Use(Checked.Patched(block + 1024 - 5, 0xDD), "/few1"));
    }

    [TestMethod]
    public void Rejects_an_index_with_more_entries_than_it_has_room_for()
    {
        (ExtInode inode, long block) = Block(Checked, "/many", 0);
        string structure = $"ext4 directory block of inode {inode.Number}";
        ExtDamage.Expect(DiskFormatErrorKind.Corrupt, structure, "do not fit", () => ExtDamage.Use(Checked.Patched(block + 0x20, 0xFF, 0xFF), "/many"));
        ExtDamage.Expect(DiskFormatErrorKind.Corrupt, structure, "do not fit", () => ExtDamage.Use(Checked.Patched(block + 0x22, 0xFF, 0xFF), "/many"));
    }

    [TestMethod]
    public void Rejects_a_directory_with_a_hole_or_a_part_of_a_block()
    {
        ExtInode inode = ExtFixture.InodeAt(Unchecked, "/few3");
        ExtDamage.Expect(DiskFormatErrorKind.Corrupt, $"ext4 directory block of inode {inode.Number}", "no data is stored for block 1", () =>
            ExtDamage.Use(Unchecked.Patched(inode.Offset + 4, 0, 8), "/few3"));
        ExtDamage.Expect(DiskFormatErrorKind.Corrupt, inode.Structure, "i_size of the directory is 1025", () => ExtDamage.Use(Unchecked.Patched(inode.Offset + 4, 1), "/few3"));
        ExtDamage.Expect(DiskFormatErrorKind.Corrupt, inode.Structure, "i_size of the directory is 0", () => ExtDamage.Use(Unchecked.Patched(inode.Offset + 4, 0, 0), "/few3"));
    }

    [TestMethod]
    public void Rejects_a_directory_that_uses_a_block_twice()
    {
        MemoryContent image = ExtFixture.Load("ext2");
        (ExtInode inode, long block) = Block(image, "/many", 0);
        ExtDamage.Expect(DiskFormatErrorKind.Corrupt, $"ext4 directory block of inode {inode.Number}", "twice", () =>
            ExtDamage.Use(image.Patched(inode.BlockAreaPosition + 4, (byte)(block >> 10), (byte)(block >> 18), (byte)(block >> 26), 0), "/many"));
    }

    [TestMethod]
    public void Does_not_read_a_directory_of_gigabytes()
    {
        ExtInode inode = ExtFixture.InodeAt(Unchecked, "/few3");
        ExtDamage.Expect(DiskFormatErrorKind.Unsupported, inode.Structure, "at most 67108864", () => ExtDamage.Use(Unchecked.Patched(inode.Offset + 7, 0x7F), "/few3"));
    }

    private static (ExtInode Inode, long Offset) Block(MemoryContent image, string path, int logical)
    {
        ExtInode inode = ExtFixture.InodeAt(image, path);
        ExtVolume volume = ExtVolume.Open(image);
        return (inode, volume.MapOf(inode).Find(logical).Physical * volume.Superblock.BlockSize);
    }
}
