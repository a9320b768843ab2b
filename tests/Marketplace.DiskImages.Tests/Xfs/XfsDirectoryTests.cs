using System.Buffers.Binary;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.FileSystems.Xfs;

namespace Marketplace.DiskImages.Tests.Xfs;

/// <summary>Directories in every form, looked into by name, and with a few bytes changed.</summary>
[TestClass]
public sealed class XfsDirectoryTests
{
    private const int BlockSize = 4096;
    private const int Header = 64;
    private const long LeafBlock = XfsFormat.DirectoryLeafOffset / 1024;

    private static MemoryContent Image { get; } = XfsFixture.Load("xfs-1k");

    [TestMethod]
    public void The_fixture_has_every_form_of_directory()
    {
        XfsInode Inode(string path) => XfsFixture.InodeAt(Image, path);
        ushort IndexMagic(string path) => BinaryPrimitives.ReadUInt16BigEndian(Image.ReadBytes(XfsDamage.PositionOf(Image, path, LeafBlock) + 8, 2));
        Assert.AreEqual(XfsForkFormat.Local, Inode("/few3").Format);
        Assert.AreEqual("XDB3", System.Text.Encoding.ASCII.GetString(Image.ReadBytes(XfsDamage.PositionOf(Image, "/names", 0), 4)));
        Assert.AreEqual(XfsFormat.NodeV5, IndexMagic("/many"));
        Assert.AreEqual(XfsForkFormat.Btree, Inode("/apart").Format);

        // The directory of another one has so few names that its index is a single leaf.
        MemoryContent other = XfsFixture.Load("xfs-rhel8");
        long leaf = XfsDamage.PositionOf(other, "/many", XfsFormat.DirectoryLeafOffset / 4096);
        Assert.AreEqual(XfsFormat.Leaf1V5, BinaryPrimitives.ReadUInt16BigEndian(other.ReadBytes(leaf + 8, 2)));
    }

    [TestMethod]
    [DataRow("xfs-1k", "/many")]
    [DataRow("xfs-rhel8", "/many")]
    [DataRow("xfs-1k", "/apart")]
    [DataRow("xfs-1k-n8k", "/many")]
    [DataRow("xfs-1k-n8k", "/apart")]
    [DataRow("xfs-n64k", "/apart")]
    [DataRow("log-wrap-256k", "/many")]
    [DataRow("log-1k-n8k", "/grown2")]
    public void Finds_each_name_through_the_index_and_no_other(string fixture, string path)
    {
        MemoryContent image = XfsFixture.Load(fixture);
        FileNode directory = XfsFileSystem.Open(image).At(path);
        List<DirectoryEntry> entries = [.. directory.EnumerateDirectory()];
        Assert.IsGreaterThan(5, entries.Count);
        Assert.HasCount(entries.Count, entries.Select(entry => entry.Name).ToHashSet());
        Assert.IsTrue(entries.TrueForAll(entry => directory.Find(entry.Name)?.Id == entry.Node.Id));
        Assert.IsTrue(entries.TrueForAll(entry => directory.Find(entry.Name + "~") is null));
        Assert.IsNull(directory.Find("."));
        Assert.IsNull(directory.Find(".."));
        Assert.IsNull(directory.Find(""));
        Assert.IsNull(directory.Find("\uD800 is no name"));
    }

    [TestMethod]
    public void Finds_a_name_without_reading_the_directory()
    {
        MemoryContent image = XfsFixture.Load("xfs-default");
        FileNode many = XfsFileSystem.Open(image).At("/many");
        long before = image.BytesRead;
        Assert.IsNotNull(many.Find("late-11428"));
        Assert.IsNull(many.Find("late-99999"));
        Assert.IsLessThan(50_000L, image.BytesRead - before);
        Assert.AreEqual(10_001, many.EnumerateDirectory().Count());
    }

    [TestMethod]
    public void A_damaged_index_does_not_hide_a_name()
    {
        long root = XfsDamage.PositionOf(Image, "/many", LeafBlock);
        foreach (MemoryContent image in (MemoryContent[])
        [
            Image.Flipped(root + 500),
            Image.Sealed(root, BlockSize, XfsBlockHeader.Index.Checksum, 8, 0),
            Image.Sealed(root, BlockSize, XfsBlockHeader.Index.Checksum, 56, 0xFF),
            Image.Sealed(root, BlockSize, XfsBlockHeader.Index.Checksum, Header + 4, 0xFF, 0xFF, 0xFF, 0xFF),
        ])
        {
            FileNode many = XfsFileSystem.Open(image).At("/many");
            Assert.IsNotNull(many.Find("base"));
            Assert.IsNotNull(many.Find("entry-0001-with-a-name-of-some-length"));
            Assert.IsNull(many.Find("entry-0007-with-a-name-of-some-length"));
        }
    }

    [TestMethod]
    public void An_index_that_leads_to_itself_ends()
    {
        long root = XfsDamage.PositionOf(Image, "/many", LeafBlock);
        byte[] pairs = Image.ReadBytes(root, BlockSize);
        for (int i = Header + 4; i + 4 <= BlockSize; i += 8)
        {
            BinaryPrimitives.WriteUInt32BigEndian(pairs.AsSpan(i), (uint)LeafBlock);
        }

        FileNode many = XfsFileSystem.Open(Image.Sealed(root, BlockSize, XfsBlockHeader.Index.Checksum, 0, pairs)).At("/many");
        Assert.IsNotNull(many.Find("base"));
    }

    [TestMethod]
    [DataRow(0, new byte[] { 0 }, "the magic is 0x00444233")]
    [DataRow(8, new byte[] { 1 }, "it is at sector")]
    [DataRow(24, new byte[] { 0 }, "the UUID of another")]
    [DataRow(40, new byte[] { 1 }, "the block belongs to inode")]
    [DataRow(Header + 8, new byte[] { 0 }, "a name of 0 bytes")]
    [DataRow(Header + 8, new byte[] { 200 }, "the tag is")]
    [DataRow(Header + 15, new byte[] { 1 }, "the tag is")]
    [DataRow(Header, new byte[] { 0xFF, 0xFF, 0, 0 }, "an unused range has 0 bytes")]
    [DataRow(Header, new byte[] { 0xFF, 0xFF, 0, 9 }, "an unused range has 9 bytes")]
    [DataRow(Header, new byte[] { 0xFF, 0xFF, 0xFF, 0xF8 }, "an unused range has 65528 bytes")]
    [DataRow(BlockSize - 8, new byte[] { 0, 0, 2, 0 }, "the index has 512 entries")]
    [DataRow(BlockSize - 8, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, "the index has 4294967295 entries")]
    public void Rejects_a_directory_of_one_block_that_cannot_be(int offset, byte[] bytes, string detail)
    {
        long block = XfsDamage.PositionOf(Image, "/names", 0);
        MemoryContent image = Image.Sealed(block, BlockSize, XfsBlockHeader.Directory.Checksum, offset, bytes);
        DiskFormatException exception = XfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, XfsDirectory.StructureOf(XfsFixture.InodeAt(Image, "/names")), detail, image, "/names");
        Assert.IsTrue(exception.Offset >= block && exception.Offset < block + BlockSize);
    }

    [TestMethod]
    public void Rejects_a_directory_block_whose_checksum_is_wrong()
    {
        foreach (string path in (string[])["/names", "/many"])
        {
            long block = XfsDamage.PositionOf(Image, path, 0);
            XfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, XfsDirectory.StructureOf(XfsFixture.InodeAt(Image, path)), "the checksum is", Image.Flipped(block + 2000), path);
        }
    }

    [TestMethod]
    [DataRow(1, new byte[] { 9 }, "entry")]
    [DataRow(0, new byte[] { 2 }, "the entries end at byte")]
    [DataRow(0, new byte[] { 255 }, "entry 3 of 255")]
    [DataRow(6, new byte[] { 0 }, "a name of 0 bytes")]
    [DataRow(6, new byte[] { 255 }, "a name of 255 bytes")]
    public void Rejects_a_directory_in_its_inode_that_cannot_be(int offset, byte[] bytes, string detail)
    {
        XfsInode inode = XfsFixture.InodeAt(Image, "/few3");
        XfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, XfsDirectory.StructureOf(inode), detail, Image.WithInode("/few3", 176 + offset, bytes), "/few3");
    }

    [TestMethod]
    public void Rejects_a_size_that_the_blocks_contradict()
    {
        XfsInode inode = XfsFixture.InodeAt(Image, "/many");
        XfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, inode.Structure, "di_size of the directory is 8192", Image.WithInode("/many", 56, 0, 0, 0, 0, 0, 0, 0x20, 0), "/many");
        inode = XfsFixture.InodeAt(Image, "/names");
        XfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, XfsDirectory.StructureOf(inode), "a whole directory", Image.WithInode("/names", 56, 0, 0, 0, 0, 0, 0, 0x20, 0), "/names");
    }

    [TestMethod]
    public void Rejects_a_block_that_is_in_a_directory_twice()
    {
        // The second extent of the directory becomes the first one again.
        XfsInode inode = XfsFixture.InodeAt(Image, "/many");
        byte[] again = inode.Fork.AsSpan(0, 16).ToArray();
        BinaryPrimitives.WriteUInt64BigEndian(again, BinaryPrimitives.ReadUInt64BigEndian(again) + ((ulong)XfsExtent.Parse(again).Count << 9));
        MemoryContent image = Image.WithInode("/many", 176 + 16, again);
        XfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, XfsDirectory.StructureOf(inode), "twice", image, "/many");
    }

    [TestMethod]
    public void Rejects_an_entry_that_leads_to_no_inode()
    {
        long block = XfsDamage.PositionOf(Image, "/names", 0);

        // The third entry: "." and ".." have 16 bytes each.
        MemoryContent image = Image.Sealed(block, BlockSize, XfsBlockHeader.Directory.Checksum, Header + 32, 0xFF);
        DiskFormatException exception = Assert.ThrowsExactly<DiskFormatException>(() => XfsDamage.Use(image, "/names"));
        Assert.Contains("not inside the file system", exception.Detail);
    }

    [TestMethod]
    public void Hashes_names_as_the_kernel_does()
    {
        // As xfs_db's hash command tells.
        Assert.AreEqual(0x2Eu, XfsName.Hash("."u8));
        Assert.AreEqual(0x172Eu, XfsName.Hash(".."u8));
        Assert.AreEqual(0xF5D92B8Cu, XfsName.Hash("foo.bar"u8));
    }
}
