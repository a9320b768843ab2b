using Marketplace.DiskImages.Trees;
using Marketplace.DiskImages.Volumes;

namespace Marketplace.DiskImages.Tests.Volumes.Lvm;

/// <summary>Logical volumes that are there and cannot be read say so, and leave the others alone.</summary>
[TestClass]
public sealed class UnreadableLogicalVolumeTests
{
    [TestMethod]
    public void Volumes_on_a_physical_volume_that_is_elsewhere_are_unsupported_and_the_others_are_read()
    {
        Dictionary<string, Volume> volumes = Logical("partial");

        // lvm put "swap" on the first partition; everything else has extents on the second one.
        Assert.IsNull(volumes["swap"].Problem);
        Assert.AreEqual(VolumeKind.Swap, volumes["swap"].Kind);
        foreach (string name in (string[])["two-stripes", "three", "across"])
        {
            Unsupported(volumes[name], "the physical volume PVPV02-aaaa-bbbb-cccc-dddd-eeee-FFFFFF is not on this disk");
        }
    }

    [TestMethod]
    public void A_volume_that_is_not_read_has_its_length_and_no_bytes()
    {
        Volume volume = Logical("partial")["across"];

        Assert.AreEqual(100 * 256 << 10, volume.Content.Length);
        Assert.AreEqual(VolumeKind.Unknown, volume.Kind);
        Expect.Unsupported("LVM2 logical volume", () => volume.Content.Read(0, new byte[1]));
        Assert.AreEqual(volume.Content.Length, volume.Content.GetAllocatedExtents().Single().Length);
    }

    /// <summary>The types are those that lvm itself tells for the same disk.</summary>
    [TestMethod]
    public void Every_visible_volume_of_another_type_is_unsupported_by_its_type_and_hidden_ones_are_not_shown()
    {
        Dictionary<string, Volume> volumes = Logical("types");
        string[][] truth = [.. Fixture.Text("Lvm/types.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|'))];

        Assert.AreEqual(string.Join(' ', truth.Select(line => line[0]).Order(StringComparer.Ordinal)), string.Join(' ', volumes.Keys.Order(StringComparer.Ordinal)));
        foreach (string[] line in truth)
        {
            (string name, string type) = (line[0], line[1]);
            if (name == "snap")
            {
                // lvm names the type of the store.
                Unsupported(volumes[name], "is of type snapshot");
            }
            else if (name == "merged")
            {
                Unsupported(volumes[name], "a snapshot will be merged into it");
            }
            else if (type == "linear")
            {
                Assert.IsNull(volumes[name].Problem, name);
            }
            else
            {
                Unsupported(volumes[name], $"is of type {type}, which is not read");
            }
        }
    }

    [TestMethod]
    [DataRow("vdo")]
    [DataRow("integrity")]
    [DataRow("raid5_ls")]
    [DataRow("raid1+RESHAPE")]
    [DataRow("striped+LATER")]
    [DataRow("from-the-future")]
    public void A_segment_of_any_other_type_makes_the_volume_unsupported(string type)
    {
        Unsupported(One().Replaced("type = \"striped\"", $"type = \"{type}\"").Logical("lv1"), $"is of type {type}, which is not read");
    }

    [TestMethod]
    public void A_status_that_is_not_known_makes_the_volume_unsupported()
    {
        Unsupported(One().Replaced("\"VISIBLE\"]", "\"VISIBLE\", \"FUTURE\"]").Logical("lv1"), "has the status FUTURE, which is not known");
    }

    [TestMethod]
    public void A_stripe_on_an_internal_volume_makes_the_volume_unsupported()
    {
        Unsupported(One().Replaced("\"pv0\", 0", "\"pvmove0\", 0").Logical("lv1"), "it is made of pvmove0, which is no physical volume");
    }

    [TestMethod]
    public void A_physical_volume_that_was_missing_is_not_trusted()
    {
        Unsupported(One().Replaced("[\"ALLOCATABLE\"]", "[\"ALLOCATABLE\", \"MISSING\"]").Logical("lv1"), "was missing when the volume group was changed");
    }

    [TestMethod]
    public void An_exported_group_is_not_read()
    {
        Unsupported(Logical("exported")["lv"], "vg: the volume group is exported, and no system uses it");
    }

    [TestMethod]
    public void Two_groups_of_one_name_are_not_told_apart()
    {
        foreach (string name in (string[])["lv1", "lv2"])
        {
            DiskFormatException problem = Logical("twins")[name].Problem!;
            Assert.AreEqual((DiskFormatErrorKind.Corrupt, "vg: two volume groups of the disk have this name"), (problem.Kind, problem.Detail));
        }
    }

    [TestMethod]
    public void A_copy_of_a_physical_volume_makes_both_useless()
    {
        MemoryContent disk = Fixture.Load("Lvm/twins");
        byte[] first = disk.ReadBytes(1 << 20, 2 << 20);

        DiskLayout layout = DiskLayout.Read(disk.Patched(13 << 20, first));

        DiskFormatException problem = layout.Volumes.Single(volume => volume.LogicalVolume is not null).Problem!;
        Assert.AreEqual(DiskFormatErrorKind.Corrupt, problem.Kind);
        Assert.Contains("is on this disk twice", problem.Detail);
    }

    [TestMethod]
    public void A_physical_volume_in_a_logical_volume_is_not_searched()
    {
        LvmFixture outer = One();
        byte[] inner = outer.Content.ReadBytes(0, 8192);
        Volume nested = new LvmFixture(outer.Content.Patched(1 << 20, inner)).Logical("lv1");

        Assert.AreEqual((VolumeKind.LvmPhysicalVolume, null), (nested.Kind, nested.Problem));
        Assert.AreEqual("it is a physical volume of LVM inside a logical volume, which is not read", RootFinder.WhyUnreadable(nested));
    }

    [TestMethod]
    public void A_partition_table_in_a_logical_volume_is_not_read()
    {
        LvmFixture outer = One();
        byte[] table = Fixture.Load("Partitions/mbr").ReadBytes(0, 512);
        IReadOnlyList<Volume> volumes = new LvmFixture(outer.Content.Patched(1 << 20, table)).Read();

        Assert.HasCount(2, volumes);
        Assert.AreEqual(VolumeKind.Unknown, volumes[1].Kind);
        Assert.AreEqual("it holds no known file system", RootFinder.WhyUnreadable(volumes[1]));
    }

    [TestMethod]
    public void A_physical_volume_of_no_group_holds_nothing()
    {
        Volume volume = DiskLayout.Read(Fixture.Load("Volumes/lvm").Resized(16 << 20)).Volumes.Single();

        Assert.AreEqual((VolumeKind.LvmPhysicalVolume, null), (volume.Kind, RootFinder.WhyUnreadable(volume)));
    }

    [TestMethod]
    public void A_physical_volume_whose_group_is_described_elsewhere_may_hold_anything()
    {
        // No text in its metadata area, as if it had none, and the mark that a group uses it.
        Volume volume = One().WithHeader(40, new byte[24]).Read().Single();

        Assert.AreEqual(DiskFormatErrorKind.Unsupported, volume.Problem!.Kind);
        Assert.Contains("is not described on this disk", RootFinder.WhyUnreadable(volume)!);
    }

    private static LvmFixture One() => LvmFixture.Load("twins", 1);

    private static Dictionary<string, Volume> Logical(string name) =>
        DiskLayout.Read(Fixture.Load("Lvm/" + name)).Volumes.Where(volume => volume.LogicalVolume is not null).ToDictionary(volume => volume.LogicalVolume!.Name);

    private static void Unsupported(Volume volume, string detail)
    {
        Assert.IsNotNull(volume.Problem, volume.DisplayName);
        Assert.AreEqual(DiskFormatErrorKind.Unsupported, volume.Problem.Kind, volume.Problem.Message);
        Assert.Contains(detail, volume.Problem.Detail);
        Assert.IsNull(volume.FileSystem);
    }
}
