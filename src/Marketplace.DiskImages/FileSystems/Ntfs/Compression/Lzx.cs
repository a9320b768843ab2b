using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ntfs.Compression;

/// <summary>
/// LZX as WIM and WOF have it ([MS-PATCH] describes the format of cabinets): a window of 32 KiB, every chunk by itself, no
/// header bit for the translation of x86 calls, which is always done, for a file of 12,000,000 bytes.
/// </summary>
internal sealed class Lzx
{
    /// <summary>Bytes a chunk stands for, except the last one; the window is no larger.</summary>
    public const int ChunkSize = 32 * 1024;

    private const int OffsetSlots = 30;
    private const int LengthHeaders = 8;
    private const int MainSymbols = 256 + (OffsetSlots * LengthHeaders);
    private const int LengthSymbols = 249;
    private const int AlignedSymbols = 8;
    private const int PreSymbols = 20;
    private const int MinMatch = 2;
    private const int BlockVerbatim = 1;
    private const int BlockAligned = 2;
    private const int BlockUncompressed = 3;
    private const int TranslationSize = 12_000_000;

    /// <summary>A call in the last bytes of a chunk is not translated.</summary>
    private const int TranslationTail = 10;

    private readonly HuffmanCode _main = new(MainSymbols);
    private readonly HuffmanCode _length = new(LengthSymbols);
    private readonly HuffmanCode _aligned = new(AlignedSymbols);
    private readonly HuffmanCode _pre = new(PreSymbols);
    private readonly byte[] _mainLengths = new byte[MainSymbols];
    private readonly byte[] _lengthLengths = new byte[LengthSymbols];
    private readonly int[] _recent = new int[3];

    /// <summary>Unpacks a chunk to exactly the length of the output.</summary>
    /// <param name="input">The chunk.</param>
    /// <param name="output">At most <see cref="ChunkSize"/> bytes.</param>
    /// <returns>What is wrong with the data; null when nothing is.</returns>
    public string? Decompress(ReadOnlySpan<byte> input, Span<byte> output)
    {
        Array.Clear(_mainLengths);
        Array.Clear(_lengthLengths);
        Array.Fill(_recent, 1);
        BitReader reader = new(input);
        for (int written = 0; written < output.Length;)
        {
            int type = reader.Read(3);
            int size = reader.Read(1) == 1 ? ChunkSize : reader.Read(16);
            if (reader.IsPastEnd || size == 0 || size > output.Length - written)
            {
                return $"a block of {size} bytes at {written} of {output.Length}";
            }

            string? error = type is BlockVerbatim or BlockAligned ? ReadCodes(ref reader, type == BlockAligned) ?? ReadMatches(ref reader, output, written, size, type == BlockAligned)
                : type == BlockUncompressed ? CopyBlock(ref reader, output.Slice(written, size))
                : $"a block of type {type}";
            if (error is not null)
            {
                return error;
            }

            written += size;
        }

        TranslateCalls(output);
        return null;
    }

    private string? ReadCodes(ref BitReader reader, bool isAligned)
    {
        if (isAligned)
        {
            Span<byte> lengths = stackalloc byte[AlignedSymbols];
            for (int i = 0; i < lengths.Length; i++)
            {
                lengths[i] = (byte)reader.Read(3);
            }

            if (!_aligned.Build(lengths))
            {
                return "the lengths of the aligned offset code are too short";
            }
        }

        return ReadLengths(ref reader, _mainLengths.AsSpan(0, 256)) && ReadLengths(ref reader, _mainLengths.AsSpan(256)) && ReadLengths(ref reader, _lengthLengths)
            && _main.Build(_mainLengths) && _length.Build(_lengthLengths)
                ? null
                : "the code lengths are damaged";
    }

    /// <summary>Code lengths as differences to those of the block before, themselves in a code.</summary>
    private bool ReadLengths(ref BitReader reader, Span<byte> lengths)
    {
        Span<byte> pre = stackalloc byte[PreSymbols];
        for (int i = 0; i < pre.Length; i++)
        {
            pre[i] = (byte)reader.Read(4);
        }

        if (!_pre.Build(pre))
        {
            return false;
        }

        for (int i = 0; i < lengths.Length;)
        {
            int symbol = _pre.Decode(ref reader);
            if (symbol < 0 || reader.IsPastEnd)
            {
                return false;
            }

            (int run, int value) = (1, 0);
            if (symbol < 17)
            {
                value = (lengths[i] - symbol + 17) % 17;
            }
            else if (symbol == 17)
            {
                run = 4 + reader.Read(4);
            }
            else if (symbol == 18)
            {
                run = 20 + reader.Read(5);
            }
            else
            {
                run = 4 + reader.Read(1);
                symbol = _pre.Decode(ref reader);
                if (symbol is < 0 or > 16)
                {
                    return false;
                }

                value = (lengths[i] - symbol + 17) % 17;
            }

            // The last run of a list may be longer than what is left of it.
            run = Math.Min(run, lengths.Length - i);
            lengths.Slice(i, run).Fill((byte)value);
            i += run;
        }

        return true;
    }

    private string? ReadMatches(ref BitReader reader, Span<byte> output, int written, int size, bool isAligned)
    {
        int end = written + size;
        while (written < end)
        {
            int symbol = _main.Decode(ref reader);
            if (symbol < 0 || reader.IsPastEnd)
            {
                return $"no code or no data at byte {reader.Position}";
            }

            if (symbol < 256)
            {
                output[written++] = (byte)symbol;
                continue;
            }

            int length = (symbol - 256) % LengthHeaders;
            if (length == LengthHeaders - 1)
            {
                int more = _length.Decode(ref reader);
                if (more < 0)
                {
                    return $"no code at byte {reader.Position}";
                }

                length += more;
            }

            length += MinMatch;
            int distance = ReadDistance(ref reader, (symbol - 256) / LengthHeaders, isAligned);
            if (distance <= 0 || distance > written || length > end - written)
            {
                return $"a match of {length} bytes {distance} back does not fit at {written} of {end}";
            }

            for (int i = 0; i < length; i++, written++)
            {
                output[written] = output[written - distance];
            }
        }

        return null;
    }

    /// <summary>The distance of a match, one of the last three or a new one. -1 when there is no such code.</summary>
    private int ReadDistance(ref BitReader reader, int slot, bool isAligned)
    {
        if (slot < _recent.Length)
        {
            (_recent[0], _recent[slot]) = (_recent[slot], _recent[0]);
            return _recent[0];
        }

        int extra = slot < 4 ? 0 : (slot / 2) - 1;
        int start = slot < 4 ? slot : (2 + (slot & 1)) << extra;
        int value;
        if (isAligned && extra >= 3)
        {
            value = reader.Read(extra - 3) << 3;
            int low = _aligned.Decode(ref reader);
            if (low < 0)
            {
                return -1;
            }

            value += low;
        }
        else
        {
            value = reader.Read(extra);
        }

        int distance = start + value - 2;
        (_recent[0], _recent[1], _recent[2]) = (distance, _recent[0], _recent[1]);
        return distance;
    }

    /// <summary>A block that is stored as it is, after the three distances in whole words.</summary>
    private string? CopyBlock(ref BitReader reader, Span<byte> output)
    {
        reader.AlignToWord();
        for (int i = 0; i < _recent.Length; i++)
        {
            long distance = reader.ReadUInt32();
            if (distance is <= 0 or > ChunkSize)
            {
                return $"a stored block begins with the distance {distance}";
            }

            _recent[i] = (int)distance;
        }

        if (!reader.TryCopy(output))
        {
            return "a stored block ends after its chunk";
        }

        if (output.Length % 2 != 0)
        {
            // Missing at the very end of a chunk, where nothing follows.
            _ = reader.ReadByte();
        }

        return null;
    }

    /// <summary>The targets of x86 calls were made absolute before packing; this makes them relative again.</summary>
    private static void TranslateCalls(Span<byte> output)
    {
        for (int i = 0; i < output.Length - TranslationTail; i++)
        {
            if (output[i] != 0xE8)
            {
                continue;
            }

            Span<byte> place = output.Slice(i + 1, sizeof(int));
            int target = BinaryPrimitives.ReadInt32LittleEndian(place);
            if (target >= -i && target < TranslationSize)
            {
                BinaryPrimitives.WriteInt32LittleEndian(place, target >= 0 ? target - i : target + TranslationSize);
            }

            i += sizeof(int);
        }
    }
}
