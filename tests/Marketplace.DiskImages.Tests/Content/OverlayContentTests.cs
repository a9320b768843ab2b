using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Tests.Content;

[TestClass]
public sealed class OverlayContentTests
{
    private const int Block = 1024;

    [TestMethod]
    public void Shows_replaced_blocks_and_their_first_bytes_at_any_offset()
    {
        byte[] bytes = new byte[10 * Block];
        new Random(1).NextBytes(bytes);
        Dictionary<long, OverlayBlock> blocks = new()
        {
            [0] = new OverlayBlock(5 * Block, default),
            [3] = new OverlayBlock(7 * Block, new byte[] { 1, 2, 3, 4 }),
            [4] = new OverlayBlock(0, default),
            [9] = new OverlayBlock(3 * Block, new byte[] { 9 }),
        };
        byte[] expected = [.. bytes];
        foreach ((long number, OverlayBlock block) in blocks)
        {
            bytes.AsSpan((int)block.Offset, Block).CopyTo(expected.AsSpan((int)number * Block));
            block.Prefix.Span.CopyTo(expected.AsSpan((int)number * Block));
        }

        OverlayContent overlay = new(new MemoryContent(bytes), Block, blocks);
        Assert.AreEqual(bytes.Length, overlay.Length);
        foreach (int length in new[] { 1, 3, 511, Block, 2500, 10 * Block })
        {
            byte[] read = new byte[length];
            for (int offset = 0; offset + length <= bytes.Length; offset += 257)
            {
                overlay.Read(offset, read);
                Assert.IsTrue(read.AsSpan().SequenceEqual(expected.AsSpan(offset, length)), $"{length} bytes at {offset}");
            }
        }
    }

    [TestMethod]
    public void Counts_replaced_blocks_as_allocated()
    {
        MemoryContent source = new MemoryContent(32 * MemoryContent.PageSize).Patched(8 * MemoryContent.PageSize, 1).Patched(9 * MemoryContent.PageSize, 1);
        Dictionary<long, OverlayBlock> blocks = new()
        {
            [1] = new OverlayBlock(0, default),
            [2] = new OverlayBlock(0, default),
            [33] = new OverlayBlock(0, default),
            [40] = new OverlayBlock(0, default),
            [120] = new OverlayBlock(0, default),
        };
        Extent[] extents = [.. new OverlayContent(source, Block, blocks).GetAllocatedExtents()];
        CollectionAssert.AreEqual(new Extent[] { new(Block, 2 * Block), new(8 * 4096, 9 * Block), new(120 * Block, Block) }, extents);
    }
}
