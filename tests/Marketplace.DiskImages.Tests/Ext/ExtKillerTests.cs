using System.Buffers.Binary;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.FileSystems.Ext;
using Marketplace.DiskImages.Trees;

namespace Marketplace.DiskImages.Tests.Ext;

/// <summary>The damage that made other readers loop for ever, run out of stack or run out of memory.</summary>
[TestClass]
public sealed class ExtKillerTests
{
    private const int FirstIndexBlock = 0x24;

    private static MemoryContent Image { get; } = ExtFixture.Load("ext4-nocsum");

    [TestMethod]
    public void A_directory_entry_of_length_0_ends_the_directory()
    {
        (ExtInode inode, long block) = Block("/few3", 0);

        ExtDamage.Expect(DiskFormatErrorKind.Corrupt, $"ext4 directory block of inode {inode.Number}", "rec_len is 0", () => ExtDamage.Use(Image.Patched(block + 4, 0, 0), "/few3"));
        ExtDamage.Expect(DiskFormatErrorKind.Corrupt, $"ext4 directory block of inode {inode.Number}", "rec_len is 0", () => ExtFileSystem.Open(Image.Patched(block + 28, 0, 0)).At("/few3").Find("nothing"));
    }

    /// <summary>The names of an indexed directory are read from its blocks in their order, whatever its index says.</summary>
    [TestMethod]
    public void An_index_that_points_to_itself_changes_nothing()
    {
        (_, long root) = Block("/many", 0);
        string[] names = [.. Names(Image)];

        foreach (uint block in (uint[])[0, 1, uint.MaxValue])
        {
            byte[] pointer = new byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(pointer, block);
            MemoryContent damaged = Image.Patched(root + FirstIndexBlock, pointer);

            Assert.AreSequenceEqual(names, Names(damaged));
            Assert.IsNotNull(ExtFileSystem.Open(damaged).At("/many").Find(names[^1]));
        }
    }

    [TestMethod]
    public void An_extent_block_that_points_to_itself_is_refused()
    {
        ExtInode inode = ExtFixture.InodeAt(Image, "/fragmented");
        long leaf = BinaryPrimitives.ReadUInt32LittleEndian(inode.BlockArea.AsSpan(12 + 4)) * (long)ExtVolume.Open(Image).Superblock.BlockSize;
        byte[] index = new byte[24];
        BinaryPrimitives.WriteUInt16LittleEndian(index, 0xF30A);
        index[2] = 1;
        index[4] = 84;
        index[6] = 1;
        BinaryPrimitives.WriteUInt32LittleEndian(index.AsSpan(12 + 4), (uint)(leaf / ExtVolume.Open(Image).Superblock.BlockSize));

        ExtDamage.Expect(DiskFormatErrorKind.Corrupt, $"ext4 extent tree of inode {inode.Number}", "eh_depth", () => ExtDamage.Use(Image.Patched(leaf, index), "/fragmented"));
    }

    [TestMethod]
    public void A_block_map_whose_blocks_point_to_themselves_ends()
    {
        MemoryContent image = ExtFixture.Load("ext2");
        ExtInode inode = ExtFixture.InodeAt(image, "/sizes/300000");
        int blockSize = ExtVolume.Open(image).Superblock.BlockSize;
        uint indirect = BinaryPrimitives.ReadUInt32LittleEndian(inode.BlockArea.AsSpan(12 * 4));
        byte[] pointers = new byte[blockSize];
        for (int i = 0; i < blockSize; i += 4)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(pointers.AsSpan(i), indirect);
        }

        // The double and the triple map lead into it as well, and the file is as large as they reach.
        MemoryContent damaged = image.Patched(indirect * (long)blockSize, pointers).Patched(inode.BlockAreaPosition + (13 * 4), pointers.AsSpan(0, 8)).Patched(inode.Offset + 4, 0, 0, 0, 0x7F);
        FileNode node = ExtFileSystem.Open(damaged).At("/sizes/300000");
        byte[] buffer = new byte[blockSize];

        Assert.AreEqual(blockSize, node.Read(14 * blockSize, buffer));
        Assert.AreEqual(blockSize, node.Read(1L << 30, buffer));
        Assert.IsTrue(buffer.AsSpan().SequenceEqual(pointers));
    }

    [TestMethod]
    public void A_link_that_leads_to_itself_is_no_file()
    {
        ExtInode inode = ExtFixture.InodeAt(Image, "/links/short");
        MemoryContent circle = Image.Patched(inode.BlockAreaPosition, [.. "/links/short"u8]).Patched(inode.Offset + 4, 12);
        VolumeTree tree = new(ExtFileSystem.Open(circle));

        Assert.AreEqual("/links/short", tree.ReadLink("/links/short"));
        Assert.IsNull(tree.Stat("/links/short"));
        Assert.IsFalse(tree.FileExists("/links/short/below"));
    }

    private static IEnumerable<string> Names(MemoryContent image) => ExtFileSystem.Open(image).At("/many").EnumerateDirectory().Select(entry => entry.Name);

    private static (ExtInode Inode, long Offset) Block(string path, int logical)
    {
        ExtInode inode = ExtFixture.InodeAt(Image, path);
        ExtVolume volume = ExtVolume.Open(Image);
        return (inode, volume.MapOf(inode).Find(logical).Physical * volume.Superblock.BlockSize);
    }
}
