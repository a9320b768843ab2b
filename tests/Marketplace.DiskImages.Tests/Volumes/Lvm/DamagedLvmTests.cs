using System.Globalization;
using System.Text;
using Marketplace.DiskImages.Volumes;
using Marketplace.DiskImages.Volumes.Lvm;

namespace Marketplace.DiskImages.Tests.Volumes.Lvm;

/// <summary>Damage in the structures of LVM2, each place with its own error, and the ways to kill a reader.</summary>
[TestClass]
public sealed class DamagedLvmTests
{
    private const string Label = "LVM2 label";
    private const string Header = "LVM2 metadata area header";
    private const string Text = "LVM2 metadata text";

    [TestMethod]
    public void Every_byte_of_the_label_is_covered_by_its_checksum()
    {
        MemoryContent volume = One().Content;
        foreach (int offset in (int[])[512 + 8, 512 + 16, 512 + 20, 512 + 32, 512 + 72, 1023])
        {
            Physical(volume.Patched(offset, (byte)(volume.ReadBytes(offset, 1)[0] ^ 1)), DiskFormatErrorKind.Corrupt, Label, 512);
        }
    }

    [TestMethod]
    public void A_label_of_another_sector_is_none()
    {
        Physical(One().WithLabel(8, 2).Content, DiskFormatErrorKind.Corrupt, Label, 512);
    }

    [TestMethod]
    [DataRow(0u)]
    [DataRow(31u)]
    [DataRow(480u)]
    [DataRow(uint.MaxValue)]
    public void A_header_outside_the_sector_of_the_label_is_refused(uint offset)
    {
        Physical(One().WithLabel(20, BitConverter.GetBytes(offset)).Content, DiskFormatErrorKind.Corrupt, Label, 512);
    }

    [TestMethod]
    public void A_list_of_areas_without_end_is_refused()
    {
        byte[] areas = new byte[440];
        Array.Fill(areas, (byte)1);

        Physical(One().WithLabel(72, areas).Content, DiskFormatErrorKind.Corrupt, Label, 512);
    }

    [TestMethod]
    public void Too_many_metadata_areas_are_refused()
    {
        byte[] areas = new byte[16 * 11];
        for (int i = 1; i < 10; i++)
        {
            areas[16 * i] = 1;
        }

        Physical(One().WithLabel(72, areas).Content, DiskFormatErrorKind.Unsupported, Label, 512);
    }

    [TestMethod]
    public void The_next_whole_label_counts()
    {
        MemoryContent volume = One().Content;
        byte[] sector = volume.ReadBytes(512, 512);
        MemoryContent copied = volume.Patched(0, sector);

        Assert.IsNull(Read(copied)[0].Problem);
        Assert.HasCount(2, Read(copied));
    }

    [TestMethod]
    public void Every_byte_of_a_metadata_header_is_covered_by_its_checksum()
    {
        MemoryContent volume = One().Content;
        foreach (int offset in (int[])[4096, 4100, 4116, 4120, 4128, 4136, 4607])
        {
            Physical(volume.Patched(offset, (byte)(volume.ReadBytes(offset, 1)[0] ^ 1)), DiskFormatErrorKind.Corrupt, Header, 4096);
        }
    }

    [TestMethod]
    [DataRow(4, DiskFormatErrorKind.Corrupt, DisplayName = "magic")]
    [DataRow(20, DiskFormatErrorKind.Unsupported, DisplayName = "version")]
    [DataRow(24, DiskFormatErrorKind.Corrupt, DisplayName = "start")]
    [DataRow(32, DiskFormatErrorKind.Corrupt, DisplayName = "size")]
    public void A_header_that_is_not_the_one_of_its_area_is_refused(int offset, DiskFormatErrorKind kind)
    {
        Physical(One().WithHeader(offset, 9).Content, kind, Header, 4096);
    }

    [TestMethod]
    [DataRow(511UL, 100UL, DisplayName = "text in the header: a header that points to itself")]
    [DataRow(1UL, 100UL, DisplayName = "text at the start of the header")]
    [DataRow(1UL << 40, 100UL, DisplayName = "text past the area")]
    [DataRow(ulong.MaxValue, 100UL, DisplayName = "text at the end of numbers")]
    [DataRow(512UL, 0UL, DisplayName = "empty text")]
    [DataRow(512UL, 64UL << 20, DisplayName = "text of 64 MiB")]
    [DataRow(512UL, ulong.MaxValue, DisplayName = "text of all bytes there are")]
    public void A_text_that_is_not_in_the_ring_is_refused(ulong offset, ulong size)
    {
        Physical(One().WithHeader(40, offset).WithHeader(48, size).Content, DiskFormatErrorKind.Corrupt, Header, 4096);
    }

    [TestMethod]
    public void A_text_with_another_checksum_is_refused()
    {
        LvmFixture good = One();
        int at = Encoding.Latin1.GetString(good.Content.ReadBytes(0, 1 << 20)).LastIndexOf("extent_size", StringComparison.Ordinal);
        byte[] bytes = good.Content.ReadBytes(at, 1);

        // Older texts stay in the ring behind the newest one.
        Assert.AreEqual("LVM2 metadata", Read(good.Content.Patched(at, (byte)(bytes[0] ^ 1)))[0].Problem?.Structure);
    }

    /// <summary>The killer of another library: it kept the area on the stack.</summary>
    [TestMethod]
    public void A_metadata_area_of_64_MiB_costs_no_memory()
    {
        foreach (ulong size in (ulong[])[64UL << 20, 1UL << 40, ulong.MaxValue])
        {
            byte[] bytes = BitConverter.GetBytes(size);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Physical(One().WithLabel(72 + 32 + 8, bytes).WithHeader(32, bytes).Content, DiskFormatErrorKind.Truncated, Header, 4096);
            Assert.IsLessThan(64L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [TestMethod]
    [DataRow("extent_size = 2048", "extent_size = 0", "vg: extent_size is 0")]
    [DataRow("extent_size = 2048", "extent_size = 4294967296", "vg: extent_size is 4294967296, not from 0 to 4294967295")]
    [DataRow("seqno = 2", "seqno = -1", "vg: seqno is -1, not from 0 to 4294967295")]
    [DataRow("seqno = 2", "seqno = \"2\"", "vg: seqno is not a number")]
    [DataRow("seqno = 2", "seqno = 99999999999999999999", "the number 99999999999999999999 is too large")]
    [DataRow("seqno = 2\n", "", "vg: there is no seqno")]
    [DataRow("pe_start = 2048", "pe_start = 9223372036854775807", "vg/physical_volumes/pv0: pe_start is 9223372036854775807, not from 0 to 18014398509481983")]
    [DataRow("vg {", "v/g {", "v/g: the name is not one that LVM allows")]
    [DataRow("lv1 {", "- {", "vg/logical_volumes/-: the name is not one that LVM allows")]
    [DataRow("version = 1\n", "version = 1\nother {\n}\n", "2 volume groups")]
    public void A_description_that_contradicts_itself_is_refused(string old, string @new, string detail)
    {
        DiskFormatException problem = One().Replaced(old, @new).Read().Single().Problem!;

        Assert.AreEqual((DiskFormatErrorKind.Corrupt, Text, detail), (problem.Kind, problem.Structure, problem.Detail));
    }

    [TestMethod]
    [DataRow("contents = \"Text Format Volume Group\"", "contents = \"Text Format Something\"")]
    [DataRow("version = 1\n", "version = 2\n")]
    [DataRow("format = \"lvm2\"", "format = \"lvm3\"")]
    public void A_description_of_another_format_is_unsupported(string old, string @new)
    {
        DiskFormatException problem = One().Replaced(old, @new).Read().Single().Problem!;

        Assert.AreEqual((DiskFormatErrorKind.Unsupported, Text), (problem.Kind, problem.Structure));
    }

    [TestMethod]
    [DataRow("start_extent = 0", "start_extent = 1", "vg/logical_volumes/lv1: a segment starts at byte 1048576, the ones before it end at byte 0")]
    [DataRow("extent_count = 2", "extent_count = 0", "vg/logical_volumes/lv1/segment1: extent_count is 0")]
    [DataRow("segment_count = 1", "segment_count = 2", "vg/logical_volumes/lv1: segment_count is 2, and there are 1 segments")]
    [DataRow("segment_count = 1", "segment_count = 0", "vg/logical_volumes/lv1: segment_count is 0, and there are 1 segments")]
    [DataRow("stripe_count = 1", "stripe_count = 0", "vg/logical_volumes/lv1/segment1: stripe_count is 0, and the list of stripes has 2 elements")]
    [DataRow("stripe_count = 1", "stripe_count = 2", "vg/logical_volumes/lv1/segment1: stripe_count is 2, and the list of stripes has 2 elements")]
    [DataRow("\"pv0\", 0\n", "0, \"pv0\"\n", "vg/logical_volumes/lv1/segment1: the list of stripes does not hold a name and an extent for each")]
    [DataRow("\"pv0\", 0\n", "\"pv0\", -1\n", "vg/logical_volumes/lv1/segment1: the list of stripes does not hold a name and an extent for each")]
    [DataRow("\"pv0\", 0\n", "\"pv0\", 4294967295\n", "vg/lv1: it has 2 extents from extent 4294967295 on, the physical volume PVPV01-aaaa-bbbb-cccc-dddd-eeee-FFFFFF has 11")]
    [DataRow("\"pv0\", 0\n", "\"pv0\", 10\n", "vg/lv1: it has 2 extents from extent 10 on, the physical volume PVPV01-aaaa-bbbb-cccc-dddd-eeee-FFFFFF has 11")]
    [DataRow("stripe_count = 1", "stripe_count = 2\nstripe_size = 3000\nstripes = [\"pv0\", 0, \"pv0\", 5]\nx = 1\n}\nsegmentless {", "vg/logical_volumes/lv1: segment_count is 1, and there are 2 segments")]
    public void A_logical_volume_that_contradicts_itself_or_the_disk_is_refused(string old, string @new, string detail)
    {
        DiskFormatException problem = One().Replaced(old, @new).Logical("lv1").Problem!;

        Assert.AreEqual((DiskFormatErrorKind.Corrupt, detail), (problem.Kind, problem.Detail));
    }

    [TestMethod]
    [DataRow("stripe_size = 0", "a stripe of 1048576 bytes is not a whole number of pieces of 0 bytes")]
    [DataRow("stripe_size = 3000", "a stripe of 1048576 bytes is not a whole number of pieces of 1536000 bytes")]
    [DataRow("", "there is no stripe_size")]
    public void Stripes_that_do_not_fill_their_extents_are_refused(string size, string detail)
    {
        LvmFixture fixture = One().Replaced("stripe_count = 1", "stripe_count = 2\n" + size).Replaced("\"pv0\", 0\n", "\"pv0\", 0, \"pv0\", 5\n");

        Assert.AreEqual("vg/logical_volumes/lv1/segment1: " + detail, fixture.Logical("lv1").Problem!.Detail);
    }

    [TestMethod]
    public void Extents_that_cannot_be_spread_over_the_stripes_are_refused()
    {
        LvmFixture fixture = One().Replaced("extent_count = 2", "extent_count = 3").Replaced("stripe_count = 1", "stripe_count = 2\nstripe_size = 128").Replaced("\"pv0\", 0\n", "\"pv0\", 0, \"pv0\", 5\n");

        Assert.AreEqual("vg/logical_volumes/lv1/segment1: 3 extents cannot be spread over 2 stripes", fixture.Logical("lv1").Problem!.Detail);
    }

    [TestMethod]
    public void Extents_past_the_end_of_a_cut_off_disk_are_truncated()
    {
        DiskFormatException problem = new LvmFixture(One().Content.Resized((2 << 20) + 4096)).Logical("lv1").Problem!;

        Assert.AreEqual((DiskFormatErrorKind.Truncated, "LVM2 logical volume"), (problem.Kind, problem.Structure));
    }

    [TestMethod]
    public void Places_past_the_end_of_64_bits_are_truncated()
    {
        LvmFixture fixture = One().Replaced("extent_size = 2048", "extent_size = 4294967295").Replaced("pe_count = 11", "pe_count = 4294967295").Replaced("\"pv0\", 0\n", "\"pv0\", 4294967290\n");

        Assert.AreEqual(DiskFormatErrorKind.Truncated, fixture.Logical("lv1").Problem!.Kind);
    }

    [TestMethod]
    public void Two_volumes_of_the_same_extents_are_both_refused_and_a_third_is_read()
    {
        LvmFixture fixture = WithVolumes(("lv1", 0, 2), ("lv2", 1, 2), ("lv3", 3, 1));

        Assert.AreEqual("vg/lv1: another logical volume has some of the same extents", fixture.Logical("lv1").Problem?.Detail);
        Assert.AreEqual("vg/lv2: another logical volume has some of the same extents", fixture.Logical("lv2").Problem?.Detail);
        Assert.IsNull(fixture.Logical("lv3").Problem);
    }

    [TestMethod]
    public void A_name_that_is_there_twice_is_refused()
    {
        DiskFormatException problem = WithVolumes(("lv1", 0, 1), ("lv1", 1, 1)).Physical().Problem!;

        Assert.AreEqual("lv1 is there twice", problem.Detail);
    }

    [TestMethod]
    public void More_logical_volumes_than_are_looked_into_are_refused()
    {
        LvmFixture fixture = WithVolumes([.. Enumerable.Range(0, LvmFormat.MaxLogicalVolumes + 1).Select(i => ($"lv{i}", i, 1))]);

        Assert.AreEqual(DiskFormatErrorKind.Unsupported, fixture.Read().Single().Problem!.Kind);
    }

    [TestMethod]
    public void A_damaged_copy_gives_way_to_a_whole_one()
    {
        MemoryContent disk = Fixture.Load("Lvm/whole");
        byte[] first = disk.ReadBytes(4096, 1);

        IReadOnlyList<Volume> volumes = Read(disk.Patched(4096, (byte)(first[0] ^ 1)));

        Assert.AreEqual("lv", volumes.Single(volume => volume.LogicalVolume is not null).LogicalVolume!.Name);
        Assert.IsNull(volumes[0].Problem);
    }

    /// <summary>An area that was not written when the group was changed has an older description.</summary>
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void The_newest_copy_counts(int seqno)
    {
        MemoryContent disk = Fixture.Load("Lvm/striped");
        LvmFixture first = LvmFixture.Load("striped", 1);
        int original = int.Parse(System.Text.RegularExpressions.Regex.Match(first.Text, "seqno = ([0-9]+)").Groups[1].Value, CultureInfo.InvariantCulture);
        int changed = original + seqno - 2;
        LvmFixture renamed = first.Replaced($"seqno = {original}", $"seqno = {changed}").Replaced("three {", "drei {");

        IReadOnlyList<Volume> volumes = Read(disk.Patched(1 << 20, renamed.Content.ReadBytes(0, 1 << 20)));

        Assert.AreEqual(changed > original ? "drei" : "three", volumes.Single(volume => volume.LogicalVolume?.Name is "drei" or "three").LogicalVolume!.Name);
    }

    [TestMethod]
    public void Two_descriptions_that_are_equally_new_and_differ_are_refused()
    {
        MemoryContent disk = Fixture.Load("Lvm/striped");
        LvmFixture renamed = LvmFixture.Load("striped", 1).Replaced("three {", "drei {");

        Volume[] volumes = [.. Read(disk.Patched(1 << 20, renamed.Content.ReadBytes(0, 1 << 20))).Where(volume => volume.LogicalVolume is not null)];

        Assert.HasCount(5, volumes);
        Assert.IsTrue(volumes.All(volume => volume.Problem?.Detail.Contains("two different descriptions have the same seqno", StringComparison.Ordinal) == true));
    }

    [TestMethod]
    public void An_ignored_area_does_not_count()
    {
        Volume volume = One().WithHeader(60, 1).Read().Single();

        Assert.AreEqual(DiskFormatErrorKind.Unsupported, volume.Problem?.Kind);
    }

    private static LvmFixture One() => LvmFixture.Load("twins", 1);

    private static IReadOnlyList<Volume> Read(MemoryContent disk) => DiskLayout.Read(disk).Volumes;

    /// <summary>The group of <see cref="One"/> with these linear volumes: name, first extent, number of extents.</summary>
    private static LvmFixture WithVolumes(params (string Name, int Extent, int Count)[] volumes)
    {
        LvmFixture fixture = One();
        string text = fixture.Text;
        int start = text.IndexOf("logical_volumes {", StringComparison.Ordinal);
        int end = text.IndexOf("# Generated", StringComparison.Ordinal);
        return fixture.WithText(text[..start] + "logical_volumes {\n" + string.Concat(volumes.Select(volume =>
            $"{volume.Name} {{\nstatus = [\"READ\", \"VISIBLE\"]\nsegment_count = 1\nsegment1 {{\nstart_extent = 0\nextent_count = {volume.Count}\ntype = \"striped\"\nstripe_count = 1\nstripes = [\"pv0\", {volume.Extent}]\n}}\n}}\n")) + "}\n}\n" + text[end..]);
    }

    private static void Physical(MemoryContent disk, DiskFormatErrorKind kind, string structure, long offset)
    {
        DiskFormatException? problem = Read(disk).Single().Problem;
        Assert.AreEqual((kind, structure, offset), (problem!.Kind, problem.Structure, problem.Offset), problem.Message);
    }
}
