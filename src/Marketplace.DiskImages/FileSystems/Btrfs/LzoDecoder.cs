using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>Decodes one block of LZO1X (Linux kernel, Documentation/staging/lzo.rst). Every byte that is read or written is inside the two spans.</summary>
internal ref struct LzoDecoder
{
    /// <summary>After an instruction: how many literals followed it, or <see cref="AfterLiterals"/> after a run of them.</summary>
    private const int AfterLiterals = 4;

    private const int ShortLiterals = 15;
    private const int NearDistance = 0x801;
    private const int FarDistance = 0x4000;

    private readonly ReadOnlySpan<byte> _input;
    private readonly Span<byte> _output;
    private int _in;
    private int _out;
    private int _state;

    private LzoDecoder(ReadOnlySpan<byte> input, Span<byte> output)
    {
        _input = input;
        _output = output;
    }

    /// <summary>Decodes a block.</summary>
    /// <param name="input">The block, which ends with the end marker.</param>
    /// <param name="output">Receives the data.</param>
    /// <returns>Number of bytes written.</returns>
    /// <exception cref="InvalidDataException">The block is damaged, or longer than the output.</exception>
    public static int Decode(ReadOnlySpan<byte> input, Span<byte> output)
    {
        LzoDecoder decoder = new(input, output);
        decoder.Run();
        return decoder._out;
    }

    private void Run()
    {
        if (_input.Length > 0 && _input[0] > 17)
        {
            int count = Next() - 17;
            CopyLiterals(count);
            _state = Math.Min(count, AfterLiterals);
        }

        while (Step())
        {
        }

        if (_in != _input.Length)
        {
            throw Damaged("bytes follow the end marker");
        }
    }

    /// <summary>Carries out one instruction; false after the end marker.</summary>
    private bool Step()
    {
        int code = Next();
        switch (code)
        {
            case < 16 when _state == 0:
                CopyLiterals(3 + (code != 0 ? code : LongCount(ShortLiterals)));
                _state = AfterLiterals;
                return true;
            case < 16 when _state == AfterLiterals:
                CopyMatch(NearDistance + (code >> 2) + (Next() << 2), 3, code & 3);
                return true;
            case < 16:
                CopyMatch(1 + (code >> 2) + (Next() << 2), 2, code & 3);
                return true;
            case >= 64:
                CopyMatch(1 + ((code >> 2) & 7) + (Next() << 3), (code >> 5) + 1, code & 3);
                return true;
            case >= 32:
                return CopyFarMatch(1, 2 + ((code & 31) != 0 ? code & 31 : LongCount(31)));
            default:
                // A distance of exactly 16 KiB cannot be written this way: it marks the end.
                return CopyFarMatch((code & 8) << 11, 2 + ((code & 7) != 0 ? code & 7 : LongCount(7)), canEnd: true);
        }
    }

    private bool CopyFarMatch(int distance, int length, bool canEnd = false)
    {
        if (_input.Length - _in < sizeof(ushort))
        {
            throw Damaged("it ends within an instruction");
        }

        int word = BinaryPrimitives.ReadUInt16LittleEndian(_input[_in..]);
        _in += sizeof(ushort);
        distance += word >> 2;
        if (canEnd && distance == 0)
        {
            return length == 3 ? false : throw Damaged("the end marker has another length");
        }

        CopyMatch(distance + (canEnd ? FarDistance : 0), length, word & 3);
        return true;
    }

    /// <summary>A count that does not fit its instruction: 255 for each zero byte, then the rest.</summary>
    private int LongCount(int count)
    {
        int next;
        while ((next = Next()) == 0)
        {
            count += 255;
        }

        return count + next;
    }

    private void CopyMatch(int distance, int length, int literals)
    {
        if (distance > _out || length > _output.Length - _out)
        {
            throw Damaged($"{length} bytes from {distance} bytes before byte {_out} of {_output.Length}");
        }

        // The ranges may overlap, which repeats the bytes between them.
        for (int end = _out + length; _out < end; _out++)
        {
            _output[_out] = _output[_out - distance];
        }

        CopyLiterals(literals);
        _state = literals;
    }

    private void CopyLiterals(int count)
    {
        if (count > _input.Length - _in || count > _output.Length - _out)
        {
            throw Damaged($"{count} literals at byte {_out} of {_output.Length}, {_input.Length - _in} are left");
        }

        _input.Slice(_in, count).CopyTo(_output[_out..]);
        _in += count;
        _out += count;
    }

    private int Next() => _in < _input.Length ? _input[_in++] : throw Damaged("it ends without an end marker");

    private static InvalidDataException Damaged(string detail) => new($"the LZO block is damaged: {detail}");
}
