namespace Marketplace.DiskImages.InitialRamDisks.Compression;

/// <summary>Takes unpacked bytes; false to stop.</summary>
/// <param name="bytes">The bytes; valid only during the call.</param>
internal delegate bool UnpackedSink(ReadOnlySpan<byte> bytes);

/// <summary>Tells how data is compressed by its first bytes, as lib/decompress.c of the Linux kernel does.</summary>
internal static class Unpacker
{
    private const int MagicSize = 6;

    /// <summary>Unpacks what starts at the place of the reader and moves it to the end of that, unless the sink stops.</summary>
    /// <exception cref="DiskFormatException">The data is damaged, or compressed in a way that is not read.</exception>
    public static void Unpack(ForwardReader reader, UnpackedSink sink)
    {
        Span<byte> magic = stackalloc byte[MagicSize];
        magic = magic[..reader.PeekInto(magic)];
        if (magic.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
        {
            GzipMember.Unpack(reader, sink);
        }
        else if (magic.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]))
        {
            ZstdFrame.Unpack(reader, sink);
        }
        else if (magic.StartsWith(XzFormat.StreamMagic))
        {
            new XzStream(reader, sink).Unpack();
        }
        else if (magic.StartsWith((ReadOnlySpan<byte>)[0x02, 0x21, 0x4C, 0x18]))
        {
            Lz4Legacy.Unpack(reader, sink);
        }
        else
        {
            throw NameOf(magic) is { } name
                ? DiskFormatException.Unsupported(InitramfsFormat.Structure, reader.Position, $"it is compressed with {name}, which is not read")
                : DiskFormatException.Corrupt(InitramfsFormat.Structure, reader.Position, $"neither a cpio archive nor compressed data starts here (0x{Convert.ToHexStringLower(magic)})");
        }
    }

    private static string? NameOf(ReadOnlySpan<byte> magic) =>
        magic.StartsWith("BZh"u8) ? "bzip2"
        : magic.StartsWith((ReadOnlySpan<byte>)[0x5D, 0, 0]) ? "LZMA"
        : magic.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'L', (byte)'Z', (byte)'O']) ? "LZO"
        : magic.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x9E]) ? "an old kind of gzip"
        : null;
}
