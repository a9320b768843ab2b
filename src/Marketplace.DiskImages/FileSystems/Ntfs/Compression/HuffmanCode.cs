namespace Marketplace.DiskImages.FileSystems.Ntfs.Compression;

/// <summary>A canonical prefix code, built again for every block: short codes by table, long ones by their length.</summary>
internal sealed class HuffmanCode
{
    /// <summary>Longest code of XPRESS and LZX.</summary>
    public const int MaxLength = 16;

    private const int TableBits = 10;
    private const ushort NoEntry = 0xFFFF;

    private readonly ushort[] _table = new ushort[1 << TableBits];
    private readonly ushort[] _symbols;
    private readonly int[] _firstIndex = new int[MaxLength + 2];
    private readonly uint[] _firstCode = new uint[MaxLength + 2];
    private readonly int[] _count = new int[MaxLength + 1];

    /// <param name="maxSymbols">The most symbols a code is built for.</param>
    public HuffmanCode(int maxSymbols) => _symbols = new ushort[maxSymbols];

    /// <summary>Builds the code. A code that leaves bit patterns unused is accepted; decoding such a pattern fails.</summary>
    /// <param name="lengths">Length of the code of each symbol, 0 to 16; 0 for symbols that do not occur.</param>
    /// <returns>False when the lengths ask for more codes than there are.</returns>
    public bool Build(ReadOnlySpan<byte> lengths)
    {
        Array.Clear(_count);
        foreach (byte length in lengths)
        {
            _count[length]++;
        }

        _count[0] = 0;
        uint code = 0;
        int index = 0;
        for (int length = 1; length <= MaxLength; length++)
        {
            _firstCode[length] = code;
            _firstIndex[length] = index;
            code += (uint)_count[length];
            index += _count[length];
            if (code > 1u << length)
            {
                return false;
            }

            code <<= 1;
        }

        Span<int> next = stackalloc int[MaxLength + 1];
        _firstIndex.AsSpan(0, MaxLength + 1).CopyTo(next);
        for (int symbol = 0; symbol < lengths.Length; symbol++)
        {
            if (lengths[symbol] != 0)
            {
                _symbols[next[lengths[symbol]]++] = (ushort)symbol;
            }
        }

        FillTable();
        return true;
    }

    /// <summary>Decodes the next symbol.</summary>
    /// <returns>The symbol, or -1 when no code begins like the input.</returns>
    public int Decode(ref BitReader reader)
    {
        uint bits = reader.Peek16();
        ushort entry = _table[bits >> (16 - TableBits)];
        if (entry != NoEntry)
        {
            reader.Skip(entry >> 12);
            return entry & 0x0FFF;
        }

        for (int length = TableBits + 1; length <= MaxLength; length++)
        {
            uint index = (bits >> (16 - length)) - _firstCode[length];
            if (index < (uint)_count[length])
            {
                reader.Skip(length);
                return _symbols[_firstIndex[length] + (int)index];
            }
        }

        return -1;
    }

    /// <summary>An entry is the symbol in 12 bits and the length in 4: symbols are below 512 and lengths in the table at most 10.</summary>
    private void FillTable()
    {
        Array.Fill(_table, NoEntry);
        for (int length = 1; length <= TableBits; length++)
        {
            for (int i = 0; i < _count[length]; i++)
            {
                int start = (int)(_firstCode[length] + (uint)i) << (TableBits - length);
                ushort entry = (ushort)((length << 12) | _symbols[_firstIndex[length] + i]);
                _table.AsSpan(start, 1 << (TableBits - length)).Fill(entry);
            }
        }
    }
}
