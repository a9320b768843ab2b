using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Xfs.Log;

/// <summary>Gathers transactions from the operations of records. Those that were never committed do not come out.</summary>
internal sealed class XlogTransactions(XlogBlocks log)
{
    private readonly Dictionary<uint, XlogTransaction> _open = [];
    private long _held;

    /// <summary>The committed transactions between tail and head, in the order of their commits.</summary>
    /// <exception cref="DiskFormatException">A record is damaged (Corrupt), or cannot be replayed (Unsupported).</exception>
    public static IEnumerable<XlogTransaction> Read(XlogBlocks log, XlogState state)
    {
        XlogTransactions transactions = new(log);
        return new XlogRecords(log).Read(state.Tail, state.Head).SelectMany(transactions.Process);
    }

    private IEnumerable<XlogTransaction> Process(XlogRecord record)
    {
        if (record.Header.Format != XlogFormat.LittleEndian)
        {
            throw DiskFormatException.Unsupported("XFS log record", log.Position(record.Block), $"dirty log: h_fmt is {record.Header.Format}, only logs of little-endian machines (1) are replayed");
        }

        int position = 0;
        for (uint i = 0; i < record.Header.OperationCount && position < record.Data.Length; i++)
        {
            // struct xlog_op_header: oh_tid u32, oh_len u32, oh_clientid u8, oh_flags u8, oh_res2 u16.
            ReadOnlySpan<byte> rest = record.Data.Span[position..];
            uint length = rest.Length < XlogFormat.OperationHeader ? uint.MaxValue : BinaryPrimitives.ReadUInt32BigEndian(rest[4..]);
            if (length > rest.Length - XlogFormat.OperationHeader)
            {
                throw Corrupt(record, $"operation {i} at byte {position} does not fit into {record.Data.Length} bytes");
            }

            uint id = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (rest[8] is not (XlogFormat.ClientTransaction or XlogFormat.ClientLog))
            {
                throw Corrupt(record, $"oh_clientid of operation {i} is 0x{rest[8]:X}");
            }

            XlogOperationFlags flags = (XlogOperationFlags)rest[9];
            XlogTransaction? committed = Apply(record, id, flags, rest.Slice(XlogFormat.OperationHeader, (int)length));
            position += XlogFormat.OperationHeader + (int)length;
            if (committed is not null)
            {
                yield return committed;
            }
        }
    }

    private XlogTransaction? Apply(XlogRecord record, uint id, XlogOperationFlags flags, ReadOnlySpan<byte> data)
    {
        if (!_open.TryGetValue(id, out XlogTransaction? transaction))
        {
            // What started before the tail is on disk already.
            if (flags.HasFlag(XlogOperationFlags.Start))
            {
                _open.Add(id, new XlogTransaction(record.Header.Lsn));
            }

            return null;
        }

        flags &= ~XlogOperationFlags.End;
        if (flags.HasFlag(XlogOperationFlags.WasContinued))
        {
            flags &= ~XlogOperationFlags.Continue;
        }

        switch (flags)
        {
            case XlogOperationFlags.None or XlogOperationFlags.Continue when transaction.TryAdd(data):
            case XlogOperationFlags.WasContinued when transaction.TryContinue(data):
                Hold(data.Length);
                return null;
            case XlogOperationFlags.Commit:
                _open.Remove(id);
                _held -= transaction.Length;
                return transaction.Items.TrueForAll(item => item.IsComplete) ? transaction : throw Corrupt(record, $"transaction {id} is committed with an item that is not complete");
            case XlogOperationFlags.Unmount:
                _open.Remove(id);
                _held -= transaction.Length;
                return null;
            default:
                throw Corrupt(record, $"an operation of transaction {id} with {data.Length} bytes and oh_flags 0x{(byte)flags:X} does not fit to what came before");
        }
    }

    private void Hold(int bytes)
    {
        _held += bytes;
        if (_held > XlogFormat.MaxMemory)
        {
            throw DiskFormatException.Unsupported("XFS log", log.Start, $"dirty log: transactions of more than {XlogFormat.MaxMemory} bytes are not yet committed");
        }
    }

    private DiskFormatException Corrupt(XlogRecord record, string detail) => DiskFormatException.Corrupt("XFS log record", log.Position(record.Block), detail);
}
