using System.Buffers.Binary;
using Marketplace.DiskImages.Partitions;
using Marketplace.DiskImages.Volumes;

namespace Marketplace.DiskImages.Tests.Partitions;

[TestClass]
public sealed class DamagedMbrTests
{
    /// <summary>Where the chain of mbr-logical begins: the sector sfdisk gave the extended partition.</summary>
    private const long FirstEbr = 18432 * 512L;

    [TestMethod]
    public void A_missing_signature_over_good_entries_is_told()
    {
        Expect.Corrupt("MBR", () => PartitionTableReader.Read(Fixture.Load("Partitions/mbr").Patched(510, 0x54)));
    }

    [TestMethod]
    public void A_status_that_is_neither_0_nor_0x80_is_refused()
    {
        DiskFormatException error = Expect.Corrupt("MBR", () => PartitionTableReader.Read(Fixture.Load("Partitions/mbr").Patched(446 + 16, 0x81)));

        Assert.AreEqual(446 + 16, error.Offset);
    }

    [TestMethod]
    public void A_partition_past_the_end_is_a_warning_and_a_problem_of_its_volume()
    {
        DiskLayout layout = DiskLayout.Read(Fixture.Load("Partitions/mbr").Patched(446 + 16 + 15, 0x10));

        Assert.Contains("cut off", layout.Table!.Warnings.Single());
        Assert.AreEqual(DiskFormatErrorKind.Truncated, layout.Volumes[1].Problem!.Kind);
        Assert.IsNull(layout.Volumes[0].Problem);
    }

    [TestMethod]
    public void An_extended_boot_record_without_its_signature_is_refused()
    {
        DiskFormatException error = Expect.Corrupt("EBR", () => PartitionTableReader.Read(Fixture.Load("Partitions/mbr-logical").Patched(FirstEbr + 510, 0)));

        Assert.AreEqual(FirstEbr, error.Offset);
    }

    [TestMethod]
    public void A_chain_that_comes_back_is_refused()
    {
        MemoryContent disk = Fixture.Load("Partitions/mbr-logical");

        Expect.Corrupt("EBR", () => PartitionTableReader.Read(disk.Patched(FirstEbr + 462 + 8, 0, 0, 0, 0)));
    }

    [TestMethod]
    public void A_chain_that_leaves_the_disk_is_refused()
    {
        MemoryContent disk = Fixture.Load("Partitions/mbr-logical");

        Expect.Truncated("EBR", () => PartitionTableReader.Read(disk.Patched(FirstEbr + 462 + 8, 0xFF, 0xFF, 0xFF, 0xFF)));
    }

    [TestMethod]
    public void A_chain_without_end_is_given_up()
    {
        MemoryContent disk = Fixture.Load("Partitions/mbr").Patched(446 + 4, 0x05);
        for (int i = 0; i < 200; i++)
        {
            byte[] record = new byte[512];
            record[446 + 4] = 0x83;
            record[446 + 8] = 1;
            record[446 + 12] = 1;
            record[462 + 4] = 0x05;
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(462 + 8), (i + 1) * 8);
            record[462 + 12] = 1;
            BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(510), 0xAA55);
            disk = disk.Patched((2048 + (i * 8)) * 512L, record);
        }

        Expect.Unsupported("EBR", () => PartitionTableReader.Read(disk));
    }

    [TestMethod]
    [DataRow("fat12")]
    [DataRow("fat16")]
    [DataRow("fat32")]
    [DataRow("ntfs")]
    [DataRow("exfat")]
    public void The_boot_sector_of_a_file_system_is_no_partition_table(string name)
    {
        MemoryContent volume = Fixture.Load("Volumes/" + name);
        Assert.AreEqual(0xAA55, BinaryPrimitives.ReadUInt16LittleEndian(volume.ReadBytes(510, 2)));

        Assert.IsNull(PartitionTableReader.Read(volume));
        Assert.IsNull(DiskLayout.Read(volume).Volumes.Single().Partition);
    }

    [TestMethod]
    public void Boot_code_in_front_of_a_file_system_is_no_partition_table()
    {
        byte[] code = new byte[512];
        new Random(5).NextBytes(code);
        BinaryPrimitives.WriteUInt16LittleEndian(code.AsSpan(510), 0xAA55);

        DiskLayout layout = DiskLayout.Read(Fixture.Load("Volumes/ext4").Patched(0, code));

        Assert.IsNull(layout.Table);
        Assert.AreEqual(VolumeKind.Ext, layout.Volumes.Single().Kind);
    }
}
