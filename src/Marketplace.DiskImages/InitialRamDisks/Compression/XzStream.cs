using System.Buffers.Binary;
using System.IO.Hashing;

namespace Marketplace.DiskImages.InitialRamDisks.Compression;

/// <summary>Unpacks one stream of an .xz file: header, blocks, index, footer.</summary>
internal sealed class XzStream(ForwardReader reader, UnpackedSink sink)
{
    private readonly long _start = reader.Position;
    private readonly Crc32 _checksum = new();
    private Lzma2Decoder? _decoder;
    private bool _isStopped;

    /// <summary>Unpacks the stream at the place of the reader.</summary>
    /// <exception cref="DiskFormatException">It is damaged, or uses what is not read.</exception>
    public void Unpack()
    {
        Span<byte> header = stackalloc byte[XzFormat.StreamHeaderSize];
        reader.ReadExactly(header, XzFormat.Structure);
        ReadOnlySpan<byte> flags = header[6..8];
        if (Crc32.HashToUInt32(flags) != BinaryPrimitives.ReadUInt32LittleEndian(header[8..]))
        {
            throw Corrupt("the checksum of its header is wrong");
        }

        if (flags[0] != 0 || flags[1] > 15)
        {
            throw DiskFormatException.Unsupported(XzFormat.Structure, _start, $"its flags are 0x{Convert.ToHexStringLower(flags)}");
        }

        int check = flags[1];
        while (ReadBlock(check))
        {
        }

        if (!_isStopped)
        {
            ReadFooter();
        }
    }

    /// <summary>Unpacks a block; false at the index, and when the sink stopped.</summary>
    private bool ReadBlock(int check)
    {
        byte size = reader.ReadByte(XzFormat.Structure);
        if (size == 0)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[XzFormat.MaxBlockHeaderSize];
        header = header[..((size + 1) * XzFormat.Alignment)];
        header[0] = size;
        reader.ReadExactly(header[1..], XzFormat.Structure);
        XzBlockHeader block = XzBlockHeader.Parse(header);

        long start = reader.Position;
        _checksum.Reset();
        _decoder = _decoder is { } decoder && decoder.Dictionary == block.Dictionary ? decoder : new Lzma2Decoder(block.Dictionary);
        if (!_decoder.Unpack(reader, bytes => Take(bytes, check)))
        {
            _isStopped = true;
            return false;
        }

        reader.Position += -(reader.Position - start) & (XzFormat.Alignment - 1);
        Span<byte> sum = stackalloc byte[64];
        sum = sum[..XzFormat.CheckSize(check)];
        reader.ReadExactly(sum, XzFormat.Structure);
        return check != XzFormat.CheckCrc32 || BinaryPrimitives.ReadUInt32LittleEndian(sum) == _checksum.GetCurrentHashAsUInt32()
            ? true
            : throw Corrupt("the checksum of a block is wrong");
    }

    private bool Take(ReadOnlySpan<byte> bytes, int check)
    {
        if (check == XzFormat.CheckCrc32)
        {
            _checksum.Append(bytes);
        }

        return sink(bytes);
    }

    /// <summary>Passes over the index, whose first byte was read, and the footer, which tells how long the index was.</summary>
    private void ReadFooter()
    {
        long index = reader.Position - 1;
        ulong records = ReadNumber();
        for (ulong i = 0; i < records; i++)
        {
            // Unpadded Size, Uncompressed Size. The file ends before the count does when that is too high.
            ReadNumber();
            ReadNumber();
        }

        reader.Position += (-(reader.Position - index) & (XzFormat.Alignment - 1)) + sizeof(uint); // Index Padding, CRC32
        long length = reader.Position - index;
        Span<byte> footer = stackalloc byte[XzFormat.StreamFooterSize];
        reader.ReadExactly(footer, XzFormat.Structure);
        if (!footer.EndsWith(XzFormat.FooterMagic) || (BinaryPrimitives.ReadUInt32LittleEndian(footer[4..]) + 1L) * XzFormat.Alignment != length)
        {
            throw Corrupt("it has no footer that fits its index");
        }
    }

    private ulong ReadNumber()
    {
        ulong value = 0;
        for (int shift = 0; shift < 63; shift += 7)
        {
            byte next = reader.ReadByte(XzFormat.Structure);
            value |= (ulong)(next & 0x7F) << shift;
            if ((next & 0x80) == 0)
            {
                return value;
            }
        }

        throw Corrupt("a number of its index is too long");
    }

    private DiskFormatException Corrupt(string detail) => DiskFormatException.Corrupt(XzFormat.Structure, _start, detail);
}
