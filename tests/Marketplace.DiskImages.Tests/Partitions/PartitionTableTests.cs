using System.Globalization;
using System.Text.Json;
using Marketplace.DiskImages.Partitions;

namespace Marketplace.DiskImages.Tests.Partitions;

[TestClass]
public sealed class PartitionTableTests
{
    /// <summary>Every partition of every table is where sfdisk says it is.</summary>
    [TestMethod]
    [DataRow("gpt-ubuntu")]
    [DataRow("gpt-gaps")]
    [DataRow("gpt-low")]
    [DataRow("mbr")]
    [DataRow("mbr-logical")]
    [DataRow("mbr-empty-extended")]
    [DataRow("mbr-empty")]
    public void Agrees_with_sfdisk(string name)
    {
        PartitionTable table = Read(Fixture.Load("Partitions/" + name))!;
        JsonElement truth = JsonDocument.Parse(Fixture.Text($"Partitions/{name}.json")).RootElement.GetProperty("partitiontable");

        Assert.AreEqual(truth.GetProperty("label").GetString() == "gpt" ? PartitionTableKind.Gpt : PartitionTableKind.Mbr, table.Kind);
        Assert.AreEqual(512, table.SectorSize);
        string[] expected = truth.TryGetProperty("partitions", out JsonElement partitions) ? [.. partitions.EnumerateArray().Select(Describe).Where(line => line.Length > 0)] : [];
        CollectionAssert.AreEqual(expected, table.Partitions.Select(Describe).ToArray());
    }

    [TestMethod]
    public void The_table_of_an_Ubuntu_image_has_no_warning_and_the_firmware_partitions()
    {
        PartitionTable table = Read(Fixture.Load("Partitions/gpt-ubuntu"))!;

        Assert.IsEmpty(table.Warnings);
        Assert.AreEqual("1 14 15 16", string.Join(' ', table.Partitions.Select(partition => partition.Number)));
        Assert.IsTrue(table.HasBiosBootPartition);
        Assert.IsTrue(table.HasEfiSystemPartition);
        Assert.IsFalse(table.HasBootCode);
        Assert.IsFalse(table.HasActivePartition);
        Assert.AreEqual(1L << 20, table.FirstPartitionOffset);
        Assert.AreEqual(34 * 512, table.TableEnd);
        Assert.AreEqual(64L << 20, table.DescribedLength);
        Assert.AreEqual("11111111-2222-3333-4444-555555555555", table.Partitions[0].PartUuid);
        Assert.AreEqual("cloudimg-rootfs", table.Partitions[0].Name);
    }

    [TestMethod]
    public void A_table_of_4096_byte_sectors_counts_in_them()
    {
        PartitionTable table = Read(Fixture.Load("Partitions/gpt-4096"))!;

        Assert.AreEqual(4096, table.SectorSize);
        Assert.AreEqual((256L * 4096, 1024L * 4096, "big"), (table.Partitions[0].Offset, table.Partitions[0].Length, table.Partitions[0].Name));
        Assert.IsEmpty(table.Warnings);
    }

    [TestMethod]
    public void A_grown_disk_is_told_in_a_warning()
    {
        PartitionTable table = Read(Fixture.Load("Partitions/gpt-grown"))!;

        Assert.Contains("made larger", table.Warnings.Single());
        Assert.AreEqual(16L << 20, table.DescribedLength);
    }

    [TestMethod]
    public void A_cut_disk_is_told_in_a_warning()
    {
        PartitionTable table = Read(Fixture.Load("Partitions/gpt-cut"))!;

        Assert.Contains("cut off", table.Warnings.Single());
        Assert.AreEqual(16L << 20, table.DescribedLength);
    }

    [TestMethod]
    public void A_hybrid_MBR_is_noted_and_the_GPT_read()
    {
        PartitionTable table = Read(Fixture.Load("Partitions/gpt-hybrid"))!;

        Assert.AreEqual(PartitionTableKind.Gpt, table.Kind);
        Assert.IsTrue(table.IsHybrid);
        Assert.HasCount(3, table.Partitions);
    }

    [TestMethod]
    public void A_partition_below_1_MiB_is_where_it_is()
    {
        PartitionTable table = Read(Fixture.Load("Partitions/gpt-low"))!;

        Assert.AreEqual(34 * 512, table.FirstPartitionOffset);
    }

    [TestMethod]
    public void Logical_partitions_are_numbered_from_5_in_the_order_of_their_chain()
    {
        PartitionTable table = Read(Fixture.Load("Partitions/mbr-logical"))!;

        Assert.AreEqual("1 2 4 5 6 7", string.Join(' ', table.Partitions.Select(partition => partition.Number)));
        Assert.AreEqual("1234abcd-05", table.Partitions[3].PartUuid);
        Assert.IsTrue(table.Partitions[4].IsLinuxSwap);
        Assert.IsTrue(table.Partitions[5].IsLinuxLvm);
        Assert.IsTrue(table.HasEfiSystemPartition);
    }

    [TestMethod]
    public void An_MBR_tells_its_active_partition_and_its_boot_code()
    {
        MemoryContent disk = Fixture.Load("Partitions/mbr");

        Assert.IsTrue(Read(disk)!.HasActivePartition);
        Assert.IsFalse(Read(disk)!.HasBootCode);
        Assert.IsTrue(Read(disk.Patched(439, 0x90))!.HasBootCode);
        Assert.IsFalse(Read(disk.Patched(440, 0x90))!.HasBootCode);
        Assert.IsFalse(Read(disk.Patched(446, 0))!.HasActivePartition);
    }

    [TestMethod]
    public void The_number_of_a_sector_in_the_entry_decides_about_overlap()
    {
        // Entry 2 begins one sector before entry 1 ends.
        PartitionTable table = Read(Fixture.Load("Partitions/mbr").Patched(446 + 16 + 8, BitConverter.GetBytes(2048 + 20479)))!;

        Assert.Contains("inside partition 1", table.Warnings.Single());
    }

    [TestMethod]
    public void Data_in_the_first_MiB_is_found_behind_the_table()
    {
        MemoryContent disk = Fixture.Load("Partitions/gpt-ubuntu");

        Assert.IsNull(DiskLayout.Read(disk).FindDataInFirstMiB());
        Assert.AreEqual(34 * 512, DiskLayout.Read(disk.Patched(34 * 512, 1)).FindDataInFirstMiB());
        Assert.AreEqual((1 << 20) - 1, DiskLayout.Read(disk.Patched((1 << 20) - 1, 1)).FindDataInFirstMiB());
        Assert.IsNull(DiskLayout.Read(disk.Patched(1 << 20, 1)).FindDataInFirstMiB());
    }

    [TestMethod]
    public void A_disk_without_a_table_is_one_volume()
    {
        DiskLayout layout = DiskLayout.Read(new MemoryContent(1 << 20));

        Assert.IsNull(layout.Table);
        Assert.IsNull(layout.Volumes.Single().Partition);
        Assert.AreEqual("the whole disk", layout.Volumes[0].DisplayName);
    }

    internal static PartitionTable? Read(MemoryContent disk) => PartitionTableReader.Read(disk);

    private static string Describe(JsonElement partition)
    {
        string type = partition.GetProperty("type").GetString()!.ToLowerInvariant();
        string number = new([.. partition.GetProperty("node").GetString()!.SkipWhile(c => !char.IsAsciiDigit(c))]);
        bool isContainer = type is "5" or "f" or "85";
        string uuid = partition.TryGetProperty("uuid", out JsonElement value) ? value.GetString()!.ToLowerInvariant() : "";
        bool isActive = partition.TryGetProperty("bootable", out _);
        return isContainer ? "" : string.Create(CultureInfo.InvariantCulture, $"{number} {partition.GetProperty("start").GetInt64()} {partition.GetProperty("size").GetInt64()} {type} {uuid} {isActive}");
    }

    private static string Describe(Partition partition)
    {
        string type = partition.GptType?.ToString() ?? partition.MbrType!.Value.ToString("x", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{partition.Number} {partition.Offset / 512} {partition.Length / 512} {type} {(partition.GptType is null ? "" : partition.PartUuid)} {partition.IsActive}");
    }
}
