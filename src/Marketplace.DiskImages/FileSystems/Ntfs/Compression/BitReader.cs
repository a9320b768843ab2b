using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ntfs.Compression;

/// <summary>
/// The bit stream of XPRESS and LZX: little-endian words of 16 bits, most significant bit first, with single bytes between them.
/// Past the end of the input it yields zeros, which the caller notices when it has read too much.
/// </summary>
internal ref struct BitReader(ReadOnlySpan<byte> input)
{
    private readonly ReadOnlySpan<byte> _input = input;
    private uint _bits;
    private int _count;

    /// <summary>The next byte or word that was not taken into the bits yet.</summary>
    public int Position { get; private set; }

    /// <summary>Whether more was taken than there is, by more than the words a decoder looks ahead.</summary>
    public readonly bool IsPastEnd => Position > _input.Length + 4;

    /// <summary>The next 16 bits, which stay.</summary>
    public uint Peek16()
    {
        if (_count < 16)
        {
            uint word = _input.Length - Position >= sizeof(ushort) ? BinaryPrimitives.ReadUInt16LittleEndian(_input[Position..]) : 0u;
            Position += sizeof(ushort);
            _bits |= word << (16 - _count);
            _count += 16;
        }

        return _bits >> 16;
    }

    /// <summary>Takes bits that were looked at.</summary>
    /// <param name="count">0 to 16.</param>
    public void Skip(int count)
    {
        _bits <<= count;
        _count -= count;
    }

    /// <summary>Takes the next bits as a number.</summary>
    /// <param name="count">0 to 16.</param>
    public int Read(int count)
    {
        uint bits = Peek16();
        Skip(count);
        return (int)(bits >> (16 - count));
    }

    /// <summary>Takes the rest of the current word; a whole word when there is no rest.</summary>
    public void AlignToWord()
    {
        if (_count == 0)
        {
            Peek16();
        }

        Skip(_count % 16 == 0 ? 16 : _count % 16);

        // A whole word that was looked ahead is given back.
        Position -= _count / 8;
        _bits = 0;
        _count = 0;
    }

    /// <summary>The next whole byte; -1 at the end.</summary>
    public int ReadByte() => Position < _input.Length ? _input[Position++] : -1;

    /// <summary>The next two whole bytes; -1 at the end.</summary>
    public int ReadUInt16()
    {
        if (_input.Length - Position < sizeof(ushort))
        {
            return -1;
        }

        int value = BinaryPrimitives.ReadUInt16LittleEndian(_input[Position..]);
        Position += sizeof(ushort);
        return value;
    }

    /// <summary>The next four whole bytes; -1 at the end.</summary>
    public long ReadUInt32()
    {
        if (_input.Length - Position < sizeof(uint))
        {
            return -1;
        }

        long value = BinaryPrimitives.ReadUInt32LittleEndian(_input[Position..]);
        Position += sizeof(uint);
        return value;
    }

    /// <summary>The next whole bytes; false when there are not so many.</summary>
    public bool TryCopy(Span<byte> destination)
    {
        if (destination.Length > _input.Length - Position)
        {
            return false;
        }

        _input.Slice(Position, destination.Length).CopyTo(destination);
        Position += destination.Length;
        return true;
    }
}
