using System.Buffers.Binary;
using Marketplace.DiskImages.FileSystems.Ntfs.Compression;

namespace Marketplace.DiskImages.FileSystems.Ntfs.Reparse;

/// <summary>
/// A file that Windows has packed by itself ("Compact OS"): its data are in the stream WofCompressedData, a table with the end
/// of every chunk but the last one and then the chunks. A chunk as long as what it stands for is stored as it is.
/// </summary>
internal sealed class WofFile
{
    private const long LargeFile = 1L << 32;

    private readonly NtfsStream _stream;
    private readonly ReparsePoint _reparse;
    private readonly int _chunkSize;
    private readonly long _chunkCount;
    private readonly int _entrySize;
    private readonly long _dataOffset;
    private readonly Lzx? _lzx;
    private readonly XpressHuffman? _xpress;
    private byte[]? _packed;
    private byte[]? _chunk;
    private long _chunkIndex = -1;

    private WofFile(NtfsStream stream, ReparsePoint reparse, long size, uint algorithm)
    {
        _stream = stream;
        _reparse = reparse;
        Size = size;
        _chunkSize = algorithm switch
        {
            0 => 4096,
            1 => Lzx.ChunkSize,
            2 => 8192,
            3 => 16384,
            _ => throw DiskFormatException.Unsupported(reparse.Structure, reparse.Position, $"the WOF algorithm is {algorithm}, known are XPRESS4K, LZX, XPRESS8K and XPRESS16K (0 to 3)"),
        };
        _lzx = algorithm == 1 ? new Lzx() : null;
        _xpress = algorithm == 1 ? null : new XpressHuffman();
        _chunkCount = (size / _chunkSize) + (size % _chunkSize == 0 ? 0 : 1);
        _entrySize = size >= LargeFile ? sizeof(ulong) : sizeof(uint);
        _dataOffset = Math.Max(0, _chunkCount - 1) * _entrySize;
        if (_dataOffset > stream.Length)
        {
            throw DiskFormatException.Corrupt(stream.Attribute.Structure, stream.Attribute.Position, $"the stream has {stream.Length} bytes, the table of {_chunkCount} chunks alone takes {_dataOffset}");
        }
    }

    /// <summary>Length of the unpacked data in bytes.</summary>
    public long Size { get; }

    /// <summary>Opens the packed data of a file.</summary>
    /// <param name="reparse">Its reparse point, with the tag of WOF.</param>
    /// <param name="size">Length of its unnamed data, which is that of the unpacked data.</param>
    /// <param name="open">Opens a stream of the file by its name.</param>
    /// <exception cref="DiskFormatException">The file is packed in a way that is not read, or damaged.</exception>
    public static WofFile Open(ReparsePoint reparse, long size, Func<string, NtfsStream?> open)
    {
        ReadOnlySpan<byte> data = reparse.Data.Span;
        if (data.Length < 8)
        {
            throw DiskFormatException.Corrupt(reparse.Structure, reparse.Position, $"the data of WOF have {data.Length} bytes");
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(data);
        uint provider = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
        if (version != 1 || provider != ReparseFormat.WofProviderFile)
        {
            throw DiskFormatException.Unsupported(reparse.Structure, reparse.Position, $"the WOF provider is {provider} of version {version}, only files packed by themselves (2, version 1) are read{(provider == 1 ? ", not those in a WIM" : "")}");
        }

        if (data.Length < 16 || BinaryPrimitives.ReadUInt32LittleEndian(data[8..]) != 1)
        {
            throw DiskFormatException.Unsupported(reparse.Structure, reparse.Position, "the version of the WOF file provider is not 1");
        }

        NtfsStream stream = open(ReparseFormat.WofStream)
            ?? throw DiskFormatException.Corrupt(reparse.Structure, reparse.Position, $"the file has no stream {ReparseFormat.WofStream}");
        return new WofFile(stream, reparse, size, BinaryPrimitives.ReadUInt32LittleEndian(data[12..]));
    }

    /// <summary>Reads unpacked data; the range must be inside the file.</summary>
    /// <exception cref="DiskFormatException">The data do not unpack to what the file is long.</exception>
    public void Read(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            (long index, long start) = Math.DivRem(offset, _chunkSize);
            ReadOnlySpan<byte> chunk = ReadChunk(index).AsSpan((int)start, (int)Math.Min(_chunkSize - start, destination.Length));
            chunk.CopyTo(destination);
            offset += chunk.Length;
            destination = destination[chunk.Length..];
        }
    }

    private byte[] ReadChunk(long index)
    {
        if (index == _chunkIndex)
        {
            return _chunk!;
        }

        _chunk ??= new byte[_chunkSize];
        _packed ??= new byte[_chunkSize];
        _chunkIndex = -1;
        int size = (int)Math.Min(_chunkSize, Size - (index * _chunkSize));
        (long start, long end) = FindChunk(index);
        if (start < 0 || end <= start || end - start > size || end > _stream.Length - _dataOffset)
        {
            throw Corrupt(index, start, $"it takes bytes {start} to {end} of {_stream.Length - _dataOffset}, it stands for {size}");
        }

        Span<byte> packed = _packed.AsSpan(0, (int)(end - start));
        _stream.Read(_dataOffset + start, packed);
        Span<byte> chunk = _chunk.AsSpan(0, size);
        if (packed.Length == size)
        {
            packed.CopyTo(chunk);
        }
        else if ((_lzx is not null ? _lzx.Decompress(packed, chunk) : _xpress!.Decompress(packed, chunk)) is { } detail)
        {
            throw Corrupt(index, start, detail);
        }

        _chunkIndex = index;
        return _chunk;
    }

    private (long Start, long End) FindChunk(long index)
    {
        Span<byte> entries = stackalloc byte[2 * sizeof(ulong)];
        entries.Clear();
        int skip = index == 0 ? _entrySize : 0;
        bool isLast = index == _chunkCount - 1;
        Span<byte> wanted = entries[skip..((isLast ? 1 : 2) * _entrySize)];
        _stream.Read((index - 1) * _entrySize + skip, wanted);
        return (ReadEntry(entries), isLast ? _stream.Length - _dataOffset : ReadEntry(entries[_entrySize..]));
    }

    private long ReadEntry(ReadOnlySpan<byte> entry) =>
        _entrySize == sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(entry) : BinaryPrimitives.ReadInt64LittleEndian(entry);

    private DiskFormatException Corrupt(long index, long start, string detail) =>
        DiskFormatException.Corrupt($"WOF data of {_reparse.Structure["NTFS ".Length..]}", start >= 0 && start < _stream.Length - _dataOffset ? _stream.PositionOf(_dataOffset + start) : -1, $"chunk {index}: {detail}");
}
