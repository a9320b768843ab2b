using System.Buffers.Binary;
using Marketplace.DiskImages.FileSystems.Ntfs;

namespace Marketplace.DiskImages.Tests.Ntfs;

/// <summary>Boot sectors, MFT records, attributes and runs with a few bytes changed.</summary>
[TestClass]
public sealed class NtfsRecordDamageTests
{
    private static MemoryContent Image { get; } = NtfsFixture.Load("ntfs-512");

    private static MemoryContent Streams { get; } = NtfsFixture.Load("ntfs-streams");

    [TestMethod]
    [DataRow(0x0B, new byte[] { 3, 2 }, "bytes per sector is 515")]
    [DataRow(0x0B, new byte[] { 0, 0 }, "bytes per sector is 0")]
    [DataRow(0x0D, new byte[] { 0 }, "sectors per cluster is 0")]
    [DataRow(0x0D, new byte[] { 3 }, "sectors per cluster is 3")]
    [DataRow(0x0D, new byte[] { 0x81 }, "sectors per cluster is 129")]
    [DataRow(0x0D, new byte[] { 0xEC }, "sectors per cluster is 236")]
    [DataRow(0x28, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 }, "0 sectors")]
    [DataRow(0x28, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F }, "sectors of 512 bytes")]
    [DataRow(0x30, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 }, "the MFT begins in cluster 0")]
    [DataRow(0x30, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0x80 }, "the MFT begins in cluster -")]
    [DataRow(0x40, new byte[] { 0 }, "the size of MFT records is given as 0")]
    [DataRow(0x40, new byte[] { 0x80 }, "the size of MFT records is given as -128")]
    [DataRow(0x40, new byte[] { 0xE1 }, "the size of MFT records is given as -31")]
    [DataRow(0x40, new byte[] { 127 }, "the size of MFT records is given as 127")]
    [DataRow(0x44, new byte[] { 0 }, "the size of index blocks is given as 0")]
    [DataRow(0x1FE, new byte[] { 0 }, "0xAA55 is missing")]
    public void Rejects_a_boot_sector(int offset, byte[] bytes, string detail)
    {
        DiskFormatException exception = NtfsDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, "NTFS boot sector", detail, Image.Patched(offset, bytes));
        Assert.AreEqual(offset == 0x1FE ? 3 : offset, exception.Offset);
    }

    [TestMethod]
    public void Tells_a_volume_that_was_cut_off()
    {
        NtfsDamage.ExpectOpen(DiskFormatErrorKind.Truncated, "NTFS boot sector", "the volume 1048576", Image.Resized(1 << 20));
        NtfsDamage.ExpectOpen(DiskFormatErrorKind.Truncated, "NTFS boot sector", "the volume has 100 bytes", Image.Resized(100));
        NtfsDamage.ExpectOpen(DiskFormatErrorKind.Unsupported, "NTFS boot sector", "BitLocker", Image.Patched(3, "-FVE-FS-"u8));
    }

    [TestMethod]
    public void Does_not_guess_when_the_first_record_is_bad_though_its_mirror_is_good()
    {
        long mft = NtfsVolume.Open(Image).ReadRecord(0).Position;
        DiskFormatException exception = NtfsDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, "NTFS MFT record 0", "0x58494C45, expected FILE", Image.Patched(mft, (byte)'X'));
        Assert.AreEqual(mft, exception.Offset);
    }

    [TestMethod]
    [DataRow(0x00, new byte[] { (byte)'B', (byte)'A', (byte)'A', (byte)'D' }, "BAAD")]
    [DataRow(0x04, new byte[] { 0xFE, 1 }, "the update sequence array has 3 entries at 510")]
    [DataRow(0x04, new byte[] { 0xFF, 0xFF }, "the update sequence array has 3 entries at 65535")]
    [DataRow(0x06, new byte[] { 2 }, "the update sequence array has 2 entries")]
    [DataRow(0x06, new byte[] { 0xFF, 0xFF }, "the update sequence array has 65535 entries")]
    [DataRow(0x1FE, new byte[] { 0xAB, 0xCD }, "sector 0 was not written with the others")]
    [DataRow(0x3FE, new byte[] { 0xAB, 0xCD }, "sector 1 was not written with the others")]
    [DataRow(0x16, new byte[] { 0 }, "not in use")]
    [DataRow(0x2C, new byte[] { 0xFF, 0xFF }, "its number is 65535")]
    [DataRow(0x14, new byte[] { 0, 0 }, "the attributes begin at 0")]
    [DataRow(0x14, new byte[] { 0xFF, 0xFF }, "the attributes begin at 65535")]
    [DataRow(0x18, new byte[] { 1, 4 }, "1025 of 1024 bytes are in use")]
    [DataRow(0x18, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, "4294967295 of 1024 bytes are in use")]
    [DataRow(0x1C, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, "the attributes begin at")]
    public void Rejects_a_record(int offset, byte[] bytes, string detail)
    {
        NtfsRecord record = NtfsDamage.Record(Image, "/sizes/100");
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, record.Structure, detail, Image.Patched(record.Position + offset, bytes), "/sizes/100");
    }

    [TestMethod]
    public void Rejects_a_record_that_was_used_again_or_belongs_to_another_one()
    {
        NtfsRecord record = NtfsDamage.Record(Image, "/sizes/100");
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, record.Structure, "the sequence number is 99", Image.Patched(record.Position + 0x10, 99), "/sizes/100");
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, record.Structure, "an extension of record 7", Image.Patched(record.Position + 0x20, 7), "/sizes/100");
    }

    [TestMethod]
    [DataRow(0u, "the length is 0")]
    [DataRow(8u, "the length is 8")]
    [DataRow(0x61u, "the length is 97")]
    [DataRow(0x10000u, "the length is 65536")]
    [DataRow(uint.MaxValue, "the length is 4294967295")]
    public void An_attribute_length_that_leads_nowhere_does_not_hang(uint length, string detail)
    {
        NtfsAttribute attribute = NtfsDamage.Attribute(Image, "/sizes/100", NtfsFormat.StandardInformation);
        DiskFormatException exception = NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, attribute.Structure, detail, Patch(Image, attribute.Position + 4, length), "/sizes/100");
        Assert.AreEqual(attribute.Position + 4, exception.Offset);
    }

    [TestMethod]
    [DataRow(0x10, 0xFFFFFFFFu, "the value of 4294967295 bytes")]
    [DataRow(0x14, 0x0000FFFFu, "the value of")]
    [DataRow(0x14, 0x00000004u, "the value of")]
    [DataRow(0x08, 0xFFFFFF00u, "the name of 510 bytes")]
    public void Rejects_a_resident_attribute(int offset, uint value, string detail)
    {
        NtfsAttribute attribute = NtfsDamage.Attribute(Image, "/sizes/100", NtfsFormat.Data);
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, attribute.Structure, detail, Patch(Image, attribute.Position + offset, value), "/sizes/100");
    }

    [TestMethod]
    [DataRow(0x10, -1L, "the mapping pairs of clusters -1")]
    [DataRow(0x18, -2L, "the mapping pairs of clusters 0 to -2")]
    [DataRow(0x18, 5L, "the header says 5 is the last one")]
    [DataRow(0x28, 1L, "allocated size is 1")]
    [DataRow(0x30, -1L, "data size -1")]
    [DataRow(0x30, long.MaxValue, "data size 9223372036854775807")]
    [DataRow(0x38, long.MaxValue, "initialized size 9223372036854775807")]
    public void Rejects_a_non_resident_attribute(int offset, long value, string detail)
    {
        NtfsAttribute attribute = NtfsDamage.Attribute(Image, "/sizes/300000", NtfsFormat.Data);
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, attribute.Structure, detail, Image.Patched(attribute.Position + offset, bytes), "/sizes/300000");
    }

    [TestMethod]
    [DataRow(new byte[] { 0x19 }, "sizes of 9 and 1 bytes")]
    [DataRow(new byte[] { 0x91 }, "sizes of 1 and 9 bytes")]
    [DataRow(new byte[] { 0x10 }, "sizes of 0 and 1 bytes")]
    [DataRow(new byte[] { 0x21, 0 }, "a run has 0 clusters")]
    [DataRow(new byte[] { 0x21, 0x80 }, "a run has -128 clusters")]
    [DataRow(new byte[] { 0x21, 1, 0xFF, 0x7F, 0x00 }, "the runs end before virtual cluster 1")]
    [DataRow(new byte[] { 0x21, 1, 0x00, 0x80, 0x00 }, "begins -32768 after cluster 0")]
    [DataRow(new byte[] { 0x31, 1, 0xFF, 0xFF, 0x7F }, "begins 8388607 after cluster 0")]
    [DataRow(new byte[] { 0x88, 0xFF, 0xFF, 0xFF, 0xFF }, "sizes of 8 and 8 bytes")]
    [DataRow(new byte[] { 0x06, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F }, "the runs end before virtual cluster 140737488355327")]
    [DataRow(new byte[] { 0 }, "the runs end before virtual cluster 0")]
    public void Rejects_mapping_pairs(byte[] pairs, string detail)
    {
        NtfsAttribute attribute = NtfsDamage.Attribute(Image, "/sizes/300000", NtfsFormat.Data);
        long offset = attribute.Position + Image.ReadBytes(attribute.Position + 0x20, 1)[0];
        DiskFormatException exception = NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, attribute.Structure, detail, Image.Patched(offset, pairs), "/sizes/300000");
        Assert.AreEqual(attribute.Position, exception.Offset);
    }

    [TestMethod]
    public void Rejects_data_that_no_run_maps()
    {
        NtfsAttribute attribute = NtfsDamage.Attribute(Image, "/sizes/300000", NtfsFormat.Data);
        byte[] size = new byte[24];
        BinaryPrimitives.WriteInt64LittleEndian(size, 1L << 40);
        BinaryPrimitives.WriteInt64LittleEndian(size.AsSpan(8), 1L << 40);
        BinaryPrimitives.WriteInt64LittleEndian(size.AsSpan(16), 1L << 40);
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, attribute.Structure, "virtual cluster 586 belongs to the data and no run maps it", Image.Patched(attribute.Position + 0x28, size), "/sizes/300000");
    }

    [TestMethod]
    public void What_was_never_written_reads_as_zeros()
    {
        NtfsAttribute attribute = NtfsDamage.Attribute(Image, "/sizes/300000", NtfsFormat.Data);
        byte[] initialized = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(initialized, 1000);
        byte[] whole = NtfsFileSystem.Open(Image).At("/sizes/300000").ReadAll();
        byte[] part = NtfsFileSystem.Open(Image.Patched(attribute.Position + 0x38, initialized)).At("/sizes/300000").ReadAll();
        Assert.IsTrue(part.AsSpan(0, 1000).SequenceEqual(whole.AsSpan(0, 1000)));
        Assert.HasCount(300_000, part);
        Assert.IsFalse(part.AsSpan(1000).ContainsAnyExcept((byte)0));
    }

    [TestMethod]
    public void Rejects_attribute_lists()
    {
        NtfsAttribute attribute = NtfsDamage.Attribute(Streams, "/few-links", NtfsFormat.AttributeList);
        long list = ListOffset(Streams, attribute);
        string record = NtfsDamage.Record(Streams, "/few-links").Structure;
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, attribute.Structure, "the entry at 0 has a length of 0", Streams.Patched(list + 4, 0, 0), "/few-links");
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, attribute.Structure, "a length of 65535", Streams.Patched(list + 4, 0xFF, 0xFF), "/few-links");
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, attribute.Structure, "a name of 510 bytes", Streams.Patched(list + 6, 0xFF), "/few-links");
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, record, "attribute 0x10 with number 255 is missing", Streams.Patched(list + 0x18, 0xFF), "/few-links");
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, "NTFS MFT record 5", "does not belong to record", Streams.Patched(list + 0x10, 5, 0, 0, 0, 0, 0, 0, 0), "/few-links");
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, "NTFS MFT record 281474976710655", "the MFT has", Streams.Patched(list + 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF), "/few-links");
    }

    [TestMethod]
    public void An_MFT_whose_extents_map_themselves_ends_in_an_error()
    {
        MemoryContent image = NtfsFixture.Load("ntfs-mft");
        NtfsVolume volume = NtfsVolume.Open(image);
        NtfsRecord record = volume.ReadRecord(0);
        NtfsAttribute list = NtfsDamage.Attribute(record, NtfsFormat.AttributeList);
        byte[] raw = new NtfsStream(volume, list, list.IsResident ? null : new NtfsRunMap(list, [new NtfsExtent(0, () => list)], volume.Boot.ClusterCount)).ReadAll(NtfsFormat.MaxAttributeList);
        long start = ListOffset(image, list);
        NtfsAttributeListEntry[] extents = [.. NtfsAttributeListEntry.ParseAll(raw, "", 0).Where(entry => entry is { Type: NtfsFormat.Data, LowestVcn: > 0 })];
        Assert.HasCount(1, extents);

        // The first extent after the one in record 0 is said to be in a record that only itself maps.
        int offset = 0;
        while (BinaryPrimitives.ReadUInt32LittleEndian(raw.AsSpan(offset)) != NtfsFormat.Data || BinaryPrimitives.ReadInt64LittleEndian(raw.AsSpan(offset + 8)) == 0)
        {
            offset += BinaryPrimitives.ReadUInt16LittleEndian(raw.AsSpan(offset + 4));
        }

        uint number = (uint)(extents[0].LowestVcn * volume.Boot.ClusterSize / volume.Boot.RecordSize) + 1;
        NtfsDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, "NTFS attribute 0x80 of record 0", "only this extent or a later one leads to", Patch(image, start + offset + 0x10, number));
    }

    /// <summary>Where the entries of a list begin.</summary>
    private static long ListOffset(MemoryContent image, NtfsAttribute list)
    {
        NtfsBootSector boot = NtfsVolume.Open(image).Boot;
        return list.IsResident ? list.Position + BinaryPrimitives.ReadUInt16LittleEndian(image.ReadBytes(list.Position + 0x14, 2)) : NtfsRuns.Parse(list, boot.ClusterCount).Find(0).Cluster * boot.ClusterSize;
    }

    private static MemoryContent Patch(MemoryContent image, long offset, uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return image.Patched(offset, bytes);
    }
}
