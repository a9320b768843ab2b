using ZstdSharp.Unsafe;

namespace Marketplace.DiskImages.InitialRamDisks.Compression;

/// <summary>Unpacks one Zstandard frame (RFC 8878).</summary>
internal static class ZstdFrame
{
    private const string Structure = "Zstandard frame";

    /// <summary>Unpacks the frame at the place of the reader.</summary>
    /// <exception cref="DiskFormatException">It is damaged, or its window is larger than what is given memory.</exception>
    public static unsafe void Unpack(ForwardReader reader, UnpackedSink sink)
    {
        long start = reader.Position;
        byte[] output = new byte[128 * 1024];
        ZSTD_DCtx_s* context = Methods.ZSTD_createDCtx();
        try
        {
            Check(Methods.ZSTD_DCtx_setParameter(context, ZSTD_dParameter.ZSTD_d_windowLogMax, InitramfsFormat.MaxWindowLog), start);
            bool isComplete = false;
            while (!isComplete)
            {
                ReadOnlySpan<byte> input = reader.Peek();
                if (input.IsEmpty)
                {
                    throw DiskFormatException.Truncated(Structure, start, "it is longer than the file");
                }

                int written;
                fixed (byte* source = input)
                fixed (byte* destination = output)
                {
                    ZSTD_inBuffer_s from = new() { src = source, size = (nuint)input.Length };
                    ZSTD_outBuffer_s to = new() { dst = destination, size = (nuint)output.Length };
                    nuint state = Check(Methods.ZSTD_decompressStream(context, &to, &from), start);
                    reader.Position += (long)from.pos;
                    written = (int)to.pos;

                    // 0: the frame was handed out to its end. The decoder fails by itself when it is called too often without progress.
                    isComplete = state == 0;
                }

                if (written > 0 && !sink(output.AsSpan(0, written)))
                {
                    return;
                }
            }
        }
        finally
        {
            Methods.ZSTD_freeDCtx(context);
        }
    }

    private static nuint Check(nuint result, long start)
    {
        if (!Methods.ZSTD_isError(result))
        {
            return result;
        }

        throw Methods.ZSTD_getErrorCode(result) == ZSTD_ErrorCode.ZSTD_error_frameParameter_windowTooLarge
            ? DiskFormatException.Unsupported(Structure, start, $"its window is larger than {InitramfsFormat.MaxWindow >> 20} MiB")
            : DiskFormatException.Corrupt(Structure, start, $"it is damaged ({Methods.ZSTD_getErrorName(result)})");
    }
}
