using System.Globalization;
using System.Security.Cryptography;
using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Tests.Containers;

/// <summary>Every container fixture against its truth: what qemu-img converts it to, or what its maker put in.</summary>
[TestClass]
public sealed class ContainerTests
{
    /// <summary>Disks up to this size are read in more than one way.</summary>
    private const long SmallDisk = 64 << 20;

    public static IEnumerable<object[]> Truth => Fixture.Text("Containers/truth.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('|')).Select(fields => new object[] { fields[0], long.Parse(fields[1], CultureInfo.InvariantCulture), fields[2] });

    [TestMethod]
    [DynamicData(nameof(Truth))]
    public void The_disk_is_the_one_that_was_put_in(string name, long length, string hash)
    {
        using DiskImage image = Open(name);

        Assert.IsNull(image.Problem);
        Assert.AreEqual(length, image.Disk!.Length);
        Assert.AreEqual(hash, HashByExtents(image.Disk));
        if (length <= SmallDisk)
        {
            Assert.AreEqual(hash, Hash(image.Disk, 1 << 20));
            Assert.AreEqual(hash, Hash(image.Disk, 77_777));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Truth))]
    public void Extents_are_in_order_and_inside(string name, long length, string hash)
    {
        using DiskImage image = Open(name);
        long end = -1;

        foreach (Extent extent in image.Disk!.GetAllocatedExtents())
        {
            Assert.IsGreaterThan(0, extent.Length, hash);
            Assert.IsGreaterThan(end, extent.Offset, "Extents neither touch nor overlap.");
            end = extent.End;
        }

        Assert.IsLessThanOrEqualTo(length, end);
    }

    [TestMethod]
    public void Absent_blocks_are_no_extents()
    {
        using DiskImage image = Open("vhdx/chain/states-4096.vhdx");

        CollectionAssert.AreEqual(
            (Extent[])[new(0, 1 << 20), new(4 << 20, 1 << 20), new(6 << 20, (1 << 20) + (3 * 4096))],
            image.Disk!.GetAllocatedExtents().ToArray());
    }

    [TestMethod]
    public void Several_threads_read_the_same_disk()
    {
        using DiskImage image = Open("qcow/zstd.qcow2");
        string expected = Hash(image.Disk!, 1 << 20);

        Parallel.For(0, 4, i => Assert.AreEqual(expected, Hash(image.Disk!, 10_000 + (i * 777))));
    }

    [TestMethod]
    public void Parents_are_found_beside_a_file_on_disk()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            foreach (string name in (string[])["base.raw", "middle.qcow2"])
            {
                using TemporaryFile file = TemporaryFile.From(Fixture.Load("Containers/qcow/chain/" + name));
                File.Copy(file.Path, Path.Combine(folder, name));
            }

            using (DiskImage image = DiskImage.Open(Path.Combine(folder, "middle.qcow2")))
            {
                Assert.AreEqual(Truth.Single(row => (string)row[0] == "qcow/chain/middle.qcow2")[2], Hash(image.Disk!, 1 << 20));
            }

            File.Delete(Path.Combine(folder, "base.raw"));
            using DiskImage orphan = DiskImage.Open(Path.Combine(folder, "middle.qcow2"));
            Assert.AreEqual(DiskFormatErrorKind.Unsupported, orphan.Problem!.Kind);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static DiskImage Open(string name) => ContainerFixture.Folder(name).Open(ContainerFixture.NameInFolder(name));

    private static string Hash(DiskContent disk, int piece)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[piece];
        for (long offset = 0; offset < disk.Length; offset += piece)
        {
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(piece, disk.Length - offset));
            disk.Read(offset, part);
            hash.AppendData(part);
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    // Nothing but the extents is read; what is between them counts as zeros.
    private static string HashByExtents(DiskContent disk)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] zeros = new byte[1 << 20];
        byte[] buffer = new byte[1 << 20];
        long position = 0;
        foreach (Extent extent in disk.GetAllocatedExtents().Append(new Extent(disk.Length, 0)))
        {
            for (; position < extent.Offset; position += Math.Min(zeros.Length, extent.Offset - position))
            {
                hash.AppendData(zeros.AsSpan(0, (int)Math.Min(zeros.Length, extent.Offset - position)));
            }

            for (; position < extent.End; position += Math.Min(buffer.Length, extent.End - position))
            {
                Span<byte> part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, extent.End - position));
                disk.Read(position, part);
                hash.AppendData(part);
            }
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
