using System.Buffers.Binary;
using Marketplace.DiskImages.FileSystems.Btrfs;

namespace Marketplace.DiskImages.Tests.Btrfs;

/// <summary>Damage in directories, inodes, extents and data.</summary>
[TestClass]
public sealed class BtrfsFileDamageTests
{
    private const string Data = "Btrfs file data";

    private static BtrfsImage Image { get; } = new(Fixture.Load("Btrfs/zstd"));

    [TestMethod]
    [DataRow(0x10, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0x80 }, "size is")]
    [DataRow(0x28, new byte[] { 0, 0, 0, 0 }, "nlink 0")]
    [DataRow(0x35, new byte[] { 0x30 }, "no file type")]
    [DataRow(0x36, new byte[] { 1 }, "no file type")]
    public void Refuses_an_inode_that_cannot_be(int offset, byte[] bytes, string detail)
    {
        ulong inode = Number(Image, "/extents/text-5000");
        Assert.Contains(detail, Expect.Corrupt($"Btrfs inode {inode}", () => Open(InodeItem(Image, inode, offset, bytes)).At("/extents/text-5000")).Detail);
    }

    [TestMethod]
    [DataRow(0, new byte[] { 0xFF, 0xFF, 0xFF }, "no such inode", true)]
    [DataRow(0, new byte[] { 1, 0 }, "files have inodes 256", true)]
    [DataRow(8, new byte[] { 84 }, "leads to", false)]
    [DataRow(25, new byte[] { 1 }, "data_len 1", false)]
    [DataRow(27, new byte[] { 0 }, "name_len is 0", false)]
    [DataRow(27, new byte[] { 0xFF, 0xFF }, "name_len is 65535", false)]
    [DataRow(27, new byte[] { 1 }, "hash", false)]
    [DataRow(29, new byte[] { 2 }, "is of kind Directory", false)]
    [DataRow(29, new byte[] { 9 }, "type 9", false)]
    [DataRow(30, new byte[] { 0x2F }, "leads to", false)]
    [DataRow(30, new byte[] { 0x7A }, "hash", false)]
    public void Refuses_a_directory_item_that_cannot_be(int offset, byte[] bytes, string detail, bool isInode)
    {
        ulong directory = Number(Image, "/few1");
        BtrfsImage image = Image.WithItem(BtrfsFormat.TopLevelId, key => key.ObjectId == directory && key.Type == BtrfsFormat.DirectoryItemKey, offset, bytes);
        DiskFormatException error = Assert.ThrowsExactly<DiskFormatException>(() => Open(image).At("/few1/file-number-0"));
        Assert.AreEqual(DiskFormatErrorKind.Corrupt, error.Kind);
        Assert.StartsWith(isInode ? "Btrfs inode " : $"Btrfs directory {directory}", error.Structure);
        Assert.Contains(detail, error.Detail);
    }

    [TestMethod]
    [DataRow("/extents/text-5000", 16, new byte[] { 4 }, DiskFormatErrorKind.Unsupported, "compression is 4")]
    [DataRow("/extents/text-5000", 17, new byte[] { 1 }, DiskFormatErrorKind.Unsupported, "encryption 1")]
    [DataRow("/extents/text-5000", 20, new byte[] { 3 }, DiskFormatErrorKind.Corrupt, "type is 3")]
    [DataRow("/extents/text-5000", 20, new byte[] { 0 }, DiskFormatErrorKind.Corrupt, "inline")]
    [DataRow("/extents/text-5000", 8, new byte[] { 0, 0, 0, 0, 1 }, DiskFormatErrorKind.Corrupt, "compressed")]
    [DataRow("/extents/text-5000", 29, new byte[] { 0, 0, 0x10 }, DiskFormatErrorKind.Corrupt, "compressed")]
    [DataRow("/extents/text-5000", 21, new byte[] { 1 }, DiskFormatErrorKind.Corrupt, "disk_bytenr")]
    [DataRow("/extents/text-5000", 37, new byte[] { 0, 0x40 }, DiskFormatErrorKind.Corrupt, "offset 16384")]
    [DataRow("/extents/text-5000", 45, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0x80 }, DiskFormatErrorKind.Corrupt, "num_bytes")]
    [DataRow("/extents/text-5000", 45, new byte[] { 0, 0 }, DiskFormatErrorKind.Corrupt, "num_bytes 0")]
    [DataRow("/extents/noise-20000", 29, new byte[] { 0, 0x10 }, DiskFormatErrorKind.Corrupt, "disk_num_bytes 4096")]
    [DataRow("/extents/noise-500", 8, new byte[] { 0xF3 }, DiskFormatErrorKind.Corrupt, "ram_bytes is 499")]
    public void Refuses_an_extent_that_cannot_be(string path, int offset, byte[] bytes, DiskFormatErrorKind kind, string detail)
    {
        ulong inode = Number(Image, path);
        DiskFormatException error = Assert.ThrowsExactly<DiskFormatException>(() => Open(Extents(Image, inode, offset, bytes)).At(path).ReadAll());
        Assert.AreEqual((kind, $"Btrfs file extent of inode {inode}"), (error.Kind, error.Structure));
        Assert.Contains(detail, error.Detail);
    }

    [TestMethod]
    public void Refuses_extents_that_overlap()
    {
        ulong inode = Number(Image, "/extents/holed");
        Assert.Contains("overlaps", Expect.Corrupt($"Btrfs inode {inode}", () => Open(Extents(Image, inode, 47, [1])).At("/extents/holed").ReadAll()).Detail);
    }

    [TestMethod]
    [DataRow("/extents/text-5000")]
    [DataRow("/extents/noise-20000")]
    public void Data_that_does_not_match_its_checksum_is_never_returned(string path)
    {
        long position = DataPosition(Image, path);
        DiskFormatException error = Expect.Corrupt(Data, () => Open(Image.Content.Patched(position + 10, 0xA5, 0x5A)).At(path).ReadAll());
        Assert.AreEqual(position, error.Offset);
    }

    [TestMethod]
    public void Data_whose_checksums_cannot_be_read_is_never_returned()
    {
        byte[] elsewhere = new byte[8];
        BtrfsImage image = Image.WithItem(BtrfsFormat.RootTreeId, key => key.ObjectId == BtrfsFormat.ChecksumTreeId && key.Type == BtrfsFormat.RootItemKey, 0xB0, elsewhere);
        Expect.Corrupt("Btrfs tree block", () => Open(image).At("/extents/text-5000").ReadAll());
    }

    [TestMethod]
    public void Data_without_checksums_is_read_as_it_is()
    {
        const string Path = "/extents/text-290000";
        BtrfsImage twice = new(Fixture.Load("Btrfs/nodatasum"));
        byte[] good = Open(twice).At(Path).ReadAll();

        // Nothing tells which of the two copies is right; Linux, too, returns what it reads.
        long first = DataPosition(twice, Path);
        Assert.IsFalse(good.AsSpan().SequenceEqual(Open(twice.Content.Patched(first + 10, 0xA5)).At(Path).ReadAll()));
    }

    [TestMethod]
    public void A_sector_of_which_one_copy_is_damaged_is_read_from_the_other_and_told()
    {
        const string Path = "/extents/noise-20000";
        BtrfsImage mixed = new(Fixture.Load("Btrfs/dup"));
        byte[] good = Open(mixed).At(Path).ReadAll();
        BtrfsFileSystem fileSystem = Open(mixed.Content.Patched(DataPosition(mixed, Path) + 4096 + 10, 0xA5, 0x5A));

        Assert.IsTrue(good.AsSpan().SequenceEqual(fileSystem.At(Path).ReadAll()));
        Assert.AreEqual("A copy of file data does not match its checksum; another copy was read.", fileSystem.Notes.Single());
    }

    [TestMethod]
    [DataRow("zlib", "Zlib")]
    [DataRow("lzo", "Lzo")]
    [DataRow("zstd", "Zstd")]
    [Description("Named killer: an extent whose compressed data would give more than it says ends where it says.")]
    public void Compressed_data_that_is_damaged_is_refused(string name, string compression)
    {
        const string Path = "/extents/text-5000";
        BtrfsImage image = new(Fixture.Load("Btrfs/" + name));
        ulong inode = Number(image, Path);
        long position = DataPosition(image, Path);
        BtrfsImage unverified = InodeItem(image, inode, 0x40, [1]);
        Assert.AreEqual(5000, Open(unverified).At(Path).ReadAll().Length);
        foreach (byte[] start in (byte[][])[[0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF]])
        {
            DiskFormatException error = Expect.Corrupt(Data, () => Open(unverified.Content.Patched(position, start)).At(Path).ReadAll());
            Assert.Contains(compression, error.Detail);
        }
    }

    private static BtrfsFileSystem Open(BtrfsImage image) => Open(image.Content);

    private static BtrfsFileSystem Open(MemoryContent image) => BtrfsFileSystem.Open(image);

    private static ulong Number(BtrfsImage image, string path) => Open(image).At(path).Id;

    private static BtrfsImage InodeItem(BtrfsImage image, ulong inode, int offset, byte[] bytes) =>
        image.WithItem(BtrfsFormat.TopLevelId, key => key.ObjectId == inode && key.Type == BtrfsFormat.InodeItemKey, offset, bytes);

    private static BtrfsImage Extents(BtrfsImage image, ulong inode, int offset, byte[] bytes) =>
        image.WithItem(BtrfsFormat.TopLevelId, key => key.ObjectId == inode && key is { Type: BtrfsFormat.ExtentDataKey, Offset: 0 }, offset, bytes);

    /// <summary>Where the first extent of a file is on the volume, found by the one chunk that holds its address.</summary>
    private static long DataPosition(BtrfsImage image, string path)
    {
        ulong inode = Number(image, path);
        BtrfsItem extent = Items(image, BtrfsFormat.TopLevelId).First(item => item.Key.ObjectId == inode && item.Key is { Type: BtrfsFormat.ExtentDataKey, Offset: 0 });
        ulong address = BinaryPrimitives.ReadUInt64LittleEndian(extent.Data[21..]);
        BtrfsItem chunk = Items(image, BtrfsFormat.ChunkTreeId).Last(item => item.Key.Type == BtrfsFormat.ChunkItemKey && item.Key.Offset <= address);
        return (long)(BinaryPrimitives.ReadUInt64LittleEndian(chunk.Data[0x38..]) + address - chunk.Key.Offset);
    }

    private static IEnumerable<BtrfsItem> Items(BtrfsImage image, ulong owner) => image.Blocks
        .Where(block => block.Owner == owner && block.Level == 0)
        .OrderByDescending(block => block.Generation)
        .Take(owner == BtrfsFormat.ChunkTreeId ? 1 : int.MaxValue)
        .SelectMany(block => Enumerable.Range(0, block.Count).Select(index => new BtrfsItem(block, index)));
}
