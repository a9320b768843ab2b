using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Xfs.Log;

/// <summary>A record as it was written, with the first words of its blocks put back.</summary>
/// <param name="Block">Its first block of the log.</param>
/// <param name="Header">The header.</param>
/// <param name="Data">The operations; valid until the next record is read.</param>
internal readonly record struct XlogRecord(long Block, XlogRecordHeader Header, ReadOnlyMemory<byte> Data);

/// <summary>Reads records one after the other and checks them as the kernel does.</summary>
internal sealed class XlogRecords(XlogBlocks log)
{
    private const int CycleDataOffset = 44;
    private const int ExtensionDataOffset = 4;

    private byte[] _buffer = [];

    /// <summary>The checksum a record should have.</summary>
    /// <param name="headers">All blocks of headers.</param>
    /// <param name="data">The data as it is on disk; it tells how many of the headers count.</param>
    /// <param name="covered">Bytes of the first header that are covered.</param>
    public static uint Checksum(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> data, int covered)
    {
        Span<byte> first = stackalloc byte[XlogFormat.ChecksummedHeader];
        headers[..covered].CopyTo(first);
        first.Slice(XlogRecordHeader.ChecksumOffset, sizeof(uint)).Clear();
        uint crc = XfsChecksum.Continue(XfsChecksum.Seed, first[..covered]);
        int used = (data.Length + XlogFormat.HeaderCovers - 1) / XlogFormat.HeaderCovers;
        for (int i = 1; i < used && (i + 1) * XlogFormat.BlockSize <= headers.Length; i++)
        {
            crc = XfsChecksum.Continue(crc, headers.Slice(i * XlogFormat.BlockSize, XlogFormat.ChecksummedExtension));
        }

        return ~XfsChecksum.Continue(crc, data);
    }

    /// <summary>The records from the tail to the head.</summary>
    /// <param name="tail">First block of the first record.</param>
    /// <param name="head">Block after the last record; below the tail when the log goes round.</param>
    /// <exception cref="DiskFormatException">A record is damaged; the offset is that of its first block.</exception>
    public IEnumerable<XlogRecord> Read(long tail, long head)
    {
        long end = tail < head ? head : head + log.Count;
        int headerBlocks = 0;
        int size = 0;
        for (long position = tail; position < end;)
        {
            long block = position % log.Count;
            if (headerBlocks == 0)
            {
                (headerBlocks, size) = ReadSizes(block);
            }

            XlogRecord record = ReadRecord(block, headerBlocks, size);
            position += headerBlocks + record.Header.DataBlocks;
            yield return record;
        }
    }

    // All records between tail and head have as many headers as the first one.
    private (int HeaderBlocks, int Size) ReadSizes(long block)
    {
        XlogRecordHeader header = CheckHeader(log.Block(block), block, int.MaxValue);
        if (!log.IsV2)
        {
            return (1, XlogFormat.MaxRecordV1);
        }

        // mkfs.xfs writes its only record as long as the stripe unit and 32 KiB into h_size all the same.
        bool isMadeByMkfs = header.Length > header.Size && header.OperationCount == 1 && header.Length <= Math.Max(XlogFormat.HeaderCovers, (long)log.Superblock.LogStripeUnit);
        header = isMadeByMkfs ? header with { Size = header.Length } : header;
        if (header.Size <= 0 || header.Size > log.MaxRecord)
        {
            throw Corrupt(block, $"h_size is {(uint)header.Size}, expected 1 to {log.MaxRecord}");
        }

        return (header.HeaderBlocks(log.IsV2), header.Size);
    }

    private XlogRecord ReadRecord(long block, int headerBlocks, int size)
    {
        XlogRecordHeader header = CheckHeader(log.Block(block), block, size);
        int headerLength = headerBlocks * XlogFormat.BlockSize;
        int dataLength = (int)header.DataBlocks * XlogFormat.BlockSize;
        if (headerLength + dataLength > log.Count * XlogFormat.BlockSize)
        {
            throw Corrupt(block, $"h_len is {header.Length}, the log has {log.Count} blocks");
        }

        if (_buffer.Length < headerLength + dataLength)
        {
            _buffer = new byte[headerLength + dataLength];
        }

        Span<byte> raw = _buffer.AsSpan(0, headerLength + dataLength);
        log.Read(block, raw);
        Span<byte> headers = raw[..headerLength];
        Span<byte> data = raw.Slice(headerLength, header.Length);
        CheckChecksum(headers, data, header, block);

        // The first word of every block was replaced by the cycle, and is kept in the headers.
        for (int i = 0; i < header.DataBlocks; i++)
        {
            (int extension, int index) = Math.DivRem(i, XlogFormat.CyclesPerHeader);
            int word = (extension * XlogFormat.BlockSize) + (extension == 0 ? CycleDataOffset : ExtensionDataOffset) + (index * sizeof(uint));
            if (word + sizeof(uint) > headerLength)
            {
                throw Corrupt(block, $"h_len is {header.Length}, {headerBlocks} headers do not keep the words of so many blocks");
            }

            headers.Slice(word, sizeof(uint)).CopyTo(raw[(headerLength + (i * XlogFormat.BlockSize))..]);
        }

        return new XlogRecord(block, header, _buffer.AsMemory(headerLength, header.Length));
    }

    private XlogRecordHeader CheckHeader(ReadOnlySpan<byte> raw, long block, int size)
    {
        if (!XlogRecordHeader.IsHeader(raw))
        {
            throw Corrupt(block, $"h_magicno is 0x{BinaryPrimitives.ReadUInt32BigEndian(raw):X8}, expected 0x{XlogFormat.RecordMagic:X8}");
        }

        XlogRecordHeader header = XlogRecordHeader.Parse(raw);
        if (header.Version is 0 or > 3)
        {
            throw Corrupt(block, $"h_version is {header.Version}");
        }

        if (header.Length <= 0 || header.Length > Math.Min(size, log.MaxRecord))
        {
            throw Corrupt(block, $"h_len is {(uint)header.Length}, expected 1 to {Math.Min(size, log.MaxRecord)}");
        }

        return XlogRecordHeader.HasUuid(raw, log.Superblock.Uuid) ? header : throw Corrupt(block, "h_fs_uuid is that of another file system");
    }

    // h_crc covers the header, the further headers that are in use, and the data as it is on disk.
    private void CheckChecksum(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> data, XlogRecordHeader header, long block)
    {
        // Kernels before version 5 wrote 0.
        if (header.Checksum == 0 && !log.Superblock.HasChecksums)
        {
            return;
        }

        uint expected = Checksum(headers, data, XlogFormat.ChecksummedHeader);
        if (header.Checksum != expected && header.Checksum != Checksum(headers, data, XlogFormat.ChecksummedHeader32))
        {
            throw Corrupt(block, $"h_crc is 0x{header.Checksum:X8}, the bytes give 0x{expected:X8}");
        }
    }

    private DiskFormatException Corrupt(long block, string detail) => DiskFormatException.Corrupt("XFS log record", log.Position(block), detail);
}
