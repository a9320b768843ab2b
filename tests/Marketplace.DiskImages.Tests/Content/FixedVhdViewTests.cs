using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Formats;
using Marketplace.DiskImages.Formats.Vhd;

namespace Marketplace.DiskImages.Tests.Content;

[TestClass]
public sealed class FixedVhdViewTests
{
    private static readonly Guid Id = new("00112233-4455-6677-8899-aabbccddeeff");
    private static readonly DateTimeOffset Time = new(2015, 9, 10, 12, 30, 15, 500, TimeSpan.Zero);

    [TestMethod]
    public void Differs_from_what_qemu_img_writes_only_in_creator_time_identifier_and_checksum()
    {
        MemoryContent expected = Fixture.Load("Formats/fixed.vhd");
        using FixedVhdView view = new(Fixture.Load("Formats/raw.img"), Id, Time);

        Assert.AreEqual(expected.Length, view.Length);
        byte[] bytes = new byte[1 << 20];
        for (long offset = 0; offset < view.DiskSize; offset += bytes.Length)
        {
            view.Read(offset, bytes);
            CollectionAssert.AreEqual(expected.ReadBytes(offset, bytes.Length), bytes);
        }

        VhdFooter theirs = VhdFooter.Parse(expected.ReadBytes(view.DiskSize, 512));
        VhdFooter ours = VhdFooter.Parse(ReadBytes(view, view.DiskSize, 512));
        Assert.AreEqual(
            theirs with { CreatorApplication = "mbsd", CreatorVersion = 0x00010000, TimeStamp = ours.TimeStamp, UniqueId = Id, Checksum = ours.Checksum, ExpectedChecksum = ours.Checksum },
            ours);
    }

    [TestMethod]
    public void The_footer_has_the_given_identifier_and_time_and_no_problem()
    {
        using FixedVhdView view = new(new MemoryContent(30L << 30), Id, Time);
        VhdFooter footer = VhdFooter.Parse(ReadBytes(view, 30L << 30, 512));

        Assert.AreEqual(Id, footer.UniqueId);
        Assert.AreEqual(new DateTimeOffset(2015, 9, 10, 12, 30, 15, TimeSpan.Zero), footer.TimeStamp);
        Assert.AreEqual(30L << 30, footer.CurrentSize);
        Assert.IsEmpty(footer.FindProblems(view.Length));
    }

    [TestMethod]
    public void Rounds_the_disk_up_to_a_whole_MiB_with_zeros()
    {
        byte[] data = [.. Enumerable.Repeat((byte)7, 1000)];
        using FixedVhdView view = new(new MemoryContent(data), Id, Time);

        byte[] all = ReadBytes(view, 0, (int)view.Length);

        Assert.AreEqual((1 << 20) + 512, all.Length);
        CollectionAssert.AreEqual(data, all[..1000]);
        Assert.IsFalse(all.AsSpan(1000, (1 << 20) - 1000).ContainsAnyExcept((byte)0));
        Assert.IsTrue(VhdFooter.HasCookie(all.AsSpan(1 << 20)));
    }

    [TestMethod]
    public void Every_read_gives_the_same_bytes_as_reading_all()
    {
        byte[] data = new byte[(1 << 20) + 100];
        new Random(3).NextBytes(data);
        using FixedVhdView view = new(new MemoryContent(data), Id, Time);
        byte[] all = ReadBytes(view, 0, (int)view.Length);

        foreach (int offset in new[] { 0, 99, data.Length - 1, data.Length, (2 << 20) - 1, 2 << 20, (2 << 20) + 511 })
        {
            foreach (int count in new[] { 1, 511, 513, (1 << 20) + 600 })
            {
                int length = Math.Min(count, all.Length - offset);
                CollectionAssert.AreEqual(all.AsSpan(offset, length).ToArray(), ReadBytes(view, offset, length), $"{offset}, {length}");
            }
        }
    }

    [TestMethod]
    public void The_extents_are_those_of_the_disk_and_the_footer()
    {
        using FixedVhdView view = new(new MemoryContent(2 << 20).Patched(8192, 1), Id, Time);

        CollectionAssert.AreEqual(new Extent[] { new(8192, 4096), new(2 << 20, 512) }, view.GetAllocatedExtents().ToArray());
    }

    [TestMethod]
    public void A_disk_without_bytes_is_refused() => Assert.ThrowsExactly<ArgumentException>(() => new FixedVhdView(new MemoryContent(0), Id, Time));

    [TestMethod]
    public void A_view_written_to_a_file_opens_as_the_same_disk()
    {
        using FixedVhdView view = new(Fixture.Load("Formats/raw.img"), Id, Time);
        using TemporaryFile file = TemporaryFile.From(view, ".vhd");
        using DiskImage image = DiskImage.Open(file.Path);

        Assert.AreEqual(DiskFormat.FixedVhd, image.Format);
        Assert.AreEqual(view.DiskSize, image.Disk!.Length);
    }

    private static byte[] ReadBytes(DiskContent content, long offset, int count)
    {
        byte[] bytes = new byte[count];
        content.Read(offset, bytes);
        return bytes;
    }
}
