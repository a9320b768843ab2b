using System.Diagnostics;
using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Tests.Content;

[TestClass]
public sealed class FileContentTests
{
    private const int MiB = 1 << 20;

    [TestMethod]
    public void Reads_what_is_in_the_file_and_zeros_in_its_holes()
    {
        using TemporaryFile file = TemporaryFile.From(new MemoryContent(64 * MiB).Patched(32 * MiB, 1, 2, 3));
        using FileContent content = FileContent.Open(file.Path);

        byte[] bytes = new byte[6];
        content.Read((32 * MiB) - 1, bytes);

        Assert.AreEqual(64L * MiB, content.Length);
        CollectionAssert.AreEqual(new byte[] { 0, 1, 2, 3, 0, 0 }, bytes);
    }

    [TestMethod]
    public void Extents_cover_all_data_and_leave_out_the_holes()
    {
        using TemporaryFile file = TemporaryFile.From(new MemoryContent(1L << 34).Patched(0, 1).Patched(1L << 33, 2).Patched((1L << 34) - 1, 3));
        using FileContent content = FileContent.Open(file.Path);
        Extent[] extents = [.. content.GetAllocatedExtents()];

        foreach (long offset in new[] { 0L, 1L << 33, (1L << 34) - 1 })
        {
            Assert.IsTrue(extents.Any(extent => offset >= extent.Offset && offset < extent.End), $"byte {offset}");
        }

        Assert.IsLessThanOrEqualTo(content.Length, extents[^1].End);
        for (int i = 1; i < extents.Length; i++)
        {
            Assert.IsGreaterThanOrEqualTo(extents[i - 1].End, extents[i].Offset);
        }

        if (OperatingSystem.IsLinux())
        {
            Assert.IsLessThan(4L * MiB, extents.Sum(extent => extent.Length));
        }
    }

    [TestMethod]
    public void A_file_of_one_hole_has_no_extents_and_an_empty_one_neither()
    {
        using TemporaryFile hole = TemporaryFile.From(new MemoryContent(16 * MiB));
        using TemporaryFile empty = TemporaryFile.From(new MemoryContent(0));
        using FileContent holeContent = FileContent.Open(hole.Path);
        using FileContent emptyContent = FileContent.Open(empty.Path);

        Assert.IsEmpty(emptyContent.GetAllocatedExtents());
        if (OperatingSystem.IsLinux())
        {
            Assert.IsEmpty(holeContent.GetAllocatedExtents());
        }
    }

    [TestMethod]
    public void Reading_past_the_end_is_told_as_truncated()
    {
        using TemporaryFile file = TemporaryFile.From([1, 2, 3]);
        using FileContent content = FileContent.Open(file.Path);

        Expect.Truncated("disk content", () => content.Read(2, new byte[2]));
        Expect.Truncated("disk content", () => content.Read(long.MaxValue, new byte[2]));
        Expect.Truncated("disk content", () => content.Slice(1, 3));
    }

    [TestMethod]
    public void Refuses_what_is_not_a_regular_file()
    {
        Assert.ThrowsExactly<IOException>(() => FileContent.Open(Path.GetTempPath()));
        Assert.ThrowsExactly<FileNotFoundException>(() => FileContent.Open(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())));
        if (OperatingSystem.IsLinux())
        {
            Assert.ThrowsExactly<IOException>(() => FileContent.Open("/dev/zero"));
        }
    }

    [TestMethod]
    public void Refuses_a_pipe_without_waiting_for_a_writer()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Inconclusive("Pipes have names in the file system on Linux.");
        }

        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using Process mkfifo = Process.Start("mkfifo", path);
        mkfifo.WaitForExit();
        try
        {
            Assert.ThrowsExactly<IOException>(() => FileContent.Open(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void Reads_from_many_threads_at_once()
    {
        byte[] bytes = new byte[4 * MiB];
        new Random(7).NextBytes(bytes);
        using TemporaryFile file = TemporaryFile.From(bytes);
        using FileContent content = FileContent.Open(file.Path);

        Parallel.For(0, 64, i =>
        {
            byte[] part = new byte[65536];
            content.Read(i * part.Length, part);
            Assert.IsTrue(part.AsSpan().SequenceEqual(bytes.AsSpan(i * part.Length, part.Length)));
            Assert.IsNotEmpty(content.GetAllocatedExtents());
        });
    }
}
