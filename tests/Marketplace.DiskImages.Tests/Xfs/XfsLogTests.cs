using System.Buffers.Binary;
using System.Text;
using Marketplace.DiskImages.FileSystems.Xfs;
using Marketplace.DiskImages.FileSystems.Xfs.Log;

namespace Marketplace.DiskImages.Tests.Xfs;

/// <summary>
/// Logs that wait for replay. What the replayed trees look like is compared in <see cref="XfsTreeTests"/>; here are the notes,
/// and logs with a few bytes changed.
/// </summary>
[TestClass]
public sealed class XfsLogTests
{
    private const string Record = "XFS log record";

    public static IEnumerable<object[]> Dirty => XfsFixture.Dirty.Select(name => new object[] { name });

    private static MemoryContent Image { get; } = XfsFixture.Load("log-rhel8");

    [TestMethod]
    [DynamicData(nameof(Dirty))]
    public void Tells_that_the_log_was_replayed(string name) =>
        Assert.MatchesRegex("log was replayed in memory: [1-9][0-9]* changes in [1-9][0-9]* transactions\\.$", XfsFileSystem.Open(XfsFixture.Load(name)).Notes.Single());

    [TestMethod]
    public void Shows_what_was_committed_and_not_what_was_written_back()
    {
        Assert.AreEqual("PermitRootLogin no\n", Encoding.ASCII.GetString(XfsFileSystem.Open(Image).At("/etc/sshd_config").ReadAll()));

        Assert.IsNotNull(XfsFileSystem.Open(Image).Root.Find("new80"));
        Assert.IsNull(XfsFileSystem.Open(Image).Root.Find("old20"));

        // The same image with a log that is all zeros shows the state of the last writeback.
        XfsFileSystem written = XfsFileSystem.Open(WithoutLog(Image));
        Assert.IsNull(written.Root.Find("new80"));
        Assert.IsNotNull(written.Root.Find("old20"));
        Assert.IsEmpty(written.Notes);
    }

    [TestMethod]
    public void The_fixtures_go_round_the_end_of_the_log_and_have_long_records()
    {
        (XlogBlocks log, XlogState state) = Find(XfsFixture.Load("log-wrap-256k"));
        Assert.IsLessThan(state.Tail, state.Head);
        Assert.IsTrue(new XlogRecords(log).Read(state.Tail, state.Head).Any(record => record.Header.HeaderBlocks(true) == 8 && record.Header.Length > XlogFormat.HeaderCovers));

        (log, state) = Find(XfsFixture.Load("log-wrap-32k"));
        Assert.IsTrue(new XlogRecords(log).Read(state.Tail, state.Head).All(record => record.Header.HeaderBlocks(true) == 1));
        Assert.IsGreaterThan(1u, log.Cycle(0));
    }

    [TestMethod]
    public void Knows_an_unmounted_log_from_its_last_record()
    {
        MemoryContent image = XfsFixture.Load("xfs-rhel8");
        XlogBlocks log = XlogBlocks.Open(XfsVolume.Open(image));
        long unmount = LastHeader(log);
        Assert.IsTrue(Find(image).State.IsClean);

        // Without the flag the record is one of any other kind, and the log goes back to where its tail is.
        MemoryContent dirty = SealRecord(image.Patched(log.Position(unmount + 1) + 9, 0), log, unmount);
        Assert.IsFalse(Find(dirty).State.IsClean);
    }

    [TestMethod]
    public void Reads_little_to_know_that_a_log_is_clean()
    {
        MemoryContent image = XfsFixture.Load("xfs-rhel8");
        XfsFileSystem.Open(image);
        Assert.IsLessThan(64 * 1024L, image.BytesRead);
    }

    [TestMethod]
    public void A_record_that_was_written_in_part_ends_the_log_before_it()
    {
        (XlogBlocks log, XlogState whole) = Find(Image);
        List<XlogRecord> records = [.. new XlogRecords(log).Read(whole.Tail, whole.Head)];
        XlogRecord last = records[^1];

        // Its checksum is wrong: torn.
        MemoryContent torn = Image.Flipped(log.Position(last.Block + 1) + 100);
        Assert.AreEqual(new XlogState(whole.Tail, last.Block), Find(torn).State with { Tail = whole.Tail });
        Assert.HasCount(1, XfsFileSystem.Open(torn).Notes);

        // Its last block has the turn before: a gap.
        MemoryContent gap = Image.Patched(log.Position(whole.Head - 1), 0, 0, 0, 0);
        Assert.AreEqual(last.Block, Find(gap).State.Head);
    }

    [TestMethod]
    public void A_damaged_record_that_is_needed_is_told()
    {
        (XlogBlocks log, XlogState state) = Find(XfsFixture.Load("log-wrap-256k"));
        XlogRecord first = new XlogRecords(log).Read(state.Tail, state.Head).First();
        DiskFormatException exception = XfsDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, Record, "h_crc is", XfsFixture.Load("log-wrap-256k").Flipped(log.Position(first.Block + 9) + 100));
        Assert.AreEqual(log.Position(first.Block), exception.Offset);
    }

    [TestMethod]
    [DataRow(8, new byte[] { 0, 0, 0, 4 }, "h_version is 4")]
    [DataRow(12, new byte[] { 0, 0, 0, 0 }, "h_len is 0")]
    [DataRow(12, new byte[] { 0xFF }, "h_len is 42")]
    [DataRow(304, new byte[] { 0 }, "another file system")]
    [DataRow(320, new byte[] { 0x7F }, "h_size is 21")]
    [DataRow(320, new byte[] { 0, 0, 0, 0 }, "h_size is 0")]
    public void Rejects_a_first_record_with_a_field_that_cannot_be(int offset, byte[] bytes, string detail)
    {
        (XlogBlocks log, XlogState state) = Find(Image);
        XfsDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, Record, detail, SealRecord(Image.Patched(log.Position(state.Tail) + offset, bytes), log, state.Tail));
    }

    [TestMethod]
    public void A_log_of_a_machine_with_the_other_byte_order_is_unsupported()
    {
        (XlogBlocks log, XlogState state) = Find(Image);
        XfsDamage.ExpectOpen(DiskFormatErrorKind.Unsupported, Record, "dirty log: h_fmt is 2", SealRecord(Image.Patched(log.Position(state.Tail) + 303, 2), log, state.Tail));
    }

    [TestMethod]
    [DataRow(0x1299, "dirty log: it has an item of type 0x1299")]
    [DataRow((int)XlogItemType.MapIntent, "dirty log: a change of extents of files was begun and not finished")]
    [DataRow((int)XlogItemType.ExchangeIntent, "dirty log: a change of extents of files was begun and not finished")]
    public void An_item_that_is_not_replayed_is_unsupported(int type, string detail)
    {
        MemoryContent image = PatchItem(Image, XlogItemType.Inode, item => item[0..2], raw => BinaryPrimitives.WriteUInt16LittleEndian(raw, (ushort)type));
        DiskFormatException exception = Assert.ThrowsExactly<DiskFormatException>(() => XfsFileSystem.Open(image));
        Assert.AreEqual(DiskFormatErrorKind.Unsupported, exception.Kind);
        Assert.Contains(detail, exception.Detail);
    }

    [TestMethod]
    public void A_new_owner_of_an_extent_tree_is_unsupported()
    {
        MemoryContent image = PatchItem(Image, XlogItemType.Inode, item => item[4..8], raw => raw[1] |= 2);
        DiskFormatException exception = Assert.ThrowsExactly<DiskFormatException>(() => XfsFileSystem.Open(image));
        Assert.AreEqual(DiskFormatErrorKind.Unsupported, exception.Kind);
        Assert.Contains("xfs_fsr", exception.Detail);
    }

    [TestMethod]
    public void Kinds_of_items_a_newer_kernel_announces_are_unsupported_only_when_the_log_is_needed()
    {
        XfsDamage.ExpectOpen(DiskFormatErrorKind.Unsupported, "XFS superblock", "dirty log: sb_features_log_incompat has the bits 0x2", Image.WithSuperblock(0xDF, 2));
        Assert.IsEmpty(XfsFileSystem.Open(XfsFixture.Load("xfs-rhel8").WithSuperblock(0xDF, 2)).Notes);
    }

    [TestMethod]
    public void Damage_that_was_there_before_is_not_made_right_by_the_replay()
    {
        // The inode of a file that the log changes: its old checksum does not match its old bytes.
        MemoryContent written = WithoutLog(Image);
        XfsInode inode = XfsFixture.InodeAt(written, "/old30");
        MemoryContent image = Image.Flipped(inode.Offset + 400);
        XfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, inode.Structure, "di_crc", image, "/old30");
    }

    [TestMethod]
    [DataRow(0UL, false)]
    [DataRow(1UL, true)]
    public void Only_a_block_that_stays_what_it_was_can_have_been_damaged(ulong ownerChange, bool isReplayed)
    {
        // A block of entries whose checksum is wrong, and a change of its header.
        MemoryContent image = XfsFixture.Load("xfs-rhel8");
        long block = XfsDamage.PositionOf(image, "/many", 0);
        XfsVolume volume = XfsVolume.Open(image.Flipped(block + 4000));
        byte[] header = image.ReadBytes(block, XlogFormat.BufferChunk);
        header[XfsBlockHeader.Directory.Owner + 7] += (byte)ownerChange;
        byte[] format = new byte[24];
        BinaryPrimitives.WriteUInt16LittleEndian(format, (ushort)XlogItemType.Buffer);
        format[2] = 2;
        format[6] = 8;
        BinaryPrimitives.WriteInt64LittleEndian(format.AsSpan(8), block / 512);
        format[16] = 1;
        format[20] = 1;
        XlogItem item = new();
        Assert.IsTrue(item.TryAdd(format) && item.TryAdd(header));
        XlogTransaction transaction = new(ulong.MaxValue - 1);
        transaction.Items.Add(item);
        XlogOverlay overlay = new(volume.Content);

        new XlogReplay(volume, overlay, new XlogCancelTable()).Commit(transaction);

        Assert.AreEqual(isReplayed, overlay.IsReplayed(block, 4096));
    }

    [TestMethod]
    public void A_region_in_very_many_pieces_is_gathered_in_time()
    {
        // Copying what there is for each piece would move 2 TB, which takes minutes.
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        XlogItem item = new();
        Assert.IsTrue(item.TryAdd([0x3C, 0x12, 1, 0]));
        for (int i = 0; i < 2_000_000; i++)
        {
            item.Extend([1]);
        }

        Assert.AreEqual(2_000_004, item.Format.Length);
        Assert.IsLessThan(TimeSpan.FromSeconds(10), System.Diagnostics.Stopwatch.GetElapsedTime(start));
        Assert.IsTrue(item.IsComplete);
    }

    [TestMethod]
    public void An_item_of_more_regions_than_a_buffer_can_have_is_refused()
    {
        Assert.IsFalse(new XlogItem().TryAdd([0x3C, 0x12, 2, 1]));
        Assert.IsFalse(new XlogItem().TryAdd([0x3C, 0x12, 0, 0]));
        Assert.IsFalse(new XlogItem().TryAdd([0x3C]));
    }

    private static MemoryContent WithoutLog(MemoryContent image)
    {
        XlogBlocks log = XlogBlocks.Open(XfsVolume.Open(image));
        return image.Patched(log.Start, new byte[log.Count * XlogFormat.BlockSize]);
    }

    private static (XlogBlocks Log, XlogState State) Find(MemoryContent image)
    {
        XlogBlocks log = XlogBlocks.Open(XfsVolume.Open(image));
        return (log, XlogHead.Find(log));
    }

    private static long LastHeader(XlogBlocks log)
    {
        long last = 0;
        ulong lsn = 0;
        for (long block = 0; block < log.Count; block++)
        {
            ReadOnlySpan<byte> raw = log.Block(block, after: 127);
            if (XlogRecordHeader.IsHeader(raw) && XlogRecordHeader.Parse(raw).Lsn >= lsn)
            {
                (last, lsn) = (block, XlogRecordHeader.Parse(raw).Lsn);
            }
        }

        return last;
    }

    // Makes the checksum of a record right again.
    private static MemoryContent SealRecord(MemoryContent image, XlogBlocks log, long block)
    {
        byte[] header = image.ReadBytes(log.Position(block), XlogFormat.BlockSize);
        int length = Math.Clamp(XlogRecordHeader.Parse(header).Length, 0, XlogFormat.MaxRecordV1);
        byte[] data = image.ReadBytes(log.Position(block + 1), length);
        byte[] checksum = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, XlogRecords.Checksum(header, data, XlogFormat.ChecksummedHeader));
        return image.Patched(log.Position(block) + XlogRecordHeader.ChecksumOffset, checksum);
    }

    private delegate void Patch(Span<byte> bytes);

    // Changes the format of the first item of a type that lies within one block of the log.
    private static MemoryContent PatchItem(MemoryContent image, XlogItemType type, Func<byte[], byte[]> part, Patch patch)
    {
        (XlogBlocks log, XlogState state) = Find(image);
        foreach (XlogRecord record in new XlogRecords(log).Read(state.Tail, state.Head))
        {
            for (int position = 0; position + XlogFormat.OperationHeader + 56 <= record.Data.Length;)
            {
                ReadOnlySpan<byte> rest = record.Data.Span[position..];
                int length = (int)BinaryPrimitives.ReadUInt32BigEndian(rest[4..]);
                int start = position + XlogFormat.OperationHeader;
                bool isInside = start % XlogFormat.BlockSize is > 4 and < XlogFormat.BlockSize - 8;
                if (length == 56 && isInside && BinaryPrimitives.ReadUInt16LittleEndian(rest[XlogFormat.OperationHeader..]) == (ushort)type)
                {
                    byte[] format = rest.Slice(XlogFormat.OperationHeader, length).ToArray();
                    byte[] whole = format;
                    int offset = format.AsSpan().IndexOf(part(whole));
                    byte[] bytes = part(whole);
                    patch(bytes);
                    return SealRecord(image.Patched(log.Position(record.Block + 1) + start + offset, bytes), log, record.Block);
                }

                position = start + length;
            }
        }

        throw new InvalidDataException("The log has no such item.");
    }
}
