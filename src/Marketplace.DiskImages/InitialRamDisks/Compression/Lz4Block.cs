using System.Buffers.Binary;

namespace Marketplace.DiskImages.InitialRamDisks.Compression;

/// <summary>Decodes one block of LZ4 (LZ4 Block Format Description).</summary>
internal static class Lz4Block
{
    private const string Structure = "LZ4 block";
    private const int LongLength = 15;
    private const int MinMatch = 4;

    /// <summary>Decodes a block.</summary>
    /// <param name="input">The block.</param>
    /// <param name="output">Receives the data.</param>
    /// <param name="place">Where the block is, for errors.</param>
    /// <returns>Number of bytes written.</returns>
    /// <exception cref="DiskFormatException">The block is damaged, or longer than the output.</exception>
    public static int Decode(ReadOnlySpan<byte> input, Span<byte> output, long place)
    {
        int read = 0;
        int written = 0;
        while (true)
        {
            if (read >= input.Length)
            {
                throw Damaged(place, "it ends without its last literals");
            }

            int token = input[read++];
            int literals = token >> 4;
            literals = literals == LongLength ? literals + LongCount(input, ref read, place) : literals;
            if (literals > input.Length - read || literals > output.Length - written)
            {
                throw Damaged(place, $"{literals} literals at byte {written}");
            }

            input.Slice(read, literals).CopyTo(output[written..]);
            read += literals;
            written += literals;
            if (read == input.Length)
            {
                return written;
            }

            if (input.Length - read < sizeof(ushort))
            {
                throw Damaged(place, "it ends within an offset");
            }

            int distance = BinaryPrimitives.ReadUInt16LittleEndian(input[read..]);
            read += sizeof(ushort);
            int length = token & 15;
            length = MinMatch + (length == LongLength ? length + LongCount(input, ref read, place) : length);
            if (distance == 0 || distance > written || length > output.Length - written)
            {
                throw Damaged(place, $"{length} bytes from {distance} bytes before byte {written}");
            }

            if (distance >= length)
            {
                output.Slice(written - distance, length).CopyTo(output[written..]);
                written += length;
                continue;
            }

            // The ranges overlap, which repeats the bytes between them.
            for (int end = written + length; written < end; written++)
            {
                output[written] = output[written - distance];
            }
        }
    }

    private static int LongCount(ReadOnlySpan<byte> input, ref int read, long place)
    {
        // More than any output holds is refused by the caller; counting ends there, so that it does not overflow.
        int count = 0;
        while (read < input.Length && count < int.MaxValue / 2)
        {
            int next = input[read++];
            count += next;
            if (next != 255)
            {
                return count;
            }
        }

        throw Damaged(place, "it ends within a length");
    }

    private static DiskFormatException Damaged(long place, string detail) => DiskFormatException.Corrupt(Structure, place, detail);
}
