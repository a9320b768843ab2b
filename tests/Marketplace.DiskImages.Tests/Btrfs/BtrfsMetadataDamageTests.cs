using System.Buffers.Binary;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.FileSystems.Btrfs;

namespace Marketplace.DiskImages.Tests.Btrfs;

/// <summary>Damage in tree blocks, with checksums that are right so that the field itself is what is wrong.</summary>
[TestClass]
public sealed class BtrfsMetadataDamageTests
{
    private const string Block = "Btrfs tree block";
    private const string Chunk = "Btrfs chunk";

    private static BtrfsImage Image { get; } = new(Fixture.Load("Btrfs/fedora"));

    private static BtrfsImage Deep { get; } = new(Fixture.Load("Btrfs/xxhash"));

    [TestMethod]
    [DataRow(0x20, new byte[] { 0 }, "fsid is")]
    [DataRow(0x30, new byte[] { 1 }, "bytenr is")]
    [DataRow(0x50, new byte[] { 0xFF, 0xFF }, "generation 65535")]
    [DataRow(0x58, new byte[] { 4 }, "owner is 4")]
    [DataRow(0x60, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, "nritems 4294967295")]
    [DataRow(0x64, new byte[] { 9 }, "level is 9")]
    [DataRow(0x64, new byte[] { 1 }, "do not ascend")]
    [DataRow(101, new byte[] { 0xFF, 0xFF, 0xFF }, "do not ascend")]
    [DataRow(118, new byte[] { 0 }, "item 0 has")]
    [DataRow(118, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, "item 0 has")]
    [DataRow(122, new byte[] { 0xFF, 0xFF, 0xFF, 0x7F }, "item 0 has")]
    public void Refuses_a_block_that_cannot_be(int offset, byte[] bytes, string detail)
    {
        MemoryContent image = Image.WithBlock(block => block.Owner == BtrfsFormat.RootTreeId && block.Level == 0, offset, bytes).Content;
        DiskFormatException error = Expect.Corrupt(Block, () => BtrfsFileSystem.Open(image));
        Assert.Contains(detail, error.Detail);
    }

    [TestMethod]
    public void A_wrong_checksum_of_one_copy_is_mended_by_the_other_and_of_both_is_an_error()
    {
        long[] roots = [.. Image.Blocks.Where(block => block.Owner == BtrfsFormat.RootTreeId && block.Generation == Image.Generation).Select(block => block.Position)];
        Assert.HasCount(2, roots);
        BtrfsFileSystem mended = BtrfsFileSystem.Open(Image.Content.Patched(roots[0] + 5000, 0xA5));
        Assert.Contains("A copy of metadata is damaged and another copy was read", mended.Notes.Single());
        Assert.IsNotNull(mended.Root.Find("root"));

        DiskFormatException error = Expect.Corrupt(Block, () => BtrfsFileSystem.Open(Image.Content.Patched(roots[0] + 5000, 0xA5).Patched(roots[1] + 70, 0xA5)));
        Assert.Contains("checksum (Crc32C)", error.Detail);
    }

    [TestMethod]
    [Description("Named killer: a node that points to itself, and one that points to another place of its level.")]
    public void A_node_that_leads_to_itself_is_refused()
    {
        BtrfsBlock node = Deep.Blocks.First(block => block.Owner == BtrfsFormat.TopLevelId && block.Level == 1 && block.Generation == Deep.Generation);
        byte[] itself = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(itself, node.Logical);
        BinaryPrimitives.WriteUInt64LittleEndian(itself.AsSpan(8), node.Generation);
        BtrfsImage looped = Deep.WithBlock(block => block.Logical == node.Logical && block.Generation == node.Generation, BtrfsFormat.HeaderSize + BtrfsFormat.KeySize, itself);

        Assert.Contains("level is 1", Expect.Corrupt(Block, () => Walk(looped.Content)).Detail);
    }

    [TestMethod]
    [Description("Named killer: all pointers of a node lead to one block.")]
    public void A_node_whose_pointers_all_lead_to_one_block_is_refused()
    {
        BtrfsBlock node = Deep.Blocks.First(block => block.Owner == BtrfsFormat.TopLevelId && block.Level == 1 && block.Generation == Deep.Generation);
        byte[] first = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(first, node.Pointer(0).Logical);
        BinaryPrimitives.WriteUInt64LittleEndian(first.AsSpan(8), node.Pointer(0).Generation);
        BtrfsImage image = Deep.WithBlock(block => block.Logical == node.Logical, BtrfsFormat.HeaderSize + BtrfsFormat.PointerSize + BtrfsFormat.KeySize, first);

        Assert.Contains("does not hold the keys", Expect.Corrupt(Block, () => Walk(image.Content)).Detail);
    }

    [TestMethod]
    [DataRow(0x00, new byte[] { 1 }, "length is")]
    [DataRow(0x01, new byte[] { 0xF0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, "length is")]
    [DataRow(0x10, new byte[] { 0, 0, 2 }, "stripe_len 131072")]
    [DataRow(0x18, new byte[] { 0 }, "type is")]
    [DataRow(0x18, new byte[] { 0x30 }, "type is")]
    [DataRow(0x18, new byte[] { 0x25 }, "type is")]
    [DataRow(0x2C, new byte[] { 1 }, "its stripes would end at")]
    [DataRow(0x2C, new byte[] { 0xFF, 0xFF }, "its stripes would end at")]
    public void Refuses_a_chunk_that_cannot_be(int offset, byte[] bytes, string detail)
    {
        MemoryContent image = Image.WithItem(BtrfsFormat.ChunkTreeId, key => key.Type == BtrfsFormat.ChunkItemKey, offset, bytes).Content;
        Assert.Contains(detail, Expect.Corrupt(Chunk, () => BtrfsFileSystem.Open(image)).Detail);
    }

    [TestMethod]
    public void Chunks_that_overlap_or_lie_outside_are_refused()
    {
        Expect.Truncated(Chunk, () => BtrfsFileSystem.Open(Image.WithItem(BtrfsFormat.ChunkTreeId, key => key.Type == BtrfsFormat.ChunkItemKey, 0x38 + 5, 1).Content));
        Expect.Corrupt("Btrfs chunk tree", () => BtrfsFileSystem.Open(Image.WithItem(BtrfsFormat.ChunkTreeId, key => key.Type == BtrfsFormat.ChunkItemKey, 0x03, 0x7F).Content.Resized(1L << 32)));
        Expect.Unsupported(Chunk, () => BtrfsFileSystem.Open(Image.WithItem(BtrfsFormat.ChunkTreeId, key => key.Type == BtrfsFormat.ChunkItemKey, 0x19, 8).Content));
    }

    [TestMethod]
    [DataRow(0x30, new byte[] { 7 }, "device 7")]
    [DataRow(0x40, new byte[] { 0xFF }, "device 1")]
    public void A_chunk_on_a_device_that_is_not_there_is_unsupported(int offset, byte[] bytes, string detail)
    {
        MemoryContent image = Image.WithItem(BtrfsFormat.ChunkTreeId, key => key.Type == BtrfsFormat.ChunkItemKey, offset, bytes).Content;
        Assert.Contains(detail, Expect.Unsupported(Block, () => BtrfsFileSystem.Open(image)).Detail);
    }

    [TestMethod]
    public void Striped_data_is_unsupported_and_the_rest_of_the_file_system_is_read()
    {
        BtrfsFileSystem fileSystem = BtrfsFileSystem.Open(Fixture.Load("Btrfs/raid0"));

        Assert.AreEqual("small\n", System.Text.Encoding.ASCII.GetString(fileSystem.At("/inline").ReadAll()));
        Assert.Contains("Raid0", Expect.Unsupported("Btrfs file data", () => fileSystem.At("/striped").ReadAll()).Detail);
    }

    [TestMethod]
    [DataRow(0xA8, new byte[] { 7 }, "Btrfs root item", "root_dirid")]
    [DataRow(0xEE, new byte[] { 8 }, "Btrfs root item", "level 8")]
    [DataRow(0xB0, new byte[] { 0, 0x10, 0, 0, 0, 1 }, "Btrfs tree block", "no chunk holds")]
    [DataRow(0xD8, new byte[] { 0 }, "Btrfs subvolume", "default subvolume 5")]
    public void Refuses_a_root_item_that_cannot_be(int offset, byte[] bytes, string structure, string detail)
    {
        MemoryContent image = Image.WithItem(BtrfsFormat.RootTreeId, key => key is { ObjectId: BtrfsFormat.TopLevelId, Type: BtrfsFormat.RootItemKey }, offset, bytes).Content;
        Assert.Contains(detail, Expect.Corrupt(structure, () => BtrfsFileSystem.Open(image)).Detail);
    }

    private static void Walk(MemoryContent image)
    {
        Stack<FileNode> pending = new([BtrfsFileSystem.Open(image).Root]);
        while (pending.TryPop(out FileNode? node))
        {
            foreach (DirectoryEntry entry in node.EnumerateDirectory().Where(entry => entry.Node.Kind == FileKind.Directory))
            {
                pending.Push(entry.Node);
            }
        }
    }
}
