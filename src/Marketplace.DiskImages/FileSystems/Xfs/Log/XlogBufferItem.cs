using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Xfs.Log;

/// <summary>Changes of a buffer: struct xfs_buf_log_format, then the changed bytes.</summary>
internal readonly ref struct XlogBufferItem
{
    private const int MapOffset = 20;
    private const int TypeShift = 11;

    private readonly XlogItem _item;
    private readonly ReadOnlySpan<byte> _map;

    private XlogBufferItem(XlogItem item)
    {
        ReadOnlySpan<byte> raw = item.Format;
        _item = item;
        _map = raw[MapOffset..];
        ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(raw[4..]);
        Flags = (XlogBufferFlags)(flags & ((1 << TypeShift) - 1));
        Type = (XlogBufferType)(flags >> TypeShift);
        Blocks = BinaryPrimitives.ReadUInt16LittleEndian(raw[6..]);
        Block = BinaryPrimitives.ReadInt64LittleEndian(raw[8..]);
    }

    public XlogBufferFlags Flags { get; }

    public XlogBufferType Type { get; }

    /// <summary>blf_blkno: first unit of 512 bytes of the volume.</summary>
    public long Block { get; }

    /// <summary>blf_len: units of 512 bytes.</summary>
    public int Blocks { get; }

    /// <summary>Length in bytes.</summary>
    public int Length => Blocks * XfsFormat.BasicBlockSize;

    /// <summary>Parses the format.</summary>
    /// <exception cref="DiskFormatException">It is too short for its bitmap.</exception>
    public static XlogBufferItem Parse(XlogItem item)
    {
        ReadOnlySpan<byte> raw = item.Format;
        uint words = raw.Length < MapOffset ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(raw[16..]);
        return words > (uint)((raw.Length - MapOffset) / sizeof(uint))
            ? throw DiskFormatException.Corrupt("XFS log buffer item", -1, $"blf_map_size is {words}, the format has {raw.Length} bytes")
            : new XlogBufferItem(item);
    }

    /// <summary>Lays the changed bytes over the buffer.</summary>
    /// <param name="buffer">The buffer, <see cref="Length"/> bytes.</param>
    /// <returns>Number of bytes that were changed.</returns>
    /// <exception cref="DiskFormatException">The bitmap and the regions do not go together.</exception>
    public int Apply(Span<byte> buffer)
    {
        int changed = 0;
        int region = 1;
        for (int bit = 0; bit < _map.Length * 8;)
        {
            if (!IsSet(bit))
            {
                bit++;
                continue;
            }

            // A run of bits is one region, or several where it crossed a page in memory.
            int count = 1;
            while (bit + count < _map.Length * 8 && IsSet(bit + count))
            {
                count++;
            }

            ReadOnlySpan<byte> data = region < _item.Count ? _item.Region(region) : [];
            count = Math.Min(count, data.Length / XlogFormat.BufferChunk);
            int offset = bit * XlogFormat.BufferChunk;
            int length = count * XlogFormat.BufferChunk;
            if (count == 0 || length > buffer.Length - offset)
            {
                throw DiskFormatException.Corrupt("XFS log buffer item", Block * XfsFormat.BasicBlockSize, $"region {region} with {data.Length} bytes for byte {offset} does not fit into the {buffer.Length} bytes of the buffer");
            }

            data[..length].CopyTo(buffer[offset..]);
            changed += length;
            region++;
            bit += count;
        }

        return changed;
    }

    private bool IsSet(int bit) => (_map[bit / 8] & (1 << (bit % 8))) != 0;
}
