using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Marketplace.DiskImages.InitialRamDisks.Compression;

/// <summary>Unpacks one member of a gzip file (RFC 1952).</summary>
internal static class GzipMember
{
    private const string Structure = "gzip member";
    private const int HeaderSize = 10;
    private const int TrailerSize = 8; // CRC32, ISIZE
    private const byte Deflate = 8; // CM
    private const byte FlagHeaderChecksum = 0x02; // FHCRC
    private const byte FlagExtra = 0x04; // FEXTRA
    private const byte FlagName = 0x08; // FNAME
    private const byte FlagComment = 0x10; // FCOMMENT
    private const byte ReservedFlags = 0xE0;
    private const int MaxTextSize = 64 * 1024;

    /// <summary>Unpacks the member at the place of the reader.</summary>
    /// <exception cref="DiskFormatException">It is damaged.</exception>
    public static void Unpack(ForwardReader reader, UnpackedSink sink)
    {
        long start = reader.Position;
        ReadHeader(reader);
        Crc32 checksum = new();
        uint size = 0;
        byte[] output = new byte[64 * 1024];
        WholeInput input = new(reader);
        try
        {
            using DeflateStream stream = new(input, CompressionMode.Decompress);
            int count;
            while ((count = stream.Read(output)) > 0)
            {
                checksum.Append(output.AsSpan(0, count));
                size = unchecked(size + (uint)count);
                if (!sink(output.AsSpan(0, count)))
                {
                    return;
                }
            }
        }
        catch (InvalidDataException)
        {
            throw DiskFormatException.Corrupt(Structure, start, "the deflated data is damaged");
        }

        FindEnd(reader, input.LastPiece, checksum.GetCurrentHashAsUInt32(), size, start);
    }

    private static void ReadHeader(ForwardReader reader)
    {
        long start = reader.Position;
        Span<byte> header = stackalloc byte[HeaderSize];
        reader.ReadExactly(header, Structure);
        byte flags = header[3]; // FLG
        if (header[2] != Deflate || (flags & ReservedFlags) != 0)
        {
            throw DiskFormatException.Unsupported(Structure, start, $"method {header[2]}, flags 0x{flags:x2}");
        }

        if ((flags & FlagExtra) != 0)
        {
            Span<byte> length = stackalloc byte[2];
            reader.ReadExactly(length, Structure);
            reader.Position += BinaryPrimitives.ReadUInt16LittleEndian(length);
        }

        for (int texts = ((flags & FlagName) != 0 ? 1 : 0) + ((flags & FlagComment) != 0 ? 1 : 0); texts > 0; texts--)
        {
            long end = reader.Position + MaxTextSize;
            while (reader.ReadByte(Structure) != 0)
            {
                if (reader.Position == end)
                {
                    throw DiskFormatException.Corrupt(Structure, start, $"a text of its header has more than {MaxTextSize} bytes");
                }
            }
        }

        reader.Position += (flags & FlagHeaderChecksum) != 0 ? 2 : 0;
    }

    /// <summary>
    /// Moves the reader to the end of the member. The inflater does not say how much of its last piece it used; the checksum and the
    /// size that follow the deflated data are looked for there, which proves them as well.
    /// </summary>
    private static void FindEnd(ForwardReader reader, long lastPiece, uint checksum, uint size, long start)
    {
        byte[] bytes = new byte[WholeInput.PieceSize + TrailerSize];
        reader.Position = lastPiece;
        int count = reader.PeekInto(bytes);
        Span<byte> trailer = stackalloc byte[TrailerSize];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], size);
        int found = bytes.AsSpan(0, count).IndexOf(trailer);
        if (found < 0)
        {
            throw DiskFormatException.Corrupt(Structure, start, "the unpacked data does not have the checksum and the size that follow it");
        }

        reader.Position = lastPiece + found + TrailerSize;
    }

    /// <summary>Input in pieces whose end is an error: the inflater asks for more only when the data is not complete.</summary>
    private sealed class WholeInput(ForwardReader reader) : Stream
    {
        public const int PieceSize = 8192;

        /// <summary>Where the last piece started.</summary>
        public long LastPiece { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            ReadOnlySpan<byte> bytes = reader.Peek();
            if (bytes.IsEmpty)
            {
                throw DiskFormatException.Truncated(Structure, reader.Position, "the deflated data ends too early");
            }

            int count = Math.Min(Math.Min(bytes.Length, buffer.Length), PieceSize);
            bytes[..count].CopyTo(buffer);
            LastPiece = reader.Position;
            reader.Position += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
