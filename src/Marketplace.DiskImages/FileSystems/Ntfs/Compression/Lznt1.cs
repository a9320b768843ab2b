using System.Buffers.Binary;
using System.Numerics;

namespace Marketplace.DiskImages.FileSystems.Ntfs.Compression;

/// <summary>LZNT1 ([MS-XCA] 2.5): chunks of up to 4096 bytes, each by itself literal or packed.</summary>
internal static class Lznt1
{
    /// <summary>Bytes a chunk stands for, except the last one.</summary>
    public const int ChunkSize = 4096;

    private const int SizeMask = 0x0FFF;
    private const int SignatureMask = 0x7000;
    private const int Signature = 0x3000;
    private const int PackedFlag = 0x8000;

    /// <summary>Unpacks chunks until a header of zero, the end of the input, or a full output. What is left of the output becomes zeros.</summary>
    /// <returns>What is wrong with the data; null when nothing is.</returns>
    public static string? Decompress(ReadOnlySpan<byte> input, Span<byte> output)
    {
        int position = 0;
        int written = 0;
        while (input.Length - position >= sizeof(ushort) && written < output.Length)
        {
            ushort header = BinaryPrimitives.ReadUInt16LittleEndian(input[position..]);
            if (header == 0)
            {
                break;
            }

            position += sizeof(ushort);
            int size = (header & SizeMask) + 1;
            if ((header & SignatureMask) != Signature || size > input.Length - position)
            {
                return $"the chunk header at {position - sizeof(ushort)} is 0x{header:X4}";
            }

            ReadOnlySpan<byte> chunk = input.Slice(position, size);
            Span<byte> target = output.Slice(written, Math.Min(ChunkSize, output.Length - written));
            int done = (header & PackedFlag) != 0 ? Unpack(chunk, target) : Copy(chunk, target);
            if (done < 0)
            {
                return $"the chunk at {position} is damaged";
            }

            position += size;
            written += done;

            // Every chunk but the last one is full; what is missing from one reads as zeros.
            int missing = target.Length - done;
            target[done..].Clear();
            written += missing;
        }

        output[written..].Clear();
        return null;
    }

    private static int Copy(ReadOnlySpan<byte> chunk, Span<byte> target)
    {
        if (chunk.Length > target.Length)
        {
            return -1;
        }

        chunk.CopyTo(target);
        return chunk.Length;
    }

    /// <summary>Groups of eight literals or references, each group after a byte of flags. -1 when damaged.</summary>
    private static int Unpack(ReadOnlySpan<byte> chunk, Span<byte> target)
    {
        int position = 0;
        int written = 0;
        while (position < chunk.Length)
        {
            int flags = chunk[position++];
            for (int bit = 0; bit < 8 && position < chunk.Length; bit++, flags >>= 1)
            {
                if ((flags & 1) == 0)
                {
                    if (written >= target.Length)
                    {
                        return -1;
                    }

                    target[written++] = chunk[position++];
                    continue;
                }

                if (chunk.Length - position < sizeof(ushort) || written == 0)
                {
                    return -1;
                }

                // The further into the chunk, the more bits the distance takes from the length.
                int reference = BinaryPrimitives.ReadUInt16LittleEndian(chunk[position..]);
                position += sizeof(ushort);
                int lengthBits = 12 - Math.Max(0, BitOperations.Log2((uint)(written - 1)) - 3);
                int length = (reference & ((1 << lengthBits) - 1)) + 3;
                int distance = (reference >> lengthBits) + 1;
                if (distance > written || length > target.Length - written)
                {
                    return -1;
                }

                for (int i = 0; i < length; i++, written++)
                {
                    target[written] = target[written - distance];
                }
            }
        }

        return written;
    }
}
