namespace Marketplace.DiskImages.InitialRamDisks.Compression;

/// <summary>
/// Decodes LZMA data as it is in LZMA2 (LZMA specification of the LZMA SDK; lib/xz/xz_lzma2.h of the Linux kernel). The range coder
/// starts anew with every chunk; the state and the probabilities go on.
/// </summary>
internal sealed class LzmaDecoder
{
    /// <summary>Zeros after the packed data: no symbol takes more bytes (LZMA_IN_REQUIRED is 21).</summary>
    public const int InputSlack = 32;

    private const int RangeInitSize = 5;
    private const int ProbabilityBits = 11;
    private const int MoveBits = 5;
    private const ushort HalfProbability = 1 << (ProbabilityBits - 1);
    private const uint TopValue = 1 << 24;

    private const int States = 12;
    private const int LiteralStates = 7;
    private const int PositionStates = 16;
    private const int LengthStates = 4;
    private const int DistanceSlotBits = 6;
    private const int FirstModelSlot = 4;
    private const int LastModelSlot = 14;
    private const int ModelDistances = 1 << (LastModelSlot / 2);
    private const int AlignBits = 4;
    private const int LiteralCoder = 0x300;
    private const int MaxLiteralBits = 4; // lc + lp in LZMA2
    private const int MinMatch = 2;

    // One array for every probability: where each kind starts.
    private const int IsMatch = 0;
    private const int IsRep = IsMatch + (States * PositionStates);
    private const int IsRep0 = IsRep + States;
    private const int IsRep1 = IsRep0 + States;
    private const int IsRep2 = IsRep1 + States;
    private const int IsRep0Long = IsRep2 + States;
    private const int DistanceSlots = IsRep0Long + (States * PositionStates);
    private const int DistanceSpecial = DistanceSlots + (LengthStates << DistanceSlotBits);
    private const int DistanceAlign = DistanceSpecial + ModelDistances;
    private const int MatchLength = DistanceAlign + (1 << AlignBits);
    private const int LengthLow = 2; // after the two choices
    private const int LengthMid = LengthLow + (PositionStates << 3);
    private const int LengthHigh = LengthMid + (PositionStates << 3);
    private const int LengthCoder = LengthHigh + (1 << 8);
    private const int RepLength = MatchLength + LengthCoder;
    private const int Literals = RepLength + LengthCoder;
    private const int Total = Literals + (LiteralCoder << MaxLiteralBits);

    private readonly ushort[] _probabilities = new ushort[Total];
    private readonly LzmaWindow _window;
    private byte[] _input = [];
    private int _in;
    private uint _range;
    private uint _code;
    private int _state;
    private uint _rep0;
    private uint _rep1;
    private uint _rep2;
    private uint _rep3;
    private int _literalContextBits;
    private int _literalPositionMask;
    private int _positionMask;

    /// <summary>Prepares a decoder.</summary>
    public LzmaDecoder(LzmaWindow window)
    {
        _window = window;
        ResetState();
    }

    /// <summary>Takes lc, lp and pb and starts anew; false when they are out of range.</summary>
    public bool TrySetProperties(byte properties)
    {
        int literalContext = properties % 9;
        int literalPosition = properties / 9 % 5;
        int position = properties / 45;
        if (position > 4 || literalContext + literalPosition > MaxLiteralBits)
        {
            return false;
        }

        _literalContextBits = literalContext;
        _literalPositionMask = (1 << literalPosition) - 1;
        _positionMask = (1 << position) - 1;
        ResetState();
        return true;
    }

    /// <summary>Starts anew with the same properties.</summary>
    public void ResetState()
    {
        _state = 0;
        _rep0 = _rep1 = _rep2 = _rep3 = 0;
        _probabilities.AsSpan().Fill(HalfProbability);
    }

    /// <summary>Decodes a chunk into the window.</summary>
    /// <param name="input">The packed data, with <see cref="InputSlack"/> bytes after it.</param>
    /// <param name="packed">Bytes of the packed data, all of which must be used.</param>
    /// <param name="unpacked">Bytes to be unpacked, for which the window has room.</param>
    /// <returns>False when the data is damaged.</returns>
    public bool TryDecode(byte[] input, int packed, int unpacked)
    {
        if (packed < RangeInitSize)
        {
            return false;
        }

        _input = input;
        _range = uint.MaxValue;
        _code = (uint)((input[1] << 24) | (input[2] << 16) | (input[3] << 8) | input[4]);
        _in = RangeInitSize;
        int end = _window.Position + unpacked;
        while (_window.Position < end)
        {
            if (!DecodeSymbol(end) || _in > packed)
            {
                return false;
            }
        }

        Normalize();
        return _in == packed && _code == 0;
    }

    private bool DecodeSymbol(int end)
    {
        int positionState = _window.Position & _positionMask;
        if (DecodeBit(IsMatch + (_state * PositionStates) + positionState) == 0)
        {
            DecodeLiteral();
            return true;
        }

        int length;
        if (DecodeBit(IsRep + _state) == 0)
        {
            _rep3 = _rep2;
            _rep2 = _rep1;
            _rep1 = _rep0;
            _state = _state < LiteralStates ? 7 : 10;
            length = DecodeLength(MatchLength, positionState);
            _rep0 = DecodeDistance(length);
        }
        else
        {
            length = DecodeRepeated(positionState);
        }

        // A distance of 0 is the byte before.
        if (_rep0 >= (uint)_window.Available || length > end - _window.Position)
        {
            return false;
        }

        Copy((int)_rep0 + 1, length);
        return true;
    }

    private void DecodeLiteral()
    {
        byte[] bytes = _window.Bytes;
        int at = _window.Position;
        int before = at > 0 ? bytes[at - 1] : 0;
        int context = ((at & _literalPositionMask) << _literalContextBits) + (before >> (8 - _literalContextBits));
        int coder = Literals + (LiteralCoder * context);
        int symbol = 1;
        if (_state >= LiteralStates)
        {
            // After a match the byte at its distance is known to differ; it chooses the probabilities until it does.
            int matched = bytes[at - (int)_rep0 - 1] << 1;
            int offset = 0x100;
            while (symbol < 0x100)
            {
                int matchBit = matched & offset;
                matched <<= 1;
                int bit = DecodeBit(coder + offset + matchBit + symbol);
                symbol = (symbol << 1) + bit;
                offset &= bit == 0 ? ~matchBit : matchBit;
            }
        }
        else
        {
            while (symbol < 0x100)
            {
                symbol = (symbol << 1) + DecodeBit(coder + symbol);
            }
        }

        bytes[at] = (byte)symbol;
        _window.Position = at + 1;
        _state = _state < 4 ? 0 : _state < 10 ? _state - 3 : _state - 6;
    }

    private int DecodeRepeated(int positionState)
    {
        if (DecodeBit(IsRep0 + _state) == 0)
        {
            if (DecodeBit(IsRep0Long + (_state * PositionStates) + positionState) == 0)
            {
                _state = _state < LiteralStates ? 9 : 11;
                return 1;
            }
        }
        else
        {
            uint distance;
            if (DecodeBit(IsRep1 + _state) == 0)
            {
                distance = _rep1;
            }
            else
            {
                if (DecodeBit(IsRep2 + _state) == 0)
                {
                    distance = _rep2;
                }
                else
                {
                    distance = _rep3;
                    _rep3 = _rep2;
                }

                _rep2 = _rep1;
            }

            _rep1 = _rep0;
            _rep0 = distance;
        }

        _state = _state < LiteralStates ? 8 : 11;
        return DecodeLength(RepLength, positionState);
    }

    private int DecodeLength(int coder, int positionState)
    {
        if (DecodeBit(coder) == 0)
        {
            return MinMatch + DecodeTree(coder + LengthLow + (positionState << 3), 3);
        }

        return DecodeBit(coder + 1) == 0
            ? MinMatch + 8 + DecodeTree(coder + LengthMid + (positionState << 3), 3)
            : MinMatch + 16 + DecodeTree(coder + LengthHigh, 8);
    }

    private uint DecodeDistance(int length)
    {
        int lengthState = Math.Min(length - MinMatch, LengthStates - 1);
        int slot = DecodeTree(DistanceSlots + (lengthState << DistanceSlotBits), DistanceSlotBits);
        if (slot < FirstModelSlot)
        {
            return (uint)slot;
        }

        int bits = (slot >> 1) - 1;
        uint distance = (2u + (uint)(slot & 1)) << bits;
        if (slot < LastModelSlot)
        {
            return distance + DecodeReverse(DistanceSpecial + (int)distance - slot - 1, bits);
        }

        for (int i = bits - 1; i >= AlignBits; i--)
        {
            // Direct bits: both values are equally likely.
            Normalize();
            _range >>= 1;
            uint mask = unchecked(((_code - _range) >> 31) - 1);
            _code -= _range & mask;
            distance |= (mask & 1) << i;
        }

        return distance | DecodeReverse(DistanceAlign, AlignBits);
    }

    private int DecodeTree(int coder, int bits)
    {
        int symbol = 1;
        for (int i = 0; i < bits; i++)
        {
            symbol = (symbol << 1) + DecodeBit(coder + symbol);
        }

        return symbol - (1 << bits);
    }

    private uint DecodeReverse(int coder, int bits)
    {
        uint value = 0;
        int symbol = 1;
        for (int i = 0; i < bits; i++)
        {
            int bit = DecodeBit(coder + symbol);
            symbol = (symbol << 1) + bit;
            value |= (uint)bit << i;
        }

        return value;
    }

    private int DecodeBit(int index)
    {
        Normalize();
        ref ushort probability = ref _probabilities[index];
        uint bound = (_range >> ProbabilityBits) * probability;
        if (_code < bound)
        {
            _range = bound;
            probability += (ushort)(((1 << ProbabilityBits) - probability) >> MoveBits);
            return 0;
        }

        _range -= bound;
        _code -= bound;
        probability -= (ushort)(probability >> MoveBits);
        return 1;
    }

    private void Normalize()
    {
        if (_range < TopValue)
        {
            _range <<= 8;
            _code = (_code << 8) | _input[_in++];
        }
    }

    private void Copy(int distance, int length)
    {
        byte[] bytes = _window.Bytes;
        int at = _window.Position;
        _window.Position += length;
        if (distance >= length)
        {
            bytes.AsSpan(at - distance, length).CopyTo(bytes.AsSpan(at));
            return;
        }

        for (int end = at + length; at < end; at++)
        {
            bytes[at] = bytes[at - distance];
        }
    }
}
