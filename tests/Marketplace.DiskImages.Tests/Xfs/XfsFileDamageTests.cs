using System.Buffers.Binary;
using Marketplace.DiskImages.FileSystems.Xfs;

namespace Marketplace.DiskImages.Tests.Xfs;

/// <summary>Inodes, extents, extent trees and links with a few bytes changed and their checksums made right again.</summary>
[TestClass]
public sealed class XfsFileDamageTests
{
    private const int ForkOffset = 176;
    private const int BlockSize = 1024;
    private const int BmapHeader = 72;

    private static MemoryContent Image { get; } = XfsFixture.Load("xfs-1k");

    [TestMethod]
    public void Rejects_an_inode_whose_checksum_is_wrong()
    {
        XfsInode inode = XfsFixture.InodeAt(Image, "/sizes/60");
        foreach (int offset in new[] { 2, 57, 100, 511 })
        {
            DiskFormatException exception = XfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, inode.Structure, "di_crc", Image.Flipped(inode.Offset + offset), "/sizes/60");
            Assert.AreEqual(inode.Offset, exception.Offset);
        }
    }

    [TestMethod]
    [DataRow(0, new byte[] { 0 }, "di_magic")]
    [DataRow(4, new byte[] { 2 }, "di_version is 2")]
    [DataRow(2, new byte[] { 0, 0 }, "not in use")]
    [DataRow(2, new byte[] { 0x30, 0 }, "di_mode is 0x3000")]
    [DataRow(16, new byte[] { 0, 0, 0, 0 }, "di_nlink is 0")]
    [DataRow(56, new byte[] { 0x80 }, "di_size is 0x8000")]
    [DataRow(5, new byte[] { 1 }, "di_format 1")]
    [DataRow(5, new byte[] { 4 }, "di_format 4")]
    [DataRow(24, new byte[] { 0, 0, 0, 0, 0, 0, 0, 22 }, "22 extents")]
    [DataRow(24, new byte[] { 0xFF }, "18374686479671623681 extents")]
    [DataRow(82, new byte[] { 42 }, "di_forkoff is 42")]
    [DataRow(82, new byte[] { 1 }, "1 extents and 1024 bytes does not fit into a fork of 8 bytes")]
    [DataRow(127, new byte[] { 0x38 }, "metadata")]
    [DataRow(152, new byte[] { 1 }, "di_ino is")]
    [DataRow(160, new byte[] { 0 }, "di_uuid")]
    public void Rejects_an_inode_with_a_field_that_cannot_be(int offset, byte[] bytes, string detail) =>
        XfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, XfsFixture.InodeAt(Image, "/sizes/1024").Structure, detail, Image.WithInode("/sizes/1024", offset, bytes), "/sizes/1024");

    [TestMethod]
    public void Rejects_large_counts_the_file_system_does_not_have()
    {
        MemoryContent image = XfsFixture.Load("xfs-rhel8");
        XfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, XfsFixture.InodeAt(image, "/sizes/60").Structure, "nrext64", image.WithInode("/sizes/60", 127, 0x10), "/sizes/60");
    }

    [TestMethod]
    public void Rejects_a_root_that_is_no_directory() =>
        XfsDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, $"XFS inode {XfsFileSystem.Open(Image).Root.Id}", "expected a directory", Image.WithInode("/", 2, 0xA1));

    [TestMethod]
    public void A_realtime_file_is_unsupported_and_nothing_else_is()
    {
        MemoryContent image = Image.WithInode("/sizes/4096", 91, 1);
        XfsDamage.ExpectUse(DiskFormatErrorKind.Unsupported, XfsFixture.InodeAt(Image, "/sizes/4096").Structure, "realtime", image, "/sizes/4096");
        XfsDamage.Use(image, "/sizes/4097");
    }

    [TestMethod]
    [DataRow(0x0000_0000_0000_0000UL, 0x0000_0000_0000_0000UL, "maps 0 blocks")]
    [DataRow(0x0000_0000_0000_01FFUL, 0xFFFF_FFFF_FFE0_0001UL, "not inside the file system")]
    [DataRow(0x0000_0000_0000_0000UL, 0x0000_0000_003F_FFFFUL, "maps 2097151 blocks")]
    public void Rejects_an_extent_that_cannot_be(ulong high, ulong low, string detail)
    {
        byte[] extent = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(extent, high);
        BinaryPrimitives.WriteUInt64BigEndian(extent.AsSpan(8), low);
        string structure = $"XFS extents of inode {XfsFixture.InodeAt(Image, "/sizes/1024").Number}";
        XfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, structure, detail, Image.WithInode("/sizes/1024", ForkOffset, extent), "/sizes/1024");
    }

    [TestMethod]
    public void Rejects_extents_out_of_order()
    {
        XfsInode inode = XfsFixture.InodeAt(Image, "/unwritten-with-data");
        Assert.IsGreaterThan(2UL, inode.ExtentCount);
        byte[] swapped = [.. inode.Fork.AsSpan(16, 16), .. inode.Fork.AsSpan(0, 16)];
        XfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, $"XFS extents of inode {inode.Number}", "is before", Image.WithInode("/unwritten-with-data", ForkOffset, swapped), "/unwritten-with-data");
    }

    [TestMethod]
    [DataRow(0, new byte[] { 0, 0 }, "the root has level 0")]
    [DataRow(0, new byte[] { 0, 15 }, "the root has level 15")]
    [DataRow(2, new byte[] { 0, 0 }, "0 records")]
    [DataRow(2, new byte[] { 0, 21 }, "21 records, the fork has room for")]
    [DataRow(4, new byte[] { 0xFF }, "out of order")]
    public void Rejects_a_root_of_an_extent_tree_that_cannot_be(int offset, byte[] bytes, string detail) =>
        ExpectTree(detail, Image.WithInode("/fragments", ForkOffset + offset, bytes));

    [TestMethod]
    public void The_tree_of_the_fixture_has_two_levels_below_the_root() => Assert.AreEqual(2, Root().Level);

    [TestMethod]
    [DataRow(0, new byte[] { 0 }, "bb_magic")]
    [DataRow(4, new byte[] { 0, 2 }, "level 2")]
    [DataRow(6, new byte[] { 0, 0 }, "0 records")]
    [DataRow(6, new byte[] { 0, 60 }, "60 records")]
    [DataRow(24, new byte[] { 1 }, "the block says it is at sector")]
    [DataRow(40, new byte[] { 1 }, "the UUID of another")]
    [DataRow(56, new byte[] { 1 }, "the block belongs to inode")]
    [DataRow(BmapHeader + 8, new byte[] { 0 }, "out of order")]
    [DataRow(BmapHeader + 8, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 }, "out of order")]
    public void Rejects_a_node_of_an_extent_tree_that_cannot_be(int offset, byte[] bytes, string detail)
    {
        long node = Child();
        bytes = offset == BmapHeader + 8 && bytes.Length == 1 ? [0xFF] : bytes;
        ExpectTree(detail, Image.Sealed(node, BlockSize, XfsBlockHeader.Bmap.Checksum, offset, bytes));
    }

    [TestMethod]
    public void Rejects_a_node_whose_checksum_is_wrong() => ExpectTree("the checksum is", Image.Flipped(Child() + 1000));

    [TestMethod]
    public void A_node_that_leads_to_itself_ends_at_the_level_that_does_not_fit()
    {
        // The first pointer of the node, after room for all keys, leads to the node.
        int pointers = BmapHeader + ((BlockSize - BmapHeader) / 16 * 8);
        byte[] self = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(self, Root().Pointers[0]);
        ExpectTree("level 1 and", Image.Sealed(Child(), BlockSize, XfsBlockHeader.Bmap.Checksum, pointers, self));
    }

    [TestMethod]
    [DataRow(0, new byte[] { 0 }, "sl_magic")]
    [DataRow(7, new byte[] { 1 }, "sl_offset is 1")]
    [DataRow(10, new byte[] { 0, 1 }, "sl_bytes 1,")]
    [DataRow(16, new byte[] { 1 }, "the UUID of another")]
    [DataRow(32, new byte[] { 1 }, "belongs to inode")]
    [DataRow(56, new byte[] { 0 }, "zero byte")]
    public void Rejects_a_link_outside_its_inode_that_cannot_be(int offset, byte[] bytes, string detail)
    {
        MemoryContent image = XfsFixture.Load("xfs-metauuid");
        XfsInode inode = XfsFixture.InodeAt(image, "/long");
        image = image.Sealed(XfsDamage.PositionOf(image, "/long", 0), 4096, XfsBlockHeader.Symlink.Checksum, offset, bytes);
        XfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, $"XFS symbolic link of inode {inode.Number}", detail, image, "/long");
    }

    [TestMethod]
    public void Rejects_links_that_are_too_long_or_not_stored()
    {
        MemoryContent image = XfsFixture.Load("xfs-metauuid");
        string structure = $"XFS symbolic link of inode {XfsFixture.InodeAt(image, "/long").Number}";
        XfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, structure, "at most 1024", image.WithInode("/long", 62, 4, 1), "/long");
        XfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, structure, "not stored", image.WithInode("/long", 24, 0, 0, 0, 0, 0, 0, 0, 0), "/long");
        XfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, structure, "the checksum is", image.Flipped(XfsDamage.PositionOf(image, "/long", 0) + 4000), "/long");
    }

    [TestMethod]
    public void Holes_and_unwritten_extents_take_nothing_from_the_disk()
    {
        // 5 GiB with a few blocks of data: what is read are metadata and those blocks.
        MemoryContent image = XfsFixture.Load("xfs-1k");
        Marketplace.DiskImages.FileSystems.FileNode giant = XfsFileSystem.Open(image).At("/giant");
        byte[] buffer = new byte[4 << 20];
        long before = image.BytesRead;
        for (long offset = 0; giant.Read(offset, buffer) is var read and > 0; offset += read)
        {
        }

        Assert.IsLessThan(100_000L, image.BytesRead - before);
    }

    private static XfsBmapBlock Root() => XfsBmapBlock.ParseRoot(XfsFixture.InodeAt(Image, "/fragments"), XfsVolume.Open(Image).Superblock);

    private static long Child() => XfsVolume.Open(Image).Superblock.PositionOf(Root().Pointers[0]);

    private static void ExpectTree(string detail, MemoryContent image) =>
        XfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, $"XFS extent tree of inode {XfsFixture.InodeAt(Image, "/fragments").Number}", detail, image, "/fragments");
}
