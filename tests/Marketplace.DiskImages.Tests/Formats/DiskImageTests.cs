using Marketplace.DiskImages.Formats;
using Marketplace.DiskImages.Formats.Vhd;

namespace Marketplace.DiskImages.Tests.Formats;

[TestClass]
public sealed class DiskImageTests
{
    [TestMethod]
    [DataRow("raw.img", DiskFormat.Raw)]
    [DataRow("fixed.vhd", DiskFormat.FixedVhd)]
    [DataRow("chs.vhd", DiskFormat.FixedVhd)]
    [DataRow("dynamic.vhd", DiskFormat.DynamicVhd)]
    [DataRow("disk.vhdx", DiskFormat.Vhdx)]
    [DataRow("disk.qcow2", DiskFormat.Qcow)]
    [DataRow("sparse.vmdk", DiskFormat.Vmdk)]
    [DataRow("flat.vmdk", DiskFormat.Vmdk)]
    [DataRow("disk.vdi", DiskFormat.Vdi)]
    [DataRow("small.gz", DiskFormat.Compressed)]
    [DataRow("small.xz", DiskFormat.Compressed)]
    [DataRow("small.zst", DiskFormat.Compressed)]
    [DataRow("small.bz2", DiskFormat.Compressed)]
    [DataRow("small.zip", DiskFormat.Compressed)]
    [DataRow("small.tar", DiskFormat.Compressed)]
    public void Recognises_what_the_tools_write_whatever_the_name(string name, DiskFormat format)
    {
        using TemporaryFile file = TemporaryFile.From(Fixture.Load("Formats/" + name), ".vhd");
        using DiskImage image = DiskImage.Open(file.Path);

        Assert.AreEqual(format, image.Format);
        Assert.AreEqual(format is not (DiskFormat.Compressed or DiskFormat.Vdi) && name != "flat.vmdk", image.Disk is not null, image.Problem?.Message);
        Assert.AreEqual(name.EndsWith(".vhd", StringComparison.Ordinal), image.Footer is not null);
    }

    [TestMethod]
    public void The_disk_of_a_fixed_VHD_ends_before_the_footer()
    {
        using DiskImage image = DiskImage.Open(Fixture.Load("Formats/fixed.vhd"));

        Assert.AreEqual(24L << 20, image.Disk!.Length);
        Assert.AreEqual((24L << 20) + 512, image.FileLength);
    }

    [TestMethod]
    public void Every_disk_type_has_its_name()
    {
        MemoryContent image = Fixture.Load("Formats/dynamic.vhd");

        Assert.AreEqual(DiskFormat.DifferencingVhd, Format(image.Patched(image.Length - 449, 4)));
        Assert.AreEqual(DiskFormat.OtherVhd, Format(image.Patched(image.Length - 449, 6)));
        Assert.AreEqual(DiskFormat.OtherVhd, Format(image.Patched(image.Length - 449, 0)));
    }

    [TestMethod]
    public void A_dynamic_VHD_whose_end_is_missing_is_known_by_the_copy_at_its_start()
    {
        using DiskImage image = DiskImage.Open(Fixture.Load("Formats/dynamic.vhd").Resized(100_000));

        Assert.AreEqual(DiskFormat.DynamicVhd, image.Format);
        Assert.IsNull(image.Footer);
        Assert.IsNull(image.Disk);
    }

    [TestMethod]
    public void A_fixed_VHD_with_a_damaged_footer_still_has_a_disk()
    {
        MemoryContent vhd = Fixture.Load("Formats/fixed.vhd");
        using DiskImage badType = DiskImage.Open(vhd.Patched(vhd.Length - 449, 9));
        using DiskImage badCookie = DiskImage.Open(vhd.Patched(vhd.Length - 512, (byte)'C'));

        Assert.AreEqual((DiskFormat.OtherVhd, 24L << 20), (badType.Format, badType.Disk!.Length));
        Assert.AreEqual((DiskFormat.Raw, 24L << 20), (badCookie.Format, badCookie.Disk!.Length));
    }

    [TestMethod]
    public void A_footer_of_511_bytes_is_read_and_named()
    {
        MemoryContent vhd = Fixture.Load("Formats/fixed.vhd");
        using DiskImage image = DiskImage.Open(vhd.Resized(vhd.Length - 1));

        Assert.AreEqual(DiskFormat.FixedVhd, image.Format);
        Assert.AreEqual(24L << 20, image.Disk!.Length);
        VhdProblem problem = image.Footer!.FindProblems(image.FileLength).Single();
        Assert.AreEqual(VhdProblemKind.Length, problem.Kind);
        Assert.Contains("511 bytes", problem.Detail);
    }

    [TestMethod]
    public void A_file_without_bytes_is_empty()
    {
        using DiskImage image = DiskImage.Open(new MemoryContent(0));

        Assert.AreEqual(DiskFormat.Empty, image.Format);
        Assert.IsNull(image.Disk);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(511)]
    [DataRow(512)]
    public void The_shortest_files_are_raw(int length)
    {
        using DiskImage image = DiskImage.Open(new MemoryContent(length));

        Assert.AreEqual(DiskFormat.Raw, image.Format);
        Assert.AreEqual(length, image.Disk!.Length);
    }

    private static DiskFormat Format(MemoryContent content)
    {
        using DiskImage image = DiskImage.Open(content);
        return image.Format;
    }
}
