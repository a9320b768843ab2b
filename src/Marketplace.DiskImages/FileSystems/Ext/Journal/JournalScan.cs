using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ext.Journal;

/// <summary>A descriptor or revoke block of a committed transaction.</summary>
/// <param name="Type">Descriptor or Revoke.</param>
/// <param name="Block">Its block within the journal.</param>
/// <param name="Sequence">The transaction.</param>
internal readonly record struct JournalRecord(JournalBlockType Type, uint Block, uint Sequence);

/// <summary>
/// The first pass over the log: from s_start to the last transaction that has a commit block. What follows was never
/// committed, or is left from an earlier turn of the log.
/// </summary>
internal sealed class JournalScan
{
    private const int CommitChecksumType = 12;
    private const int CommitChecksumSize = 13;
    private const int CommitChecksum = 16;
    private const int CommitSeconds = 48;

    private readonly JournalLog _log;
    private readonly JournalSuperblock _superblock;
    private readonly byte[] _block;
    private readonly List<JournalRecord> _committed = [];
    private readonly List<JournalRecord> _pending = [];

    // A damaged block may be left from an earlier turn of the log; the time of its commit block tells.
    private bool _isDoubtful;
    private ulong _lastCommitTime;
    private uint _transactionCrc = ~0u;

    private JournalScan(JournalLog log, int blockSize)
    {
        _log = log;
        _superblock = log.Superblock;
        _block = new byte[blockSize];
        EndSequence = _superblock.Sequence;
    }

    /// <summary>The descriptor and revoke blocks of committed transactions, in the order of the log.</summary>
    public IReadOnlyList<JournalRecord> Records => _committed;

    /// <summary>The first transaction that is not replayed.</summary>
    public uint EndSequence { get; private set; }

    /// <summary>Scans the log.</summary>
    /// <exception cref="DiskFormatException">The log is damaged.</exception>
    public static JournalScan Run(JournalLog log, int blockSize)
    {
        JournalScan scan = new(log, blockSize);
        scan.Scan();
        return scan;
    }

    private void Scan()
    {
        uint position = _superblock.Start;
        long left = _superblock.End - _superblock.First;
        while (left > 0)
        {
            _log.Read(position, _block);
            if (U32(0) != JournalFormat.Magic || U32(8) != EndSequence)
            {
                // A damaged descriptor leads astray: that its transaction has no commit block is then not known.
                if (_isDoubtful)
                {
                    throw DoubtfulTransaction();
                }

                return;
            }

            JournalBlockType type = (JournalBlockType)U32(4);
            uint block = position;
            position = _log.After(position);
            left--;
            switch (type)
            {
                case JournalBlockType.Descriptor:
                    _isDoubtful |= !_log.IsTailValid(_block);
                    _pending.Add(new JournalRecord(type, block, EndSequence));
                    int count = JournalTag.ParseAll(_block, _superblock).Count;
                    left -= count;
                    position = SkipData(position, count, left);
                    break;

                case JournalBlockType.Revoke:
                    _isDoubtful |= !_log.IsTailValid(_block);
                    _pending.Add(new JournalRecord(type, block, EndSequence));
                    break;

                case JournalBlockType.Commit:
                    if (!Commit(block))
                    {
                        return;
                    }

                    break;

                default:
                    return;
            }
        }

        if (_pending.Count > 0)
        {
            throw DiskFormatException.Corrupt("jbd2 journal", _log.Position(_superblock.Start), $"transaction {EndSequence} does not end within the {_superblock.End - _superblock.First} blocks of the log");
        }
    }

    // Moves over the data blocks of a descriptor. Only checksum v1 has to look at them.
    private uint SkipData(uint position, int count, long left)
    {
        if (_superblock.HasCommitChecksum)
        {
            _transactionCrc = ExtChecksum.Crc32BigEndian(_transactionCrc, _block);
        }

        for (int i = 0; i < count && left >= 0; i++)
        {
            if (_superblock.HasCommitChecksum)
            {
                _log.Read(position, _block);
                _transactionCrc = ExtChecksum.Crc32BigEndian(_transactionCrc, _block);
            }

            position = _log.After(position);
        }

        return position;
    }

    // Takes the pending blocks when the commit block is good; false ends the log before this transaction.
    private bool Commit(uint block)
    {
        ulong time = BinaryPrimitives.ReadUInt64BigEndian(_block.AsSpan(CommitSeconds));
        bool isStale = time < _lastCommitTime;
        if (_isDoubtful)
        {
            return isStale ? false : throw DoubtfulTransaction();
        }

        if (!IsCommitValid())
        {
            // With asynchronous commits the commit block may have been written before the blocks it speaks for.
            return isStale || _superblock.Incompat.HasFlag(JournalIncompat.AsyncCommit)
                ? false
                : throw Corrupt("jbd2 commit block", block, $"the checksum of transaction {EndSequence} does not match");
        }

        _lastCommitTime = time;
        _committed.AddRange(_pending);
        _pending.Clear();
        _transactionCrc = ~0u;
        EndSequence++;
        return true;
    }

    private bool IsCommitValid()
    {
        if (_superblock.HasBlockChecksums)
        {
            uint crc = ExtChecksum.Crc32C(_superblock.ChecksumSeed, _block.AsSpan(0, CommitChecksum));
            crc = ExtChecksum.Crc32CZeros(crc, sizeof(uint));
            return ExtChecksum.Crc32C(crc, _block.AsSpan(CommitChecksum + sizeof(uint))) == U32(CommitChecksum);
        }

        if (_superblock.HasCommitChecksum)
        {
            const byte Crc32 = 1;
            bool isUnset = _block[CommitChecksumType] == 0 && _block[CommitChecksumSize] == 0 && U32(CommitChecksum) == 0;
            return isUnset || (_block[CommitChecksumType] == Crc32 && _block[CommitChecksumSize] == sizeof(uint) && U32(CommitChecksum) == _transactionCrc);
        }

        return true;
    }

    private DiskFormatException DoubtfulTransaction() =>
        Corrupt("jbd2 descriptor block", _pending[0].Block, $"a checksum in transaction {EndSequence} does not match its block");

    private DiskFormatException Corrupt(string structure, uint block, string detail) =>
        DiskFormatException.Corrupt(structure, _log.Position(block), detail);

    private uint U32(int offset) => BinaryPrimitives.ReadUInt32BigEndian(_block.AsSpan(offset));
}
