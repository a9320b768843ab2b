using System.IO.Compression;
using Marketplace.DiskImages.Content;
using ZstdSharp;

namespace Marketplace.DiskImages.Formats.Mapping;

/// <summary>Units of a disk that were decompressed lately. Safe for several threads.</summary>
/// <param name="unitSize">Bytes of a unit when it is decompressed; never more are made of it.</param>
internal sealed class CompressedUnits(int unitSize)
{
    /// <summary>8 MiB, and always at least one unit: reading within one does not decompress it again.</summary>
    private const int CacheBytes = 8 << 20;

    /// <summary>The largest window a frame may ask for: that of a unit of 2 MiB.</summary>
    private const int MaxZstdWindowLog = 23;

    private readonly int _capacity = Math.Max(1, CacheBytes / unitSize);
    private readonly Lock _lock = new();
    private readonly Dictionary<long, LinkedListNode<(long Position, byte[] Data)>> _index = [];
    private readonly LinkedList<(long Position, byte[] Data)> _recent = new();

    /// <summary>The bytes of a unit, which the caller must not change.</summary>
    /// <param name="position">Where its compressed bytes begin in the file.</param>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="count">Number of compressed bytes at most; inside the file.</param>
    /// <param name="needed">Number of bytes the unit must have when it is decompressed; the last one of a disk may have fewer than the others.</param>
    /// <param name="compression">How they are compressed.</param>
    /// <param name="structure">What messages call the unit.</param>
    /// <exception cref="DiskFormatException">The bytes do not decompress to the bytes that are needed.</exception>
    public byte[] Get(long position, DiskContent file, long count, int needed, UnitCompression compression, string structure)
    {
        lock (_lock)
        {
            if (_index.TryGetValue(position, out LinkedListNode<(long Position, byte[] Data)>? node))
            {
                _recent.Remove(node);
                _recent.AddFirst(node);
                return node.Value.Data;
            }
        }

        byte[] unit = Decompress(position, file, count, needed, compression, structure);
        lock (_lock)
        {
            if (_index.ContainsKey(position))
            {
                return unit;
            }

            if (_index.Count >= _capacity && _recent.Last is { } oldest)
            {
                _recent.RemoveLast();
                _index.Remove(oldest.Value.Position);
            }

            _index.Add(position, _recent.AddFirst((position, unit)));
        }

        return unit;
    }

    private byte[] Decompress(long position, DiskContent file, long count, int needed, UnitCompression compression, string structure)
    {
        byte[] packed = new byte[count];
        file.Read(position, packed);
        byte[] unit = new byte[unitSize];
        try
        {
            using MemoryStream source = new(packed, writable: false);
            using Stream stream = Open(source, compression);
            stream.ReadAtLeast(unit, needed);
            return unit;
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or ZstdException)
        {
            throw DiskFormatException.Corrupt(structure, position, $"{count} compressed bytes do not give the {needed} bytes of a unit");
        }
    }

    private static Stream Open(MemoryStream source, UnitCompression compression)
    {
        switch (compression)
        {
            case UnitCompression.Deflate:
                return new DeflateStream(source, CompressionMode.Decompress);
            case UnitCompression.Zlib:
                return new ZLibStream(source, CompressionMode.Decompress);
            default:
                DecompressionStream stream = new(source, leaveOpen: true);
                stream.SetParameter(ZstdSharp.Unsafe.ZSTD_dParameter.ZSTD_d_windowLogMax, MaxZstdWindowLog);
                return stream;
        }
    }
}
