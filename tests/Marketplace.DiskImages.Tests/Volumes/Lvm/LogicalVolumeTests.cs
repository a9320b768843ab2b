using System.Security.Cryptography;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;
using Marketplace.DiskImages.Volumes;

namespace Marketplace.DiskImages.Tests.Volumes.Lvm;

/// <summary>Logical volumes made by the real tools: their names, sizes and bytes are those of lvm.</summary>
[TestClass]
public sealed class LogicalVolumeTests
{
    private static IEnumerable<string[]> Truth => Lines("Lvm/truth.txt");

    [TestMethod]
    [DataRow("system")]
    [DataRow("striped")]
    [DataRow("swap")]
    [DataRow("whole")]
    public void Size_and_bytes_of_every_volume_are_the_ones_lvm_has(string name)
    {
        Volume[] volumes = [.. Read(name).Where(volume => volume.LogicalVolume is not null)];
        string[][] truth = [.. Truth.Where(line => line[0] == name)];

        Assert.HasCount(truth.Length, volumes);
        foreach (string[] line in truth)
        {
            Volume volume = volumes.Single(volume => volume.LogicalVolume!.ToString() == line[1]);
            Assert.AreEqual("logical volume " + line[1], volume.DisplayName);
            Assert.IsNull(volume.Problem);
            Assert.AreEqual(line[2], $"{volume.Content.Length}", line[1]);
            Assert.AreEqual(line[3], Hash(volume.Content, 1 << 20), line[1]);
            Assert.AreEqual(line[3], Hash(volume.Content, 3000), line[1]);
        }
    }

    [TestMethod]
    [DataRow("system")]
    [DataRow("striped")]
    [DataRow("swap")]
    [DataRow("whole")]
    public void What_is_outside_the_allocated_extents_is_zero(string name)
    {
        foreach (Volume volume in Read(name).Where(volume => volume.LogicalVolume is not null))
        {
            byte[] bytes = ReadAll(volume.Content);
            long end = 0;
            long sum = 0;
            foreach (Extent extent in volume.Content.GetAllocatedExtents())
            {
                Assert.IsGreaterThan(0, extent.Length);
                Assert.IsTrue(extent.Offset >= end && extent.End <= bytes.Length, $"{volume.DisplayName}: {extent} after {end}");
                Assert.IsFalse(end > 0 && extent.Offset == end, "Extents that touch are one.");
                Assert.IsFalse(bytes.AsSpan((int)end, (int)(extent.Offset - end)).ContainsAnyExcept((byte)0), volume.DisplayName);
                (end, sum) = (extent.End, sum + extent.Length);
            }

            Assert.IsFalse(bytes.AsSpan((int)end).ContainsAnyExcept((byte)0), volume.DisplayName);
            Assert.IsLessThan(bytes.Length, sum, "Holes are told.");
        }
    }

    [TestMethod]
    public void The_physical_volume_stays_a_volume()
    {
        Volume physical = Read("system").Single(volume => volume.Kind == VolumeKind.LvmPhysicalVolume);

        Assert.AreEqual((4, null), (physical.Partition!.Number, physical.Problem));
        Assert.AreEqual(VolumeKind.LvmPhysicalVolume, Read("whole")[0].Kind);
        Assert.IsTrue(Read("whole")[0].IsWholeDisk);
    }

    [TestMethod]
    public void Swap_in_a_logical_volume_is_recognised()
    {
        Volume swap = Read("striped").Single(volume => volume.LogicalVolume?.Name == "swap");

        Assert.AreEqual((VolumeKind.Swap, "11111111-2222-3333-4444-666666666666", "lvswap"), (swap.Kind, swap.Uuid, swap.Label));
        Assert.IsNull(swap.Partition);
    }

    [TestMethod]
    [DataRow("/dev/mapper/data--vg-two--stripes", "two-stripes")]
    [DataRow("/dev/data-vg/two-stripes", "two-stripes")]
    [DataRow("/dev/disk/by-id/dm-name-data--vg-three", "three")]
    [DataRow("UUID=11111111-2222-3333-4444-666666666666", "swap")]
    [DataRow("/dev/disk/by-label/lvswap", "swap")]
    public void Devices_are_found_by_every_name_the_system_gives_them(string source, string name)
    {
        Assert.AreEqual(name, DeviceNames.Find(DiskLayout.Read(Fixture.Load("Lvm/striped")), source).Volume?.LogicalVolume?.Name);
    }

    [TestMethod]
    [DataRow("/dev/mapper/data-vg-two-stripes")]
    [DataRow("/dev/mapper/data--vg-none")]
    [DataRow("/dev/data--vg/two--stripes")]
    [DataRow("/dev/sda")]
    public void Other_names_are_not_names_of_a_logical_volume(string source)
    {
        Assert.IsNull(DeviceNames.Find(DiskLayout.Read(Fixture.Load("Lvm/striped")), source).Volume);
    }

    [TestMethod]
    public void A_system_on_logical_volumes_is_assembled_as_the_kernel_mounts_it()
    {
        RootSearch search = SystemTree.Search(DiskLayout.Read(Fixture.Load("Lvm/system")));
        SystemTree tree = search.Tree!;

        Assert.AreEqual("rootvg/rootlv", tree.RootVolume.LogicalVolume!.ToString());
        Assert.IsEmpty(search.UnreadableVolumes);
        Assert.IsEmpty(tree.UnreadableMounts);
        Assert.AreEqual(
            "/=rootvg/rootlv /boot= /boot/efi= /home=rootvg/homelv /tmp=rootvg/tmplv /usr=rootvg/usrlv /var=rootvg/varlv",
            string.Join(' ', tree.Mounts.OrderBy(mount => mount.Path, StringComparer.Ordinal).Select(mount => $"{mount.Path}={mount.Volume.LogicalVolume}")));
        foreach (string[] line in Lines("Lvm/system.txt"))
        {
            FileStat stat = tree.LinkStat(line[0]) ?? throw new AssertFailedException($"{line[0]} is not there.");
            string actual = stat.Kind switch
            {
                FileKind.Regular => $"f|{Convert.ToString(stat.Mode, 8)}|{stat.Size}|{Convert.ToHexStringLower(SHA256.HashData(tree.ReadAllBytes(line[0], 16 << 20)!))}",
                FileKind.SymbolicLink => $"l|777||{tree.ReadLink(line[0])}",
                _ => $"d|{Convert.ToString(stat.Mode, 8)}||",
            };
            Assert.AreEqual(string.Join('|', line[1..]), actual, line[0]);
        }
    }

    private static IReadOnlyList<Volume> Read(string name) => DiskLayout.Read(Fixture.Load("Lvm/" + name)).Volumes;

    private static IEnumerable<string[]> Lines(string name) => Fixture.Text(name).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|'));

    private static byte[] ReadAll(DiskContent content)
    {
        byte[] bytes = new byte[content.Length];
        content.Read(0, bytes);
        return bytes;
    }

    private static string Hash(DiskContent content, int run)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[run];
        for (long offset = 0; offset < content.Length; offset += run)
        {
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(run, content.Length - offset));
            content.Read(offset, part);
            hash.AppendData(part);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
