using System.Buffers.Binary;

namespace Marketplace.DiskImages.InitialRamDisks.Compression;

/// <summary>
/// Decodes LZMA2 (lib/xz/xz_dec_lzma2.c of the Linux kernel): chunks of LZMA or of plain data, each after a control byte that says what
/// is kept from the chunk before.
/// </summary>
internal sealed class Lzma2Decoder
{
    private const string Structure = "LZMA2 chunk";
    private const int End = 0x00;
    private const int PlainResetDictionary = 0x01;
    private const int Plain = 0x02;
    private const int Lzma = 0x80;
    private const int ResetDictionary = 0xE0;
    private const int NewProperties = 0xC0;
    private const int ResetState = 0xA0;

    private readonly LzmaWindow _window;
    private readonly LzmaDecoder _lzma;
    private readonly byte[] _packed = new byte[XzFormat.MaxChunkPacked + LzmaDecoder.InputSlack];
    private bool _needsDictionaryReset;
    private bool _needsProperties;

    /// <summary>Prepares a decoder.</summary>
    /// <param name="dictionary">Bytes of the dictionary, at most <see cref="InitramfsFormat.MaxWindow"/>.</param>
    public Lzma2Decoder(int dictionary)
    {
        Dictionary = dictionary;
        _window = new LzmaWindow(dictionary);
        _lzma = new LzmaDecoder(_window);
    }

    /// <summary>Bytes of the dictionary.</summary>
    public int Dictionary { get; }

    /// <summary>Unpacks chunks up to the end mark; false when the sink stopped.</summary>
    /// <exception cref="DiskFormatException">The data is damaged.</exception>
    public bool Unpack(ForwardReader reader, UnpackedSink sink)
    {
        _needsDictionaryReset = _needsProperties = true;
        int control;
        while ((control = reader.ReadByte(Structure)) != End)
        {
            long start = reader.Position - 1;
            int unpacked = control >= Lzma ? ReadLzma(reader, control, start) : ReadPlain(reader, control, start);
            if (!sink(_window.Last(unpacked)))
            {
                return false;
            }
        }

        return true;
    }

    private int ReadPlain(ForwardReader reader, int control, long start)
    {
        if (control > Plain)
        {
            throw Corrupt(start, $"its control byte is 0x{control:x2}");
        }

        Begin(control == PlainResetDictionary, start);
        int unpacked = ReadSize(reader) + 1;
        reader.ReadExactly(_window.Append(unpacked), Structure);
        return unpacked;
    }

    private int ReadLzma(ForwardReader reader, int control, long start)
    {
        int unpacked = ((control & 0x1F) << 16) + ReadSize(reader) + 1;
        int packed = ReadSize(reader) + 1;
        Begin(control >= ResetDictionary, start);
        if (control >= NewProperties)
        {
            _needsProperties = false;
            if (!_lzma.TrySetProperties(reader.ReadByte(Structure)))
            {
                throw Corrupt(start, "its properties are out of range");
            }
        }
        else if (_needsProperties)
        {
            throw Corrupt(start, "there are no properties since the dictionary was reset");
        }
        else if (control >= ResetState)
        {
            _lzma.ResetState();
        }

        reader.ReadExactly(_packed.AsSpan(0, packed), Structure);
        _packed.AsSpan(packed, LzmaDecoder.InputSlack).Clear();
        _window.Reserve(unpacked);
        return _lzma.TryDecode(_packed, packed, unpacked) ? unpacked : throw Corrupt(start, "its data is damaged");
    }

    private void Begin(bool resetsDictionary, long start)
    {
        if (resetsDictionary)
        {
            _needsDictionaryReset = false;
            _needsProperties = true;
            _window.Reset();
        }
        else if (_needsDictionaryReset)
        {
            throw Corrupt(start, "the first chunk keeps a dictionary");
        }
    }

    private static int ReadSize(ForwardReader reader)
    {
        Span<byte> size = stackalloc byte[sizeof(ushort)];
        reader.ReadExactly(size, Structure);
        return BinaryPrimitives.ReadUInt16BigEndian(size);
    }

    private static DiskFormatException Corrupt(long start, string detail) => DiskFormatException.Corrupt(Structure, start, detail);
}
