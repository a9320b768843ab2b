using System.Buffers.Binary;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Formats.Vhdx;
using static Marketplace.DiskImages.Tests.Containers.ContainerFixture;

namespace Marketplace.DiskImages.Tests.Containers;

/// <summary>Damage to the VHDX files of <c>container-files.py</c>, whose layout is known: log at 1 MiB, metadata at 2, table at 3, blocks after it.</summary>
[TestClass]
public sealed class VhdxTests
{
    private const string Base = "vhdx/chain/base.vhdx";
    private const string Child = "vhdx/chain/below/child.vhdx";
    private const string Log = "vhdx/logs/log.vhdx";
    private const int MiB = 1 << 20;
    private const int Metadata = 2 * MiB;
    private const int Items = Metadata + 65536;
    private const int Table = 3 * MiB;

    // The first header is the newer one.
    private static MemoryContent WithHeader(MemoryContent vhdx, int offset, params byte[] bytes) =>
        vhdx.Patched(VhdxFormat.Header1Offset + offset, bytes).WithVhdxChecksum(VhdxFormat.Header1Offset, VhdxFormat.HeaderSize);

    private static MemoryContent WithRegions(MemoryContent vhdx, int offset, params byte[] bytes) =>
        vhdx.Patched(VhdxFormat.RegionTable1Offset + offset, bytes).WithVhdxChecksum(VhdxFormat.RegionTable1Offset, VhdxFormat.RegionTableSize);

    [TestMethod]
    public void The_other_header_serves_when_one_is_damaged()
    {
        MemoryContent vhdx = Load(Base);
        using DiskImage first = DiskImage.Open(vhdx.Patched(VhdxFormat.Header1Offset + 100, 1));
        using DiskImage second = DiskImage.Open(vhdx.Patched(VhdxFormat.Header2Offset + 100, 1));

        Assert.IsNull(first.Problem);
        Assert.IsNull(second.Problem);
        Refused(Base, vhdx.Patched(VhdxFormat.Header1Offset + 100, 1).Patched(VhdxFormat.Header2Offset + 100, 1), DiskFormatErrorKind.Corrupt, VhdxFormat.HeaderStructure);
    }

    [TestMethod]
    [DataRow(66, (byte)2, DiskFormatErrorKind.Unsupported, DisplayName = "version")]
    [DataRow(68, (byte)1, DiskFormatErrorKind.Corrupt, DisplayName = "log length")]
    [DataRow(72, (byte)1, DiskFormatErrorKind.Corrupt, DisplayName = "log offset")]
    public void A_header_that_is_not_understood_is_refused(int offset, byte value, DiskFormatErrorKind kind) =>
        Refused(Base, WithHeader(Load(Base), offset, value), kind, VhdxFormat.HeaderStructure);

    [TestMethod]
    public void Two_different_headers_of_one_age_are_refused() =>
        Refused(Log, WithHeader(Load(Log), 8, 6), DiskFormatErrorKind.Corrupt, VhdxFormat.HeaderStructure);

    [TestMethod]
    [DataRow(8, (byte)1, DiskFormatErrorKind.Corrupt, DisplayName = "one region missing")]
    [DataRow(9, (byte)8, DiskFormatErrorKind.Corrupt, DisplayName = "too many regions")]
    [DataRow(16, (byte)0xFF, DiskFormatErrorKind.Unsupported, DisplayName = "unknown required region")]
    [DataRow(16 + 16, (byte)1, DiskFormatErrorKind.Corrupt, DisplayName = "region not at a MiB")]
    [DataRow(16 + 18, (byte)0x20, DiskFormatErrorKind.Corrupt, DisplayName = "regions over each other")]
    [DataRow(16 + 20, (byte)1, DiskFormatErrorKind.Truncated, DisplayName = "region past the end")]
    public void A_damaged_region_table_is_refused(int offset, byte value, DiskFormatErrorKind kind) =>
        Refused(Base, WithRegions(Load(Base), offset, value), kind, VhdxFormat.RegionTableStructure);

    [TestMethod]
    public void The_second_region_table_serves_when_the_first_is_damaged()
    {
        using DiskImage image = DiskImage.Open(Load(Base).Patched(VhdxFormat.RegionTable1Offset + 1000, 1));

        Assert.IsNull(image.Problem);
        Refused(Base, Load(Base).Patched(VhdxFormat.RegionTable1Offset + 1000, 1).Patched(VhdxFormat.RegionTable2Offset, 0), DiskFormatErrorKind.Corrupt, VhdxFormat.RegionTableStructure);
    }

    [TestMethod]
    [DataRow(Metadata, DiskFormatErrorKind.Corrupt, VhdxFormat.MetadataStructure, DisplayName = "signature")]
    [DataRow(Metadata + 11, DiskFormatErrorKind.Corrupt, VhdxFormat.MetadataStructure, DisplayName = "too many items")]
    [DataRow(Metadata + 32, DiskFormatErrorKind.Unsupported, VhdxFormat.MetadataStructure, DisplayName = "unknown required item")]
    [DataRow(Metadata + 32 + 19, DiskFormatErrorKind.Corrupt, VhdxFormat.MetadataStructure, DisplayName = "item outside of the region")]
    [DataRow(Items, DiskFormatErrorKind.Corrupt, VhdxFormat.FileParametersStructure, DisplayName = "block size")]
    [DataRow(Items + 8, DiskFormatErrorKind.Corrupt, VhdxFormat.DiskSizeStructure, DisplayName = "size of a part of a sector")]
    [DataRow(Items + 8 + 7, DiskFormatErrorKind.Corrupt, VhdxFormat.DiskSizeStructure, DisplayName = "size of more than 64 TiB")]
    [DataRow(Items + 32, DiskFormatErrorKind.Corrupt, VhdxFormat.SectorSizeStructure, DisplayName = "sector size")]
    [DataRow(Table, DiskFormatErrorKind.Corrupt, VhdxFormat.TableStructure, DisplayName = "partially present without a parent")]
    [DataRow(Table + 6, DiskFormatErrorKind.Truncated, VhdxFormat.BlockStructure, DisplayName = "block past the end")]
    public void Damaged_metadata_and_entries_are_refused(int offset, DiskFormatErrorKind kind, string structure) =>
        Refused(Base, Load(Base).Patched(offset, 0x5F), kind, structure);

    [TestMethod]
    public void Reserved_states_are_refused() =>
        Refused(Base, Load(Base).Patched(Table, 5), DiskFormatErrorKind.Corrupt, VhdxFormat.TableStructure);

    [TestMethod]
    public void Two_things_in_one_place_are_refused()
    {
        MemoryContent vhdx = Load(Base);

        Refused(Base, vhdx.Patched(Table + 8, vhdx.ReadBytes(Table, 8)), DiskFormatErrorKind.Corrupt, VhdxFormat.TableStructure);
        foreach (ulong megabyte in (ulong[])[0, 1, 2, 3])
        {
            Refused(Base, vhdx.Patched(Table, LittleEndian((megabyte << 20) | 6)), DiskFormatErrorKind.Corrupt, VhdxFormat.TableStructure);
        }
    }

    [TestMethod]
    public void A_chunk_without_its_bitmap_is_refused()
    {
        MemoryContent vhdx = Load(Child);

        // The chunk ratio of blocks of 1 MiB is 4096; the entry of the bitmap follows.
        Refused(Child, vhdx.Patched(Table + (4096 * 8), 0), DiskFormatErrorKind.Corrupt, VhdxFormat.TableStructure);
    }

    [TestMethod]
    public void A_parent_in_another_state_is_refused() =>
        Refused("vhdx/chain/stranger.vhdx", Load("vhdx/chain/stranger.vhdx"), DiskFormatErrorKind.Corrupt, VhdxFormat.LocatorStructure);

    [TestMethod]
    public void A_parent_outside_of_the_folder_is_never_opened()
    {
        FixtureFolder folder = new("Containers/vhdx/chain");
        using DiskImage image = folder.Open("orphan.vhdx");

        Assert.AreEqual((DiskFormatErrorKind.Unsupported, VhdxFormat.LocatorStructure), (image.Problem!.Kind, image.Problem.Structure));
        Assert.IsEmpty(folder.Asked);
    }

    [TestMethod]
    public void A_replayed_log_is_noted()
    {
        using DiskImage image = new FixtureFolder("Containers/vhdx/logs").Open("log-wrapped.vhdx");

        Assert.Contains("4 entries", image.Notes.Single());
    }

    [TestMethod]
    [DataRow(MiB + 2000, DisplayName = "the first entry")]
    [DataRow(MiB + 64 + 4, DisplayName = "a descriptor")]
    public void A_log_in_use_without_a_whole_sequence_is_refused(int offset)
    {
        // Without its first entry the sequence does not reach back to its tail.
        MemoryContent log = Load(Log);
        Refused(Log, log.Patched(offset, (byte)(log.ReadBytes(offset, 1)[0] ^ 1)), DiskFormatErrorKind.Corrupt, VhdxFormat.LogStructure);
    }

    [TestMethod]
    public void A_file_shorter_than_its_log_says_is_truncated() =>
        Refused(Log, Load(Log).Resized((8 * MiB) - 4096), DiskFormatErrorKind.Truncated, VhdxFormat.LogStructure);

    [TestMethod]
    public void A_log_of_entries_over_each_other_ends()
    {
        // Every sector claims to begin an entry as long as the log.
        MemoryContent log = Load(Log);
        byte[] header = log.ReadBytes(MiB, VhdxLogEntry.HeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), MiB);
        for (int offset = 0; offset < MiB; offset += 4096)
        {
            log = log.Patched(MiB + offset, header);
        }

        Refused(Log, log, DiskFormatErrorKind.Corrupt, VhdxFormat.LogStructure);
    }

    [TestMethod]
    public void A_disk_of_2_TiB_opens_in_little_memory()
    {
        // 65536 blocks of 32 MiB, of which none is there but the first; the table fits the region.
        MemoryContent vhdx = Load(Base)
            .Patched(Items, LittleEndian(32 * MiB))
            .Patched(Items + 8, LittleEndian(2UL << 40))
            .Patched(Table, new byte[9 * 8]);

        long before = GC.GetAllocatedBytesForCurrentThread();
        using DiskImage image = DiskImage.Open(vhdx);
        Extent[] extents = [.. image.Disk!.GetAllocatedExtents()];

        Assert.AreEqual(2L << 40, image.Disk.Length);
        Assert.IsEmpty(extents);
        Assert.IsLessThan(64L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
