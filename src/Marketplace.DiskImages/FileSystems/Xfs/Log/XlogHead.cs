namespace Marketplace.DiskImages.FileSystems.Xfs.Log;

/// <summary>
/// Finds head and tail of a log. Nothing on disk points to the head: every block starts with the number of the turn it was
/// written in, so it is where that number falls. Records that were written in part at a crash are left out, as the kernel does.
/// </summary>
internal sealed class XlogHead
{
    private readonly XlogBlocks _log;

    // Blocks of one record, and of all that may have been on their way to the disk at once.
    private readonly long _recordBlocks;
    private readonly long _inFlightBlocks;

    private XlogHead(XlogBlocks log)
    {
        _log = log;
        _recordBlocks = log.MaxRecord / XlogFormat.BlockSize;
        _inFlightBlocks = _recordBlocks * XlogFormat.MaxRecordsInFlight;
    }

    /// <summary>Finds what waits for replay.</summary>
    /// <exception cref="DiskFormatException">The log is damaged where the kernel would refuse to mount as well (Corrupt), or in a way the kernel repairs and this reader does not (Unsupported).</exception>
    public static XlogState Find(XlogBlocks log) => new XlogHead(log).Find();

    private XlogState Find()
    {
        // All zeros: no record was ever written.
        if (_log.Cycle(0) == 0)
        {
            return XlogState.Clean;
        }

        // A record of the unmount is written after everything else has reached the disk, so no gap can be before it.
        long estimate = Estimate(out uint staleCycle);
        if (LastRecord(estimate % _log.Count, estimate % _log.Count) is { } newest && IsUnmount(newest, estimate % _log.Count))
        {
            return XlogState.Clean;
        }

        long head = WholeRecords(WithoutGaps(estimate, staleCycle)) % _log.Count;
        if (LastRecord(head, head) is not { } last)
        {
            throw Corrupt(head, "no record is before the head of the log");
        }

        return IsUnmount(last, head) ? XlogState.Clean : Verify(head, last);
    }

    // Where the number of the turn falls, by bisection: the number of blocks of the log when it does not.
    private long Estimate(out uint staleCycle)
    {
        uint first = _log.Cycle(0);
        uint last = _log.Cycle(_log.Count - 1);
        if (first == last)
        {
            staleCycle = last - 1;
            return _log.Count;
        }

        // In a log that has not yet gone round once, blocks after the head are zero.
        staleCycle = last;
        long low = 0;
        long high = _log.Count - 1;
        while (high - low > 1)
        {
            long middle = low + ((high - low) / 2);
            (low, high) = _log.Cycle(middle) == last ? (low, middle) : (middle, high);
        }

        return high;
    }

    // Records on their way at a crash may have reached the disk out of order: the head is at the first gap.
    private long WithoutGaps(long head, uint staleCycle)
    {
        long scanned = Math.Min(_log.Count, _inFlightBlocks);
        if (head >= scanned || staleCycle == 0)
        {
            scanned = Math.Min(scanned, head);
            return _log.FindCycle(head - scanned, scanned, staleCycle) ?? head;
        }

        // The range goes on at the end of the log, which the turn before wrote.
        long atEnd = scanned - head;
        return _log.FindCycle(_log.Count - atEnd, atEnd, staleCycle - 1) ?? _log.FindCycle(0, head, staleCycle) ?? head;
    }

    // A record of which only the first blocks were written does not count.
    private long WholeRecords(long head)
    {
        if (_log.FindHeaderBefore(head, Math.Max(0, head - _recordBlocks)) is { } block)
        {
            return EndsAt(block, head - block) ? head : block;
        }

        if (head >= _recordBlocks)
        {
            throw Corrupt(head, "no record starts in the blocks before the head of the log");
        }

        long fromEnd = _log.FindHeaderBefore(_log.Count, _log.Count - (_recordBlocks - head))
            ?? throw Corrupt(head, "no record starts in the blocks before the head of the log");
        return EndsAt(fromEnd, _log.Count - fromEnd + head) ? head : fromEnd;
    }

    private bool EndsAt(long block, long blocks)
    {
        ReadOnlySpan<byte> raw = _log.Block(block);
        if (!HasOurUuid(raw))
        {
            throw Corrupt(block, "h_fs_uuid is that of another file system");
        }

        XlogRecordHeader header = XlogRecordHeader.Parse(raw);
        return header.HeaderBlocks(_log.IsV2) + header.DataBlocks == blocks;
    }

    // IRIX left the field zero.
    private bool HasOurUuid(ReadOnlySpan<byte> raw) => XlogRecordHeader.HasUuid(raw, _log.Superblock.Uuid) || XlogRecordHeader.HasUuid(raw, new byte[16]);

    // The last header before the head, going back as far as the tail; the whole log when both are equal.
    private long? LastRecord(long head, long tail)
    {
        long? found = _log.FindHeaderBefore(head, head > tail ? tail : 0);
        return found is null && tail >= head ? _log.FindHeaderBefore(_log.Count, tail) : found;
    }

    private bool IsUnmount(long block, long head)
    {
        ReadOnlySpan<byte> raw = _log.Block(block);
        if (!HasOurUuid(raw))
        {
            return false;
        }

        XlogRecordHeader header = XlogRecordHeader.Parse(raw);
        int headerBlocks = header.HeaderBlocks(_log.IsV2);
        if (header.OperationCount != 1 || (block + headerBlocks + header.DataBlocks) % _log.Count != head)
        {
            return false;
        }

        // struct xlog_op_header: oh_tid u32, oh_len u32, oh_clientid u8, oh_flags u8.
        const int FlagsOffset = 9;
        ReadOnlySpan<byte> operation = _log.Block((block + headerBlocks) % _log.Count);
        return ((XlogOperationFlags)operation[FlagsOffset]).HasFlag(XlogOperationFlags.Unmount);
    }

    // Checksums tell records near the head that were written in part; the head then moves before the first of them.
    private XlogState Verify(long head, long last)
    {
        long tail = XlogRecordHeader.Parse(_log.Block(last)).TailBlock;
        CheckTail(tail, last);
        long start = head;
        long candidate = last;
        for (int i = 0; i < XlogFormat.MaxRecordsInFlight; i++)
        {
            start = candidate;
            if (start == tail || LastRecord(start, tail) is not { } earlier)
            {
                break;
            }

            candidate = earlier;
        }

        if (FirstDamaged(start, head) is { } torn && (torn.Offset - _log.Start) / XlogFormat.BlockSize is var damaged && damaged != start)
        {
            head = damaged;
            last = LastRecord(head, tail) ?? throw torn;
            if (IsUnmount(last, head))
            {
                return XlogState.Clean;
            }

            tail = XlogRecordHeader.Parse(_log.Block(last)).TailBlock;
            CheckTail(tail, last);
        }

        // The kernel skips records at the tail that a torn write of the head ran over. That this happened cannot be told
        // from damage here, so it is refused.
        return tail != head && FirstDamaged(tail, head) is { } error ? throw error : new XlogState(tail, head);
    }

    private DiskFormatException? FirstDamaged(long tail, long head)
    {
        try
        {
            foreach (XlogRecord _ in new XlogRecords(_log).Read(tail, head))
            {
            }

            return null;
        }
        catch (DiskFormatException e) when (e.Kind == DiskFormatErrorKind.Corrupt)
        {
            return e;
        }
    }

    private void CheckTail(long tail, long record)
    {
        if (tail >= _log.Count)
        {
            throw Corrupt(record, $"h_tail_lsn leads to block {tail}, the log has {_log.Count} blocks");
        }
    }

    private DiskFormatException Corrupt(long block, string detail) => DiskFormatException.Corrupt("XFS log", _log.Position(block), detail);
}
