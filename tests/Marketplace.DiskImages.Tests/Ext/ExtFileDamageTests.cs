using System.Buffers.Binary;
using Marketplace.DiskImages.FileSystems.Ext;

namespace Marketplace.DiskImages.Tests.Ext;

/// <summary>Group descriptors, inodes, extent trees, block maps, inline data and links with a few bytes changed.</summary>
[TestClass]
public sealed class ExtFileDamageTests
{
    private const int InodeFlags = 0x20;
    private const int InodeBlock = 0x28;

    private static MemoryContent Checked { get; } = ExtFixture.Load("ext4-1k");

    private static MemoryContent Unchecked { get; } = ExtFixture.Load("ext4-nocsum");

    private static MemoryContent Mapped { get; } = ExtFixture.Load("ext2");

    private static MemoryContent Inline { get; } = ExtFixture.Load("ext4-inline-nocsum");

    [TestMethod]
    [DataRow("ext4-default", 4096)]
    [DataRow("ext4-gdt-csum", 4096)]
    [DataRow("ext4-gdt-csum32", 2048)]
    public void Rejects_a_group_descriptor_whose_checksum_is_wrong(string name, int offset)
    {
        DiskFormatException exception = ExtDamage.ExpectOpen(
            DiskFormatErrorKind.Corrupt, "ext4 group descriptor 0", "bg_checksum", ExtFixture.Load(name).Flipped(offset + 0x0C));
        Assert.AreEqual(offset, exception.Offset);
    }

    [TestMethod]
    public void Rejects_an_inode_table_outside_the_file_system()
    {
        foreach (uint table in new uint[] { 0, 1, 16384, 16383, uint.MaxValue })
        {
            ExtDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, "ext4 group descriptor 0", $"bg_inode_table is {table}", Patch(Unchecked, 2048 + 8, table));
        }
    }

    [TestMethod]
    [DataRow("ext4-default")]
    [DataRow("ext4-128")]
    [DataRow("ext4-seed-orphan")]
    [DataRow("ext4-64k")]
    public void Rejects_an_inode_whose_checksum_is_wrong(string name)
    {
        MemoryContent image = ExtFixture.Load(name);
        ExtInode inode = ExtFixture.InodeAt(image, "/sizes/60");
        foreach (int offset in new[] { 0x02, 0x64, 0x7C, 0x7F })
        {
            DiskFormatException exception = ExtDamage.Expect(
                DiskFormatErrorKind.Corrupt, inode.Structure, "i_checksum", () => ExtDamage.Use(image.Flipped(inode.Offset + offset), "/sizes/60"));
            Assert.AreEqual(inode.Offset, exception.Offset);
        }
    }

    [TestMethod]
    [DataRow(0x80, new byte[] { 2 }, "i_extra_isize is 2")]
    [DataRow(0x80, new byte[] { 132 }, "i_extra_isize is 132")]
    [DataRow(0x00, new byte[] { 0, 0 }, "not in use")]
    [DataRow(0x00, new byte[] { 0, 0x30 }, "i_mode is 0x3000")]
    [DataRow(0x1A, new byte[] { 0, 0 }, "i_links_count is 0")]
    [DataRow(0x6F, new byte[] { 0x80 }, "i_size is 0x8000")]
    public void Rejects_an_inode_with_a_field_that_cannot_be(int offset, byte[] bytes, string detail)
    {
        ExtInode inode = ExtFixture.InodeAt(Unchecked, "/sizes/1024");
        ExtDamage.Expect(DiskFormatErrorKind.Corrupt, inode.Structure, detail, () => ExtDamage.Use(Unchecked.Patched(inode.Offset + offset, bytes), "/sizes/1024"));
    }

    [TestMethod]
    public void Rejects_a_root_that_is_no_directory() =>
        ExtDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, "ext4 inode 2", "expected a directory", Unchecked.Patched(ExtFixture.InodeAt(Unchecked, "/").Offset, 0xA4, 0x81));

    [TestMethod]
    [DataRow(0, new byte[] { 0x0B }, "eh_magic")]
    [DataRow(2, new byte[] { 5 }, "eh_entries is 5")]
    [DataRow(4, new byte[] { 5 }, "eh_max 5")]
    [DataRow(4, new byte[] { 0 }, "eh_max 0")]
    [DataRow(6, new byte[] { 6 }, "eh_depth is 6")]
    [DataRow(6, new byte[] { 1 }, "ei_leaf is block")]
    [DataRow(16, new byte[] { 0, 0 }, "covers the 0 blocks")]
    [DataRow(18, new byte[] { 1, 0 }, "not inside the file system")]
    [DataRow(20, new byte[] { 0, 0, 0, 0 }, "not inside the file system")]
    public void Rejects_a_root_of_an_extent_tree_that_cannot_be(int offset, byte[] bytes, string detail) =>
        ExpectExtents(detail, Unchecked, "/sizes/1024", image => image.Patched(ExtFixture.InodeAt(Unchecked, "/sizes/1024").BlockAreaPosition + offset, bytes));

    [TestMethod]
    public void Rejects_blocks_of_an_extent_tree_that_cannot_be()
    {
        (ExtInode inode, long leaf) = FirstChild(Unchecked, "/fragmented");
        ExpectExtents("eh_magic", Unchecked, "/fragmented", image => image.Flipped(leaf));
        ExpectExtents("eh_depth is 2, expected 0", Unchecked, "/fragmented", image => image.Patched(leaf + 6, 2));
        ExpectExtents("extent 1 covers", Unchecked, "/fragmented", image => image.Patched(leaf + 24, 0));
        ExpectExtents("eh_max 255", Unchecked, "/fragmented", image => image.Patched(leaf + 4, 255));
        ExpectExtents("extent 0 has", Unchecked, "/fragmented", image => Patch(image, leaf + 20, 16383).Patched(leaf + 16, 2));
        ExpectExtents("eh_depth is 1, expected 0", Unchecked, "/fragmented", image => image.Patched(leaf, Index(depth: 1, leaf)));
        ExpectExtents("eh_entries is 0 at depth 1", Unchecked, "/fragmented", image => image.Patched(inode.BlockAreaPosition + 2, 0));
    }

    [TestMethod]
    public void A_loop_of_extent_blocks_ends_at_the_level_that_does_not_fit()
    {
        (ExtInode inode, long leaf) = FirstChild(Unchecked, "/fragmented");

        // Root of depth 5 whose child says depth 4 and points to itself: its next visit expects depth 3.
        byte[] index = Index(depth: 4, leaf);
        ExpectExtents("eh_depth is 4, expected 3", Unchecked, "/fragmented", image => image.Patched(leaf, index).Patched(inode.BlockAreaPosition + 6, 5));
    }

    [TestMethod]
    public void Rejects_an_extent_block_whose_checksum_is_wrong()
    {
        (_, long child) = FirstChild(Checked, "/fragmented");
        ExpectExtents("et_checksum", Checked, "/fragmented", image => image.Flipped(child + 12 + 7));
        ExpectExtents("et_checksum", Checked, "/fragmented", image => image.Flipped(child + 1020));
    }

    [TestMethod]
    public void Rejects_a_block_map_that_leads_out_of_the_file_system()
    {
        ExtInode inode = ExtFixture.InodeAt(Mapped, "/sizes/300000");
        string structure = $"ext4 block map of inode {inode.Number}";
        foreach (int pointer in new[] { 0, 11, 12, 13 })
        {
            ExtDamage.Expect(DiskFormatErrorKind.Corrupt, structure, "block 24576", () =>
                ExtDamage.Use(Patch(Mapped, inode.BlockAreaPosition + (pointer * 4), 24576), "/sizes/300000"));
        }

        long indirect = 1024L * BinaryPrimitives.ReadUInt32LittleEndian(inode.BlockArea.AsSpan(48));
        DiskFormatException exception = ExtDamage.Expect(DiskFormatErrorKind.Corrupt, structure, "block 1,", () => ExtDamage.Use(Patch(Mapped, indirect + 8, 1), "/sizes/300000"));
        Assert.AreEqual(indirect, exception.Offset);
    }

    [TestMethod]
    public void Rejects_a_size_beyond_the_reach_of_the_map()
    {
        ExtInode inode = ExtFixture.InodeAt(Mapped, "/sizes/1024");
        ExtDamage.Expect(DiskFormatErrorKind.Corrupt, $"ext4 block map of inode {inode.Number}", "three levels", () =>
            ExtDamage.Use(Mapped.Patched(inode.Offset + 0x6C, 5), "/sizes/1024"));
        ExpectExtents("i_size", Unchecked, "/sizes/1024", image => image.Patched(ExtFixture.InodeAt(image, "/sizes/1024").Offset + 0x6E, 1));
    }

    [TestMethod]
    public void Rejects_inline_data_that_is_not_where_it_should_be()
    {
        ExtInode inode = ExtFixture.InodeAt(Inline, "/sizes/100");
        string data = $"ext4 inline data of inode {inode.Number}";
        string attributes = $"ext4 extended attributes of inode {inode.Number}";
        long area = inode.Offset + 128 + 32;
        Assert.AreEqual((byte)'d', Inline.ReadBytes(area + 4 + 16, 1)[0]);
        Damage(data, "no attribute system.data", Inline.Flipped(area));
        Damage(data, "no attribute system.data", Inline.Flipped(area + 4 + 17));
        Damage(attributes, "the value of system.data", Inline.Patched(area + 4 + 3, 1));
        Damage(attributes, "the value of system.data", Inline.Patched(area + 4 + 11, 0x80));
        Damage(attributes, "e_value_inum of system.data is 12", Inline.Patched(area + 4 + 4, 12));
        Damage(attributes, "reaches past", Inline.Patched(area + 4, 200));
        Damage(data, "i_size is 355", Inline.Patched(inode.Offset + 5, 1).Patched(inode.Offset + 4, 99));

        void Damage(string structure, string detail, MemoryContent image) =>
            ExtDamage.Expect(DiskFormatErrorKind.Corrupt, structure, detail, () => ExtDamage.Use(image, "/sizes/100"));
    }

    [TestMethod]
    public void Rejects_a_link_without_a_proper_target()
    {
        ExtInode inode = ExtFixture.InodeAt(Unchecked, "/links/short");
        string structure = $"ext4 symbolic link of inode {inode.Number}";
        ExtDamage.Expect(DiskFormatErrorKind.Corrupt, structure, "0 bytes", () => ExtDamage.Use(Unchecked.Patched(inode.Offset + 4, 0), "/links/short"));
        ExtDamage.Expect(DiskFormatErrorKind.Corrupt, structure, "65548 bytes", () => ExtDamage.Use(Unchecked.Patched(inode.Offset + 6, 1), "/links/short"));
        ExtDamage.Expect(DiskFormatErrorKind.Corrupt, structure, "zero byte", () => ExtDamage.Use(Unchecked.Patched(inode.Offset + InodeBlock, 0), "/links/short"));
    }

    [TestMethod]
    public void An_encrypted_file_is_unsupported_and_its_neighbours_are_read()
    {
        MemoryContent image = ExtFixture.Load("ext4-encrypt");
        uint file = ExtFixture.InodeAt(image, "/linked-secret").Number;
        uint directory = ExtFixture.InodeAt(image, "/encrypted").Number;
        ExtDamage.Expect(DiskFormatErrorKind.Unsupported, $"ext4 inode {file}", "encrypted", () => ExtDamage.Use(image, "/linked-secret"));
        ExtDamage.Expect(DiskFormatErrorKind.Unsupported, $"ext4 inode {directory}", "encrypted", () => ExtDamage.Use(image, "/encrypted"));
        ExtDamage.Expect(DiskFormatErrorKind.Unsupported, $"ext4 inode {directory}", "encrypted", () => ExtFileSystem.Open(image).Root.Find("encrypted")!.Find("x"));
        Assert.AreEqual("open\n", System.Text.Encoding.ASCII.GetString(ExtFileSystem.Open(image).At("/open").ReadAll()));

        ExtInode link = ExtFixture.InodeAt(Unchecked, "/links/short");
        ExtDamage.Expect(DiskFormatErrorKind.Unsupported, link.Structure, "encrypted", () => ExtDamage.Use(Unchecked.Patched(link.Offset + InodeFlags + 1, 8), "/links/short"));
    }

    private static void ExpectExtents(string detail, MemoryContent image, string path, Func<MemoryContent, MemoryContent> change)
    {
        uint number = ExtFixture.InodeAt(image, path).Number;
        ExtDamage.Expect(DiskFormatErrorKind.Corrupt, $"ext4 extent tree of inode {number}", detail, () => ExtDamage.Use(change(image), path));
    }

    // The inode of a file whose extent tree has blocks, and where the first of them is.
    private static (ExtInode Inode, long Offset) FirstChild(MemoryContent image, string path)
    {
        ExtInode inode = ExtFixture.InodeAt(image, path);
        Assert.IsGreaterThan(0, inode.BlockArea[6]);
        return (inode, BinaryPrimitives.ReadUInt32LittleEndian(inode.BlockArea.AsSpan(16)) * (long)ExtVolume.Open(image).Superblock.BlockSize);
    }

    // An extent block with one index that leads to the block at an offset.
    private static byte[] Index(byte depth, long offset)
    {
        byte[] block = [0x0A, 0xF3, 1, 0, 84, 0, depth, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(16), (uint)(offset / 1024));
        return block;
    }

    private static MemoryContent Patch(MemoryContent image, long offset, uint value)
    {
        byte[] bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return image.Patched(offset, bytes);
    }
}
