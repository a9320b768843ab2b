using System.Buffers.Binary;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Formats;
using Marketplace.DiskImages.Formats.Vhd;
using static Marketplace.DiskImages.Tests.Containers.ContainerFixture;

namespace Marketplace.DiskImages.Tests.Containers;

[TestClass]
public sealed class VhdTests
{
    private const string Dynamic = "vhd/dynamic.vhd";
    private const string Child = "vhd/chain/below/child.vhd";
    private const int Header = 512;
    private const int Table = 1536;

    [TestMethod]
    [DataRow(Header, (byte)'X', DiskFormatErrorKind.Corrupt, DisplayName = "cookie")]
    [DataRow(Header + VhdFormat.HeaderVersionOffset, (byte)9, DiskFormatErrorKind.Unsupported, DisplayName = "version")]
    [DataRow(Header + VhdFormat.BlockSizeOffset + 3, (byte)3, DiskFormatErrorKind.Corrupt, DisplayName = "block size no power of two")]
    [DataRow(Header + VhdFormat.BlockSizeOffset, (byte)0x80, DiskFormatErrorKind.Corrupt, DisplayName = "two bits in the block size")]
    [DataRow(Header + VhdFormat.MaxTableEntriesOffset + 3, (byte)1, DiskFormatErrorKind.Corrupt, DisplayName = "too few entries")]
    [DataRow(Header + VhdFormat.TableOffsetOffset + 7, (byte)1, DiskFormatErrorKind.Corrupt, DisplayName = "table not at a sector")]
    public void A_damaged_header_is_refused(int offset, byte value, DiskFormatErrorKind kind) =>
        Refused(Dynamic, Load(Dynamic).Patched(offset, value).WithHeaderChecksum(), kind, VhdFormat.DynamicHeaderStructure);

    [TestMethod]
    public void A_wrong_header_checksum_is_refused() =>
        Refused(Dynamic, Load(Dynamic).Patched(Header + VhdFormat.HeaderChecksumOffset, 0x12), DiskFormatErrorKind.Corrupt, VhdFormat.DynamicHeaderStructure);

    [TestMethod]
    public void A_block_size_of_zero_is_refused() =>
        Refused(Dynamic, Load(Dynamic).Patched(Header + VhdFormat.BlockSizeOffset, 0, 0, 0, 0).WithHeaderChecksum(), DiskFormatErrorKind.Corrupt, VhdFormat.DynamicHeaderStructure);

    [TestMethod]
    public void A_header_that_points_to_itself_ends()
    {
        MemoryContent vhd = Load(Dynamic);
        foreach (long footer in (long[])[0, vhd.Length - 512])
        {
            vhd = vhd.Patched(footer + VhdFormat.DataOffsetOffset, new byte[8]).WithFooterChecksum(footer);
        }

        Refused(Dynamic, vhd, DiskFormatErrorKind.Corrupt, VhdFormat.DynamicHeaderStructure);
    }

    [TestMethod]
    public void A_table_of_2_to_the_29_entries_takes_no_memory()
    {
        MemoryContent vhd = Load(Dynamic).Patched(Header + VhdFormat.MaxTableEntriesOffset, 0x1F, 0xFF, 0xFF, 0xFF).WithHeaderChecksum();
        long before = GC.GetAllocatedBytesForCurrentThread();
        using DiskImage image = DiskImage.Open(vhd);

        // The disk needs five of them; the others are not looked at.
        Assert.IsNull(image.Problem);
        Assert.IsLessThan(8L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void A_table_past_the_end_is_truncated() =>
        Refused(Dynamic, Load(Dynamic).Patched(Header + VhdFormat.TableOffsetOffset, 0x7F).WithHeaderChecksum(), DiskFormatErrorKind.Truncated, VhdFormat.TableStructure);

    [TestMethod]
    public void Two_blocks_in_one_place_are_refused()
    {
        MemoryContent vhd = Load(Dynamic);

        Refused(Dynamic, vhd.Patched(Table + 4, vhd.ReadBytes(Table, 4)), DiskFormatErrorKind.Corrupt, VhdFormat.TableStructure);
        Refused(Dynamic, vhd.Patched(Table, BigEndian(2)), DiskFormatErrorKind.Corrupt, VhdFormat.TableStructure);
    }

    [TestMethod]
    public void A_block_past_the_end_is_truncated()
    {
        Refused(Dynamic, Load(Dynamic).Patched(Table, BigEndian(0xFFFF_FFFE)), DiskFormatErrorKind.Truncated, VhdFormat.BlockStructure);
        Refused(Dynamic, Load(Dynamic).Resized(5 << 20), DiskFormatErrorKind.Truncated, VhdFormat.BlockStructure);
    }

    [TestMethod]
    public void A_clear_bit_of_the_sector_bitmap_is_zeros()
    {
        MemoryContent vhd = Load(Dynamic);
        long bitmap = BinaryPrimitives.ReadUInt32BigEndian(vhd.ReadBytes(Table, 4)) * 512L;
        using DiskImage image = DiskImage.Open(vhd.Patched(bitmap, 0b1011_1111));
        byte[] sectors = new byte[3 * 512];
        image.Disk!.Read(0, sectors);

        Assert.IsTrue(sectors.AsSpan(0, 512).ContainsAnyExcept((byte)0));
        Assert.IsFalse(sectors.AsSpan(512, 512).ContainsAnyExcept((byte)0));
        Assert.IsTrue(sectors.AsSpan(1024).ContainsAnyExcept((byte)0));
        CollectionAssert.AreEqual((Extent[])[new(0, 512), new(1024, (2 << 20) - 1024)], image.Disk.GetAllocatedExtents().Take(2).Select(extent => extent with { Length = Math.Min(extent.Length, (2 << 20) - 1024) }).ToArray());
    }

    [TestMethod]
    public void The_copy_serves_when_the_footer_is_gone()
    {
        MemoryContent vhd = Load(Dynamic);
        using DiskImage cut = DiskImage.Open(vhd.Resized(vhd.Length - 512));
        using DiskImage damaged = DiskImage.Open(vhd.Patched(vhd.Length - 100, 1));

        Assert.IsNull(cut.Problem);
        Assert.Contains("is missing", cut.Notes.Single());
        Assert.IsNull(damaged.Problem);
        Assert.Contains("checksum", damaged.Notes.Single());
    }

    [TestMethod]
    public void A_footer_and_a_copy_that_tell_different_disks_are_refused()
    {
        MemoryContent vhd = Load(Dynamic);
        long end = vhd.Length - 512;

        Refused(Dynamic, vhd.Patched(VhdFormat.UniqueIdOffset, 0xEE).WithFooterChecksum(0), DiskFormatErrorKind.Corrupt, VhdFormat.FooterStructure);
        Refused(Dynamic, vhd.Patched(end + VhdFormat.CurrentSizeOffset + 5, 1).WithFooterChecksum(end), DiskFormatErrorKind.Corrupt, VhdFormat.FooterStructure);
        Refused(Dynamic, vhd.Patched(end + VhdFormat.DiskTypeOffset + 3, 2).WithFooterChecksum(end), DiskFormatErrorKind.Corrupt, VhdFormat.FooterStructure);
        Refused(Dynamic, vhd.Patched(100, 1).Patched(end + 100, 1), DiskFormatErrorKind.Corrupt, VhdFormat.FooterStructure);

        using DiskImage later = DiskImage.Open(vhd.Patched(VhdFormat.TimeStampOffset, 0x44).WithFooterChecksum(0));
        Assert.IsNull(later.Problem);
        Assert.Contains("differ in fields", later.Notes.Single());
    }

    [TestMethod]
    public void A_parent_of_another_identity_is_refused() =>
        Refused(Child, Load(Child).Patched(Header + VhdFormat.ParentUniqueIdOffset, 0xEE).WithHeaderChecksum(), DiskFormatErrorKind.Corrupt, VhdFormat.LocatorStructure);

    [TestMethod]
    public void A_parent_outside_of_the_folder_is_never_opened()
    {
        FixtureFolder folder = new("Containers/vhd/chain");
        using DiskImage image = folder.Open("child.vhd", Load(Child));

        // ..\base.vhd leads out; the names the other paths end with are looked for beside the child.
        Assert.IsNull(image.Problem);
        CollectionAssert.AreEqual((string[])["gone.vhd", "base.vhd"], folder.Asked);

        FixtureFolder below = new("Containers/vhd/chain/below");
        using DiskImage orphan = below.Open("child.vhd");
        Assert.AreEqual((DiskFormatErrorKind.Unsupported, VhdFormat.LocatorStructure), (orphan.Problem!.Kind, orphan.Problem.Structure));
        Assert.IsTrue(below.Asked.All(path => !path.Contains("..", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Disks_that_name_each_other_are_refused() =>
        Refused("vhd/chain/loop-a.vhd", Load("vhd/chain/loop-a.vhd"), DiskFormatErrorKind.Corrupt, VhdFormat.LocatorStructure);

    [TestMethod]
    public void A_chain_without_end_is_given_up()
    {
        // Every file is the parent of itself under another name.
        MemoryContent vhd = Load("vhd/chain/loop-a.vhd");
        byte[] id = vhd.ReadBytes(Header + VhdFormat.ParentUniqueIdOffset, 16);
        vhd = vhd.Patched(VhdFormat.UniqueIdOffset, id).WithFooterChecksum(0);
        vhd = vhd.Patched(vhd.Length - 512 + VhdFormat.UniqueIdOffset, id).WithFooterChecksum(vhd.Length - 512);
        EndlessFolder folder = new(vhd);
        using DiskImage image = DiskImage.Open(vhd, "first.vhd", folder);

        Assert.AreEqual((DiskFormatErrorKind.Corrupt, VhdFormat.LocatorStructure), (image.Problem!.Kind, image.Problem.Structure));
        Assert.AreEqual(ImageFile.MaxDepth, folder.Opened);
    }

    [TestMethod]
    public void A_parent_that_was_changed_is_noted()
    {
        using DiskImage same = new FixtureFolder("Containers/vhd/chain").Open("below/child.vhd");
        using DiskImage changed = new FixtureFolder("Containers/vhd/chain").Open("onfixed.vhd");

        Assert.IsEmpty(same.Notes);
        Assert.Contains("may have been changed", changed.Notes.Single());
    }

    [TestMethod]
    public void A_dynamic_disk_of_1_TiB_opens_in_little_memory()
    {
        const long Size = 1L << 40;
        const int Entries = (int)(Size / (2 << 20));
        byte[] footer = (VhdFooter.CreateFixed(Size, Guid.NewGuid(), VhdFormat.Epoch) with { DiskType = VhdFormat.TypeDynamic, DataOffset = 512 }).ToBytes();
        MemoryContent vhd = new(Table + (Entries * 4) + ((512 + (2L << 20)) * 2) + 512);
        vhd.Write(0, footer);
        vhd.Write(vhd.Length - 512, footer);
        vhd.Write(Header, "cxsparse"u8);
        vhd.Write(Header + VhdFormat.TableOffsetOffset + 4, BigEndian(Table));
        vhd.Write(Header + VhdFormat.HeaderVersionOffset, BigEndian(VhdFormat.DynamicHeaderVersion));
        vhd.Write(Header + VhdFormat.MaxTableEntriesOffset, BigEndian(Entries));
        vhd.Write(Header + VhdFormat.BlockSizeOffset, BigEndian(2 << 20));
        byte[] table = new byte[Entries * 4];
        table.AsSpan().Fill(0xFF);
        uint first = (Table + (Entries * 4)) / 512;
        BigEndian(first).CopyTo(table, 0);
        BigEndian(first + 4097).CopyTo(table, table.Length - 4);
        vhd.Write(Table, table);
        vhd.Write((first + 4097) * 512L, [0x80]);
        vhd.Write((first + 4098) * 512L, "last block"u8);
        vhd = vhd.WithHeaderChecksum();

        long before = GC.GetAllocatedBytesForCurrentThread();
        using DiskImage image = DiskImage.Open(vhd);
        Extent[] extents = [.. image.Disk!.GetAllocatedExtents()];
        byte[] text = new byte[10];
        image.Disk.Read(Size - (2 << 20), text);

        Assert.IsLessThan(64L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
        CollectionAssert.AreEqual((Extent[])[new(Size - (2 << 20), 512)], extents);
        Assert.IsTrue(text.AsSpan().SequenceEqual("last block"u8));
    }

    private sealed class EndlessFolder(MemoryContent file) : ImageFolder
    {
        public int Opened { get; private set; }

        public override string FullPath => "";

        // The name asked for is always the same; the folder lies about it so that only the length of the chain is left.
        public override (DiskContent Content, DateTimeOffset? Changed)? TryOpen(string path) => (Renamed(++Opened), null);

        private MemoryContent Renamed(int number)
        {
            // The locator at byte 2048 is UTF-16: ".\loop-b.vhd"; its sixth letter is a digit of the next name.
            long name = BinaryPrimitives.ReadInt64BigEndian(file.ReadBytes(Header + VhdFormat.ParentLocatorsOffset + 16, 8));
            return file.Patched(name + 14, (byte)(0x21 + number));
        }
    }
}
