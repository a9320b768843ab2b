using System.Buffers.Binary;
using System.IO.Compression;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>Decompresses extents. What an extent holds less than its length is zeros, as in the last sector of a file.</summary>
internal sealed class BtrfsDecompressor(int sectorSize)
{
    private const int ZlibPresetDictionary = 0x20;
    private const int LzoLengthSize = 4;

    /// <summary>Decompresses an extent.</summary>
    /// <param name="compression">How it is compressed.</param>
    /// <param name="input">The bytes of the disk; what follows the compressed data is padding.</param>
    /// <param name="output">Receives the data, and zeros after it.</param>
    /// <exception cref="InvalidDataException">The data is damaged.</exception>
    public void Decompress(BtrfsCompression compression, byte[] input, Span<byte> output)
    {
        int count = compression switch
        {
            BtrfsCompression.Zlib => Inflate(input, output),
            BtrfsCompression.Lzo => DecodeLzo(input, output),
            BtrfsCompression.Zstd => DecodeZstd(input, output),
            _ => throw new ArgumentOutOfRangeException(nameof(compression)),
        };
        output[count..].Clear();
    }

    private static int Inflate(byte[] input, Span<byte> output)
    {
        if (input.Length < 2 || (input[1] & ZlibPresetDictionary) != 0)
        {
            throw new InvalidDataException("the zlib stream has no header or asks for a dictionary");
        }

        using ZLibStream stream = new(new WholeInput(input), CompressionMode.Decompress);
        return stream.ReadAtLeast(output, output.Length, throwOnEndOfStream: false);
    }

    // le32 length of all, then blocks of at most one sector of data: le32 length, bytes. A length never crosses the end of a sector.
    private int DecodeLzo(ReadOnlySpan<byte> input, Span<byte> output)
    {
        uint total = input.Length < LzoLengthSize ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(input);
        if (total < LzoLengthSize || total > input.Length)
        {
            throw new InvalidDataException($"the LZO data has {total} bytes of {input.Length}");
        }

        input = input[..(int)total];
        int position = LzoLengthSize;
        int count = 0;
        while (position < input.Length && count < output.Length)
        {
            uint length = input.Length - position < LzoLengthSize ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(input[position..]);
            position += LzoLengthSize;
            if (length > input.Length - position)
            {
                throw new InvalidDataException($"an LZO block goes past the {total} bytes of the data");
            }

            count += LzoDecoder.Decode(input.Slice(position, (int)length), output.Slice(count, Math.Min(sectorSize, output.Length - count)));
            position += (int)length;
            int leftInSector = sectorSize - (position % sectorSize);
            position += leftInSector < LzoLengthSize ? leftInSector : 0;
        }

        return count;
    }

    // One frame; what follows it would be taken for another one, so its end is found first.
    private static unsafe int DecodeZstd(ReadOnlySpan<byte> input, Span<byte> output)
    {
        try
        {
            nuint size;
            fixed (byte* start = input)
            {
                size = Methods.ZSTD_findFrameCompressedSize(start, (nuint)input.Length);
            }

            if (size > (nuint)input.Length)
            {
                // The codes of errors are the highest numbers.
                throw new InvalidDataException("there is no whole Zstandard frame");
            }

            using Decompressor decompressor = new();
            return decompressor.Unwrap(input[..(int)size], output);
        }
        catch (ZstdException e)
        {
            throw new InvalidDataException($"the Zstandard frame is damaged: {e.Message}", e);
        }
    }

    /// <summary>Input whose end is an error: the inflater asks for more only when the stream is not complete.</summary>
    private sealed class WholeInput(byte[] data) : MemoryStream(data, writable: false)
    {
        public override int Read(byte[] buffer, int offset, int count) => Whole(base.Read(buffer, offset, count));

        public override int Read(Span<byte> buffer) => Whole(base.Read(buffer));

        private static int Whole(int read) => read > 0 ? read : throw new InvalidDataException("the zlib stream ends too early");
    }
}
