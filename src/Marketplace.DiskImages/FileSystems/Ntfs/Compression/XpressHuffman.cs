namespace Marketplace.DiskImages.FileSystems.Ntfs.Compression;

/// <summary>LZ77 with Huffman codes ([MS-XCA] 2.1 and 2.2), the XPRESS of WIM and WOF. One instance unpacks one chunk at a time.</summary>
internal sealed class XpressHuffman
{
    private const int SymbolCount = 512;
    private const int LengthsSize = SymbolCount / 2;
    private const int MinMatch = 3;

    private readonly HuffmanCode _code = new(SymbolCount);
    private readonly byte[] _lengths = new byte[SymbolCount];

    /// <summary>Unpacks a chunk to exactly the length of the output.</summary>
    /// <returns>What is wrong with the data; null when nothing is.</returns>
    public string? Decompress(ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (input.Length < LengthsSize)
        {
            return $"the chunk has {input.Length} bytes, its code lengths alone take {LengthsSize}";
        }

        for (int i = 0; i < LengthsSize; i++)
        {
            _lengths[2 * i] = (byte)(input[i] & 0x0F);
            _lengths[(2 * i) + 1] = (byte)(input[i] >> 4);
        }

        if (!_code.Build(_lengths))
        {
            return "the code lengths are too short for a prefix code";
        }

        BitReader reader = new(input[LengthsSize..]);
        int written = 0;
        while (written < output.Length)
        {
            int symbol = _code.Decode(ref reader);
            if (symbol < 0 || reader.IsPastEnd)
            {
                return $"no code or no data at byte {LengthsSize + reader.Position}";
            }

            if (symbol < 256)
            {
                output[written++] = (byte)symbol;
                continue;
            }

            int distanceBits = (symbol >> 4) & 0x0F;
            int distance = (1 << distanceBits) | reader.Read(distanceBits);
            int length = ReadLength(ref reader, symbol & 0x0F);
            if (length < 0 || distance > written || length > output.Length - written)
            {
                return $"a match of {length} bytes {distance} back does not fit at {written} of {output.Length}";
            }

            for (int i = 0; i < length; i++, written++)
            {
                output[written] = output[written - distance];
            }
        }

        return null;
    }

    /// <summary>The length of a match: 4 bits, then a byte, then two or four. -1 at the end of the input.</summary>
    private static int ReadLength(ref BitReader reader, int length)
    {
        if (length < 0x0F)
        {
            return length + MinMatch;
        }

        int more = reader.ReadByte();
        if (more < 0xFF)
        {
            return more < 0 ? -1 : more + 0x0F + MinMatch;
        }

        long value = reader.ReadUInt16();
        value = value == 0 ? reader.ReadUInt32() : value;
        return value is >= 0x0F and <= int.MaxValue - MinMatch ? (int)value + MinMatch : -1;
    }
}
