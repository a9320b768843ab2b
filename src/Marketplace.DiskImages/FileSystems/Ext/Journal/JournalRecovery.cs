using System.Buffers.Binary;
using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.FileSystems.Ext.Journal;

/// <summary>
/// Recovery of a file system that was not unmounted: what the kernel would write back at the next mount is laid over the
/// volume in memory. Pass 1 finds the committed transactions, pass 2 the revoked blocks, pass 3 places the blocks.
/// </summary>
internal sealed class JournalRecovery
{
    private readonly ExtVolume _volume;
    private readonly JournalLog _log;
    private readonly byte[] _block;
    private readonly byte[] _data;
    private readonly HashSet<ulong> _tagged = [];
    private readonly Dictionary<ulong, uint> _revoked = [];
    private readonly Dictionary<long, OverlayBlock> _blocks = [];

    private JournalRecovery(ExtVolume volume)
    {
        _volume = volume;
        _log = JournalLog.Open(volume);
        _block = new byte[volume.Superblock.BlockSize];
        _data = new byte[volume.Superblock.BlockSize];
        Content = volume.Content;
    }

    /// <summary>The volume as it is after recovery.</summary>
    public DiskContent Content { get; private set; }

    /// <summary>What was done, for people.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Recovers a file system.</summary>
    /// <exception cref="DiskFormatException">The journal is damaged (Corrupt), or cannot be replayed (Unsupported).</exception>
    public static JournalRecovery Run(ExtVolume volume)
    {
        JournalRecovery recovery = new(volume);
        recovery.Replay();
        return recovery;
    }

    private void Replay()
    {
        JournalSuperblock superblock = _log.Superblock;
        if (superblock.Error != 0)
        {
            Notes.Add($"The journal records the error {superblock.Error}, the file system should be checked with e2fsck.");
        }

        if (superblock.Start == 0)
        {
            return;
        }

        JournalScan scan = JournalScan.Run(_log, _block.Length);
        RefuseFastCommits(scan.EndSequence);
        foreach (JournalRecord record in scan.Records.Where(record => record.Type == JournalBlockType.Descriptor))
        {
            _log.Read(record.Block, _block);
            _tagged.UnionWith(JournalTag.ParseAll(_block, superblock).Select(tag => tag.Block));
        }

        foreach (JournalRecord record in scan.Records.Where(record => record.Type == JournalBlockType.Revoke))
        {
            CollectRevoked(record);
        }

        foreach (JournalRecord record in scan.Records.Where(record => record.Type == JournalBlockType.Descriptor))
        {
            PlaceBlocks(record);
        }

        uint transactions = scan.EndSequence - superblock.Sequence;
        Notes.Add($"The file system was not unmounted; its journal was replayed in memory: {_blocks.Count} blocks in {transactions} transactions.");
        if (_blocks.Count > 0)
        {
            Content = new OverlayContent(_volume.Content, _block.Length, _blocks);
        }
    }

    // Fast commits describe changes since the last full commit in a language of their own: fc_tag and fc_len, 2 bytes each,
    // then for the head fc_features and fc_tid, all little-endian. Those of another transaction are left over.
    private void RefuseFastCommits(uint endSequence)
    {
        if (_log.Superblock.FirstFastCommit is not { } first)
        {
            return;
        }

        _log.Read(first, _block);
        if (BinaryPrimitives.ReadUInt16LittleEndian(_block) == JournalFormat.FastCommitHead
            && BinaryPrimitives.ReadUInt32LittleEndian(_block.AsSpan(8)) == endSequence)
        {
            throw DiskFormatException.Unsupported("jbd2 journal", _log.Position(first), "the journal holds fast commits, which this reader does not replay; files may have changed since the last full commit");
        }
    }

    // struct jbd2_journal_revoke_header_s: header, r_count u32 (bytes used, with the header), then block numbers.
    private void CollectRevoked(JournalRecord record)
    {
        _log.Read(record.Block, _block);
        int used = _block.Length - (_log.Superblock.HasBlockChecksums ? JournalFormat.TailSize : 0);
        const int Start = JournalFormat.HeaderSize + sizeof(uint);
        uint count = BinaryPrimitives.ReadUInt32BigEndian(_block.AsSpan(JournalFormat.HeaderSize));
        if (count < Start || count > used)
        {
            throw DiskFormatException.Corrupt("jbd2 revoke block", _log.Position(record.Block), $"r_count is {count}, expected {Start} to {used}");
        }

        int size = _log.Superblock.Is64Bit ? sizeof(ulong) : sizeof(uint);
        for (int offset = Start; offset + size <= count; offset += size)
        {
            ReadOnlySpan<byte> number = _block.AsSpan(offset, size);
            ulong block = size == sizeof(ulong) ? BinaryPrimitives.ReadUInt64BigEndian(number) : BinaryPrimitives.ReadUInt32BigEndian(number);

            // Only what the log would place matters, which bounds the table. Blocks come in the order of the log,
            // so the last transaction that revokes one stays.
            if (_tagged.Contains(block))
            {
                _revoked[block] = record.Sequence;
            }
        }
    }

    private void PlaceBlocks(JournalRecord record)
    {
        _log.Read(record.Block, _block);
        uint position = record.Block;
        foreach (JournalTag tag in JournalTag.ParseAll(_block, _log.Superblock))
        {
            position = _log.After(position);

            // Revoked by this transaction or a later one: the block was freed and may hold other data by now.
            if (_revoked.TryGetValue(tag.Block, out uint sequence) && (int)(sequence - record.Sequence) >= 0)
            {
                continue;
            }

            if (tag.Block >= (ulong)_volume.Superblock.BlocksCount)
            {
                throw DiskFormatException.Corrupt("jbd2 descriptor block", _log.Position(record.Block), $"a tag leads to block {tag.Block}, the file system has {_volume.Superblock.BlocksCount} blocks");
            }

            CheckData(tag, record, position);
            byte[] prefix = [];
            if (tag.Flags.HasFlag(JournalTagFlags.Escaped))
            {
                prefix = new byte[sizeof(uint)];
                BinaryPrimitives.WriteUInt32BigEndian(prefix, JournalFormat.Magic);
            }

            _blocks[(long)tag.Block] = new OverlayBlock(_log.Position(position), prefix);
        }
    }

    private void CheckData(JournalTag tag, JournalRecord record, uint position)
    {
        if (!_log.Superblock.HasBlockChecksums)
        {
            return;
        }

        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(number, record.Sequence);
        _log.Read(position, _data);
        uint crc = ExtChecksum.Crc32C(ExtChecksum.Crc32C(_log.Superblock.ChecksumSeed, number), _data);
        crc = _log.Superblock.HasTagsV3 ? crc : crc & 0xFFFF;
        if (tag.Checksum != crc)
        {
            throw DiskFormatException.Corrupt("jbd2 data block", _log.Position(position), $"t_checksum for block {tag.Block} is 0x{tag.Checksum:X}, the bytes give 0x{crc:X}");
        }
    }
}
