using System.Buffers.Binary;

namespace Marketplace.DiskImages.InitialRamDisks.Compression;

/// <summary>
/// Unpacks data of <c>lz4 -l</c>, the only LZ4 format of the kernel (LZ4 Frame Format Description, Legacy frame): after the magic, blocks
/// of at most 8 MiB, each after its le32 length; the magic may come again.
/// </summary>
internal static class Lz4Legacy
{
    private const string Structure = "LZ4 legacy block";
    private const uint Magic = 0x184C2102;
    private const int MaxBlock = 8 << 20;

    /// <summary>LZ4_compressBound of a whole block.</summary>
    private const int MaxCompressed = MaxBlock + (MaxBlock / 255) + 16;

    /// <summary>Unpacks what starts at the place of the reader.</summary>
    /// <exception cref="DiskFormatException">It is damaged.</exception>
    public static void Unpack(ForwardReader reader, UnpackedSink sink)
    {
        byte[] input = [];
        byte[]? output = null;
        Span<byte> word = stackalloc byte[sizeof(uint)];
        while (reader.PeekInto(word) == word.Length)
        {
            long start = reader.Position;
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(word);
            reader.Position += length == 0 ? 0 : word.Length;
            if (length == 0)
            {
                // Zeros that fill up the file.
                return;
            }

            if (length == Magic)
            {
                continue;
            }

            if (length > MaxCompressed)
            {
                // What follows is no block: the kernel ends here too and looks for another archive.
                reader.Position = start;
                return;
            }

            input = input.Length < length ? new byte[BlockMemory(reader, length, start)] : input;
            reader.ReadExactly(input.AsSpan(0, (int)length), Structure);
            output ??= new byte[MaxBlock];
            int count = Lz4Block.Decode(input.AsSpan(0, (int)length), output, start);
            if (!sink(output.AsSpan(0, count)))
            {
                return;
            }
        }
    }

    private static int BlockMemory(ForwardReader reader, uint length, long start) =>
        length <= reader.Remaining ? (int)length : throw DiskFormatException.Truncated(Structure, start, $"it has {length} bytes, {reader.Remaining} are left");
}
