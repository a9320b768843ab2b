using System.Buffers.Binary;
using System.Text;
using Marketplace.DiskImages.FileSystems.Ext;
using Marketplace.DiskImages.FileSystems.Ext.Journal;

namespace Marketplace.DiskImages.Tests.Ext;

/// <summary>
/// Journals that wait for replay. What the replayed trees look like is compared in <see cref="ExtTreeTests"/>; here are the
/// notes, and journals with a few bytes changed.
/// </summary>
[TestClass]
public sealed class ExtJournalTests
{
    private const int IncompatOffset = 1024 + 0x60;

    public static IEnumerable<object[]> Dirty => ExtFixture.Dirty.Select(name => new object[] { name });

    private static MemoryContent Checked { get; } = ExtFixture.Load("journal-v3");

    private static MemoryContent Unchecked { get; } = ExtFixture.Load("journal-none");

    [TestMethod]
    [DynamicData(nameof(Dirty))]
    public void Tells_that_the_journal_was_replayed(string name)
    {
        string note = ExtFileSystem.Open(ExtFixture.Load(name)).Notes[0];
        Assert.MatchesRegex("journal was replayed in memory: [1-9][0-9]* blocks in [1-9][0-9]* transactions\\.$", note);
    }

    [TestMethod]
    public void Shows_what_was_committed_and_not_what_was_written_back()
    {
        Assert.AreEqual("PermitRootLogin no\n", Encoding.ASCII.GetString(ExtFileSystem.Open(Unchecked).At("/etc/sshd_config").ReadAll()));

        // The same image with needs_recovery taken away shows the state of the last writeback.
        MemoryContent asWritten = Unchecked.Patched(IncompatOffset, (byte)(Unchecked.ReadBytes(IncompatOffset, 1)[0] & ~4));
        Assert.AreEqual("PermitRootLogin yes\n", Encoding.ASCII.GetString(ExtFileSystem.Open(asWritten).At("/etc/sshd_config").ReadAll()));
        Assert.IsEmpty(ExtFileSystem.Open(asWritten).Notes);
    }

    [TestMethod]
    public void Goes_on_at_the_first_block_after_the_end_of_the_log()
    {
        JournalLog log = Log(ExtFixture.Load("journal-wrap"));
        IReadOnlyList<JournalRecord> records = JournalScan.Run(log, 1024).Records;
        Assert.IsLessThan(records[0].Block, records[^1].Block);
        Assert.AreEqual(log.Superblock.First, log.After(log.Superblock.End - 1));
    }

    [TestMethod]
    public void An_empty_log_changes_nothing()
    {
        MemoryContent image = Unchecked.Patched(Log(Unchecked).Position(0) + 0x1C, 0, 0, 0, 0);
        Assert.IsEmpty(ExtFileSystem.Open(image).Notes);
    }

    [TestMethod]
    public void Fast_commits_are_unsupported() =>
        ExtDamage.ExpectOpen(DiskFormatErrorKind.Unsupported, "jbd2 journal", "fast commits", ExtFixture.Load("journal-fast"));

    [TestMethod]
    public void A_journal_on_another_device_is_unsupported_when_it_is_needed()
    {
        MemoryContent image = Unchecked.Patched(1024 + 0xE0, 0, 0, 0, 0, 0, 8);
        ExtDamage.ExpectOpen(DiskFormatErrorKind.Unsupported, "ext4 superblock", "another device", image);
        Assert.IsEmpty(ExtFileSystem.Open(image.Patched(IncompatOffset, (byte)(image.ReadBytes(IncompatOffset, 1)[0] & ~4))).Notes);
    }

    [TestMethod]
    public void Recovery_without_a_journal_is_damage() =>
        ExtDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, "ext4 superblock", "has no journal", Unchecked.Patched(1024 + 0x5C, 0));

    [TestMethod]
    public void A_journal_in_a_directory_is_damage() =>
        ExtDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, "ext4 inode 2", "not a regular file", Unchecked.Patched(1024 + 0xE0, 2));

    [TestMethod]
    [DataRow(0x00, new byte[] { 0 }, "h_magic")]
    [DataRow(0x07, new byte[] { 1 }, "h_blocktype is 1")]
    [DataRow(0x0E, new byte[] { 8 }, "s_blocksize is 2048")]
    [DataRow(0x10, new byte[] { 0xFF }, "s_maxlen is 42")]
    [DataRow(0x14, new byte[] { 0, 0, 0, 0 }, "s_first is 0")]
    [DataRow(0x14, new byte[] { 0, 0, 4, 0 }, "s_first is 1024")]
    [DataRow(0x1C, new byte[] { 0, 0, 4, 0 }, "s_start is 1024")]
    public void Rejects_a_superblock_with_a_field_that_cannot_be(int offset, byte[] bytes, string detail) =>
        ExtDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, "jbd2 superblock", detail, Unchecked.Patched(Log(Unchecked).Position(0) + offset, bytes));

    [TestMethod]
    public void Names_a_feature_of_the_journal_it_does_not_read() =>
        ExtDamage.ExpectOpen(DiskFormatErrorKind.Unsupported, "jbd2 superblock", "0x40", Unchecked.Patched(Log(Unchecked).Position(0) + 0x2B, 0x41));

    [TestMethod]
    public void Rejects_a_superblock_whose_checksum_is_wrong()
    {
        long offset = Log(Checked).Position(0);
        ExtDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, "jbd2 superblock", "s_checksum is", Checked.Flipped(offset + 0x1F));
        ExtDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, "jbd2 superblock", "more than one kind", Checked.Patched(offset + 0x2B, 0x19));
        ExtDamage.ExpectOpen(DiskFormatErrorKind.Unsupported, "jbd2 superblock", "s_checksum_type is 5", Checked.Patched(offset + 0x50, 5));
    }

    [TestMethod]
    [DataRow("journal-v3")]
    [DataRow("journal-v2")]
    [DataRow("journal-4k")]
    public void Rejects_blocks_of_the_log_whose_checksum_is_wrong(string name)
    {
        MemoryContent image = ExtFixture.Load(name);
        JournalLog log = Log(image);
        IReadOnlyList<JournalRecord> records = Scan(image).Records;
        JournalRecord descriptor = records.First(record => record.Type == JournalBlockType.Descriptor);
        ExtDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, "jbd2 descriptor block", "does not match", image.Flipped(log.Position(descriptor.Block) + 13));

        DiskFormatException exception = ExtDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, "jbd2 data block", "t_checksum", image.Flipped(log.Position(descriptor.Block + 1) + 100));
        Assert.AreEqual(log.Position(descriptor.Block + 1), exception.Offset);

        ExtDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, "jbd2 commit block", "does not match", image.Flipped(CommitAfter(image, log, descriptor) + 60));
    }

    [TestMethod]
    public void Rejects_a_revoke_block_whose_checksum_or_length_is_wrong()
    {
        foreach (MemoryContent image in new[] { Checked, Unchecked })
        {
            JournalRecord revoke = Scan(image).Records.First(record => record.Type == JournalBlockType.Revoke);
            long offset = Log(image).Position(revoke.Block);
            (string structure, string detail) = image == Checked ? ("jbd2 descriptor block", "does not match") : ("jbd2 revoke block", "r_count is");
            ExtDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, structure, detail, image.Patched(offset + 12, 0xFF));
            ExtDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, structure, detail, image.Patched(offset + 12, 0, 0, 0, 15));
        }
    }

    /// <summary>With the flags of a tag damaged the descriptor speaks for another number of blocks, and no commit block is where it leads.</summary>
    [TestMethod]
    [DataRow(157795, (byte)0x5C)]
    [DataRow(176339, (byte)0xBE)]
    [DataRow(139331, (byte)0x0A)]
    public void Rejects_a_damaged_descriptor_that_leads_past_its_commit_block(long place, byte bits)
    {
        MemoryContent image = ExtFixture.Load("journal-v3-32");

        ExtDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, "jbd2 descriptor block", "does not match", image.Patched(place, (byte)(image.ReadBytes(place, 1)[0] ^ bits)));
    }

    [TestMethod]
    public void Rejects_a_tag_that_leads_out_of_the_file_system()
    {
        JournalRecord descriptor = Scan(Unchecked).Records.First(record => record.Type == JournalBlockType.Descriptor);
        long offset = Log(Unchecked).Position(descriptor.Block);
        ExtDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, "jbd2 descriptor block", "a tag leads to block 8192,", Unchecked.Patched(offset + 12, 0, 0, 0x20, 0));
    }

    [TestMethod]
    public void The_first_kind_of_checksum_finds_a_changed_block()
    {
        MemoryContent image = ExtFixture.Load("journal-v1");
        JournalRecord descriptor = Scan(image).Records.First(record => record.Type == JournalBlockType.Descriptor);
        ExtDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, "jbd2 commit block", "does not match", image.Flipped(Log(image).Position(descriptor.Block + 1) + 100));
    }

    [TestMethod]
    public void An_asynchronous_commit_with_a_changed_block_ends_the_log()
    {
        MemoryContent image = ExtFixture.Load("journal-async");
        JournalScan whole = Scan(image);
        JournalRecord last = whole.Records.Last(record => record.Type == JournalBlockType.Descriptor);
        MemoryContent changed = image.Flipped(Log(image).Position(last.Block + 1) + 100);
        Assert.AreEqual(last.Sequence, Scan(changed).EndSequence);
        Assert.IsLessThan(whole.EndSequence, last.Sequence);
        Assert.HasCount(1, ExtFileSystem.Open(changed).Notes);
    }

    [TestMethod]
    public void A_transaction_without_its_commit_block_is_not_replayed()
    {
        JournalScan whole = Scan(Unchecked);
        JournalLog log = Log(Unchecked);
        JournalRecord last = whole.Records.Last(record => record.Type == JournalBlockType.Descriptor);
        MemoryContent changed = Unchecked.Flipped(CommitAfter(Unchecked, log, last));
        Assert.AreEqual(last.Sequence, Scan(changed).EndSequence);
        _ = ExtFileSystem.Open(changed);
    }

    [TestMethod]
    public void A_log_of_descriptors_without_an_end_is_damage()
    {
        // Every block of the log is a descriptor of the first transaction without any tag that could be read as the last.
        JournalLog log = Log(Unchecked);
        MemoryContent image = Unchecked;
        byte[] descriptor = new byte[1024];
        BinaryPrimitives.WriteUInt32BigEndian(descriptor, JournalFormat.Magic);
        descriptor[7] = (byte)JournalBlockType.Revoke;
        BinaryPrimitives.WriteUInt32BigEndian(descriptor.AsSpan(8), log.Superblock.Sequence);
        for (uint block = log.Superblock.First; block < log.Superblock.End; block++)
        {
            image = image.Patched(log.Position(block), descriptor);
        }

        ExtDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, "jbd2 journal", "does not end within", image);
    }

    [TestMethod]
    public void An_error_the_journal_has_recorded_is_told() =>
        Assert.Contains("records the error -5", ExtFileSystem.Open(Unchecked.Patched(Log(Unchecked).Position(0) + 0x20, 0xFF, 0xFF, 0xFF, 0xFB)).Notes[0]);

    private static JournalLog Log(MemoryContent image) => JournalLog.Open(ExtVolume.Open(image));

    private static JournalScan Scan(MemoryContent image) => JournalScan.Run(Log(image), ExtVolume.Open(image).Superblock.BlockSize);

    // Offset of the commit block that follows a record.
    private static long CommitAfter(MemoryContent image, JournalLog log, JournalRecord record)
    {
        for (uint block = log.After(record.Block); ; block = log.After(block))
        {
            byte[] header = image.ReadBytes(log.Position(block), JournalFormat.HeaderSize);
            if (BinaryPrimitives.ReadUInt32BigEndian(header) == JournalFormat.Magic && header[7] == (byte)JournalBlockType.Commit
                && BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(8)) == record.Sequence)
            {
                return log.Position(block);
            }
        }
    }
}
