using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Xfs.Log;

/// <summary>A transaction as it is gathered from the operations of one or more records.</summary>
/// <param name="lsn">Cycle and block of the record it starts in.</param>
internal sealed class XlogTransaction(ulong lsn)
{
    private readonly byte[] _header = new byte[XlogFormat.TransactionHeader];
    private bool _hasHeader;

    /// <summary>Cycle and block of the record it starts in.</summary>
    public ulong Lsn => lsn;

    public List<XlogItem> Items { get; } = [];

    /// <summary>Bytes held.</summary>
    public long Length { get; private set; }

    /// <summary>Adds an operation that starts a region, or the header of the transaction.</summary>
    /// <returns>False when it does not fit to what came before.</returns>
    public bool TryAdd(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return true;
        }

        Length += data.Length;
        if (!_hasHeader)
        {
            if (data.Length > XlogFormat.TransactionHeader || data.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(data) != XlogFormat.TransactionMagic)
            {
                return false;
            }

            // The header itself may go on in the next record.
            data.CopyTo(_header);
            _hasHeader = data.Length == XlogFormat.TransactionHeader;
            return true;
        }

        if (Items.Count == 0 || Items[^1].IsComplete)
        {
            Items.Add(new XlogItem());
        }

        return Items[^1].TryAdd(data);
    }

    /// <summary>Adds an operation that goes on with the last region.</summary>
    /// <returns>False when it does not fit to what came before.</returns>
    public bool TryContinue(ReadOnlySpan<byte> data)
    {
        Length += data.Length;
        if (!_hasHeader)
        {
            _hasHeader = true;
            return data.Length <= XlogFormat.TransactionHeader;
        }

        if (Items.Count == 0 || Items[^1].Count == 0)
        {
            return false;
        }

        Items[^1].Extend(data);
        return true;
    }
}
