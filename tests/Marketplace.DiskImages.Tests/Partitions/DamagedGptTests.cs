using System.Buffers.Binary;
using System.IO.Hashing;
using Marketplace.DiskImages.Partitions;

namespace Marketplace.DiskImages.Tests.Partitions;

[TestClass]
public sealed class DamagedGptTests
{
    private const int Header = 512;
    private const int Entries = 1024;

    [TestMethod]
    [DataRow(0, DisplayName = "signature")]
    [DataRow(8, DisplayName = "revision")]
    [DataRow(12, DisplayName = "header size")]
    [DataRow(16, DisplayName = "header checksum")]
    [DataRow(24, DisplayName = "my sector")]
    [DataRow(40, DisplayName = "first usable")]
    [DataRow(56, DisplayName = "disk GUID")]
    [DataRow(72, DisplayName = "entries sector")]
    [DataRow(80, DisplayName = "entry count")]
    [DataRow(84, DisplayName = "entry size")]
    [DataRow(88, DisplayName = "entries checksum")]
    [DataRow(512 + 128, DisplayName = "an entry")]
    public void The_backup_is_read_when_a_byte_of_the_primary_is_wrong(int offset)
    {
        MemoryContent good = Fixture.Load("Partitions/gpt-gaps");
        PartitionTable table = PartitionTableReader.Read(Flip(good, Header + offset))!;

        Assert.IsNotNull(table.PrimaryProblem);
        Assert.Contains("the backup at the end of the disk was read", table.Warnings.Single());
        CollectionAssert.AreEqual(PartitionTableReader.Read(good)!.Partitions.ToArray(), table.Partitions.ToArray());
        Assert.AreEqual(34 * 512, table.TableEnd);
    }

    [TestMethod]
    public void A_damaged_backup_is_a_warning()
    {
        MemoryContent disk = Fixture.Load("Partitions/gpt-gaps");
        PartitionTable table = PartitionTableReader.Read(Flip(disk, disk.Length - 512 + 20))!;

        Assert.IsNull(table.PrimaryProblem);
        Assert.Contains("the backup GPT cannot be used", table.Warnings.Single());
    }

    [TestMethod]
    public void The_backup_of_a_grown_disk_is_found_where_the_primary_says()
    {
        PartitionTable table = PartitionTableReader.Read(Flip(Fixture.Load("Partitions/gpt-grown"), Header + 56))!;

        Assert.HasCount(3, table.Partitions);
        Assert.IsNotNull(table.PrimaryProblem);
    }

    [TestMethod]
    public void Without_any_good_table_the_primary_is_what_is_told()
    {
        MemoryContent disk = Flip(Fixture.Load("Partitions/gpt-gaps"), Header + 20);

        DiskFormatException error = Expect.Corrupt("GPT header", () => PartitionTableReader.Read(Flip(disk, disk.Length - 512 + 20)));

        Assert.AreEqual(512, error.Offset);
        Expect.Corrupt("GPT header", () => PartitionTableReader.Read(Fixture.Load("Partitions/gpt-gaps").Resized(12 << 20).Patched(Header, 0)));
    }

    /// <summary>Fields under a right checksum: only their own check can refuse them.</summary>
    [TestMethod]
    [DataRow(8, 0x00020000u, DiskFormatErrorKind.Corrupt, "GPT header", DisplayName = "revision 2")]
    [DataRow(24, 2u, DiskFormatErrorKind.Corrupt, "GPT header", DisplayName = "my sector")]
    [DataRow(40, 0x7FFFFFFFu, DiskFormatErrorKind.Corrupt, "GPT header", DisplayName = "first usable after last usable")]
    [DataRow(72, 0u, DiskFormatErrorKind.Truncated, "GPT partition entries", DisplayName = "entries at sector 0")]
    [DataRow(72, 0x7FFFFFFFu, DiskFormatErrorKind.Truncated, "GPT partition entries", DisplayName = "entries past the end")]
    [DataRow(80, 0u, DiskFormatErrorKind.Corrupt, "GPT header", DisplayName = "no entries")]
    [DataRow(80, 0xFFFFFFFFu, DiskFormatErrorKind.Corrupt, "GPT header", DisplayName = "four thousand million entries")]
    [DataRow(84, 0u, DiskFormatErrorKind.Corrupt, "GPT header", DisplayName = "entries of 0 bytes")]
    [DataRow(84, 64u, DiskFormatErrorKind.Corrupt, "GPT header", DisplayName = "entries of 64 bytes")]
    [DataRow(84, 192u, DiskFormatErrorKind.Corrupt, "GPT header", DisplayName = "entries of 192 bytes")]
    [DataRow(84, 0x80000000u, DiskFormatErrorKind.Corrupt, "GPT header", DisplayName = "entries of 2 GiB")]
    [DataRow(88, 1u, DiskFormatErrorKind.Corrupt, "GPT partition entries", DisplayName = "checksum of the entries")]
    public void A_field_that_cannot_be_right_is_refused(int offset, uint value, DiskFormatErrorKind kind, string structure)
    {
        MemoryContent disk = PatchHeader(WithoutBackup(), offset, value);

        DiskFormatException error = Assert.ThrowsExactly<DiskFormatException>(() => PartitionTableReader.Read(disk));

        Assert.AreEqual((kind, structure), (error.Kind, error.Structure), error.Message);
    }

    [TestMethod]
    public void An_entry_that_ends_before_it_begins_is_refused()
    {
        MemoryContent disk = PatchEntry(WithoutBackup(), 0, 40, 100);

        Expect.Corrupt("GPT partition entry 1", () => PartitionTableReader.Read(disk));
    }

    [TestMethod]
    public void Overlapping_entries_and_entries_outside_the_usable_sectors_are_warnings()
    {
        PartitionTable overlap = PartitionTableReader.Read(PatchEntry(WithoutBackup(), 0, 40, 4096))!;
        PartitionTable outside = PartitionTableReader.Read(PatchEntry(WithoutBackup(), 0, 32, 3))!;

        Assert.IsTrue(overlap.Warnings.Any(warning => warning.Contains("inside partition 1", StringComparison.Ordinal)));
        Assert.IsTrue(outside.Warnings.Any(warning => warning.Contains("outside the usable ones", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void A_partition_past_the_end_of_the_disk_is_a_problem_of_its_volume()
    {
        DiskLayout layout = DiskLayout.Read(PatchEntry(WithoutBackup(), 8, 40, 0x7FFFFFFF));

        Assert.IsNull(layout.Volumes[0].Problem);
        Assert.AreEqual(DiskFormatErrorKind.Truncated, layout.Volumes[2].Problem!.Kind);
        Assert.AreEqual(layout.Disk.Length, layout.Volumes[2].Partition!.Offset + layout.Volumes[2].Content.Length);
    }

    [TestMethod]
    public void Sector_numbers_of_64_bits_do_not_overflow()
    {
        MemoryContent disk = WithoutBackup();
        byte[] entries = disk.ReadBytes(Entries, 128 * 128);
        entries.AsSpan(40, 8).Fill(0xFF);
        disk = PatchHeader(disk.Patched(Entries, entries), 88, Crc32.HashToUInt32(entries));

        DiskLayout layout = DiskLayout.Read(disk);

        Assert.AreEqual(DiskFormatErrorKind.Truncated, layout.Volumes[0].Problem!.Kind);
    }

    [TestMethod]
    public void More_partitions_than_Linux_knows_are_refused()
    {
        byte[] entry = Fixture.Load("Partitions/gpt-gaps").ReadBytes(Entries, 128);
        byte[] entries = [.. Enumerable.Repeat(entry, 512).SelectMany(bytes => bytes)];
        MemoryContent disk = PatchHeader(WithoutBackup().Patched(Entries, entries), 80, 512);

        Expect.Unsupported("GPT partition entries", () => PartitionTableReader.Read(PatchHeader(disk, 88, Crc32.HashToUInt32(entries))));
    }

    [TestMethod]
    public void A_missing_protective_MBR_is_a_warning()
    {
        PartitionTable table = PartitionTableReader.Read(Fixture.Load("Partitions/gpt-gaps").Patched(0, new byte[512]))!;

        Assert.AreEqual(PartitionTableKind.Gpt, table.Kind);
        Assert.Contains("does not protect", table.Warnings.Single());
    }

    [TestMethod]
    public void An_MBR_over_a_forgotten_GPT_is_taken_as_Linux_does()
    {
        MemoryContent gpt = Fixture.Load("Partitions/gpt-gaps");
        PartitionTable table = PartitionTableReader.Read(gpt.Patched(446, Fixture.Load("Partitions/mbr-logical").ReadBytes(446, 16)).Patched(462, new byte[48]))!;

        Assert.AreEqual(PartitionTableKind.Mbr, table.Kind);
        Assert.Contains("the GPT is ignored", table.Warnings.Single());
    }

    private static MemoryContent WithoutBackup()
    {
        MemoryContent disk = Fixture.Load("Partitions/gpt-gaps");
        return disk.Patched(disk.Length - 512, 0);
    }

    private static MemoryContent Flip(MemoryContent disk, long offset) => disk.Patched(offset, (byte)(disk.ReadBytes(offset, 1)[0] ^ 0x40));

    private static MemoryContent PatchEntry(MemoryContent disk, int entry, int offset, long value)
    {
        byte[] bytes = BitConverter.GetBytes(value);
        MemoryContent patched = disk.Patched(Entries + (entry * 128) + offset, bytes);
        return PatchHeader(patched, 88, Crc32.HashToUInt32(patched.ReadBytes(Entries, 128 * 128)));
    }

    private static MemoryContent PatchHeader(MemoryContent disk, int offset, uint value)
    {
        byte[] header = disk.ReadBytes(Header, 512);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(offset), value);
        return disk.Patched(Header, WithChecksum(header));
    }

    private static byte[] WithChecksum(byte[] header)
    {
        header.AsSpan(16, 4).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), Crc32.HashToUInt32(header.AsSpan(0, 92)));
        return header;
    }
}
