using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Tests;

[TestClass]
public sealed class MemoryContentTests
{
    [TestMethod]
    public void Patching_leaves_the_first_disk_as_it_was()
    {
        MemoryContent first = new(1 << 20);
        MemoryContent second = first.Patched(4094, 1, 2, 3, 4);

        CollectionAssert.AreEqual(new byte[4], first.ReadBytes(4094, 4));
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3, 4 }, second.ReadBytes(4094, 4));
        CollectionAssert.AreEqual(new Extent[] { new(0, 8192) }, second.GetAllocatedExtents().ToArray());
    }

    [TestMethod]
    public void Resizing_keeps_what_fits()
    {
        MemoryContent disk = new MemoryContent(10000).Patched(9998, 7, 8);

        Assert.AreEqual(7, disk.Resized(9999).ReadBytes(9998, 1)[0]);
        Assert.AreEqual(0, disk.Resized(9999).Resized(20000).ReadBytes(9999, 1)[0]);
    }
}
