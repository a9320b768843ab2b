using System.Buffers.Binary;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Formats.Mapping;

namespace Marketplace.DiskImages.Formats.Vmdk;

/// <summary>The bytes of a sparse extent: grains through a directory of tables.</summary>
internal sealed class VmdkSparseContent : MappedContent
{
    private readonly VmdkSparseHeader _header;
    private readonly TablePages _tables;
    private readonly CompressedUnits _compressed;
    private readonly long _directory;

    private VmdkSparseContent(DiskContent file, VmdkSparseHeader header)
        : base(file, header.Capacity)
    {
        _header = header;
        _tables = new TablePages(file);
        _compressed = new CompressedUnits(header.GrainSize);
        _directory = (long)header.DirectorySector * VmdkFormat.SectorSize;
    }

    /// <summary>Opens an extent whose directory and tables lie inside the file.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <exception cref="DiskFormatException">It is damaged, cut, or uses what is not read.</exception>
    public static VmdkSparseContent Open(DiskContent file)
    {
        VmdkSparseHeader header = ReadHeader(file, 0);
        if (header.DirectorySector == VmdkFormat.DirectoryAtEnd)
        {
            VmdkSparseHeader footer = ReadHeader(file, file.Length - VmdkFormat.FooterDistance);
            header = header with { DirectorySector = footer.DirectorySector };
        }

        long needed = (header.Capacity + Span(header) - 1) / Span(header);
        if (needed > VmdkFormat.MaxDirectoryEntries)
        {
            throw DiskFormatException.Unsupported(VmdkFormat.DirectoryStructure, -1, $"{needed} grain tables, at most {VmdkFormat.MaxDirectoryEntries} are read");
        }

        if (header.DirectorySector > (ulong)(file.Length / VmdkFormat.SectorSize) || needed * VmdkFormat.EntrySize > file.Length - ((long)header.DirectorySector * VmdkFormat.SectorSize))
        {
            throw DiskFormatException.Truncated(VmdkFormat.DirectoryStructure, -1, $"{needed} entries at sector {header.DirectorySector}, the file has {file.Length} bytes");
        }

        VmdkSparseContent content = new(file, header);
        content.CheckDirectory(needed);
        return content;
    }

    /// <summary>Reads the header or the footer.</summary>
    public static VmdkSparseHeader ReadHeader(DiskContent file, long offset)
    {
        if (offset < 0 || offset > file.Length - VmdkFormat.HeaderSize)
        {
            throw DiskFormatException.Truncated(VmdkFormat.HeaderStructure, Math.Max(0, offset), $"the file has {file.Length} bytes");
        }

        byte[] bytes = new byte[VmdkFormat.HeaderSize];
        file.Read(offset, bytes);
        return VmdkSparseHeader.Parse(bytes, offset);
    }

    protected override MappedRun Map(long offset, long limit)
    {
        long span = Span(_header);
        uint table = Entry(_directory + (offset / span * VmdkFormat.EntrySize));
        if (table == 0)
        {
            return new MappedRun(MappedSource.Zeros, Math.Min(span - (offset % span), limit));
        }

        long at = (table * (long)VmdkFormat.SectorSize) + (offset % span / _header.GrainSize * VmdkFormat.EntrySize);
        uint grain = Entry(at);
        long within = offset % _header.GrainSize;
        long length = Math.Min(_header.GrainSize - within, limit);
        if (grain == 0 || (grain == VmdkFormat.ZeroedGrain && (_header.Flags & VmdkFormat.ZeroedGrainEntries) != 0))
        {
            return new MappedRun(MappedSource.Zeros, length);
        }

        long place = grain * (long)VmdkFormat.SectorSize;
        long needed = _header.IsCompressed ? VmdkFormat.GrainMarkerSize : Math.Min(_header.GrainSize, Length - (offset - within));
        return needed > File.Length - place ? throw DiskFormatException.Truncated(VmdkFormat.GrainStructure, place, $"{needed} bytes, the file has {File.Length}")
            : _header.IsCompressed ? new MappedRun(MappedSource.Compressed, length, place)
            : new MappedRun(MappedSource.File, length, place + within);
    }

    protected override void ReadCompressed(long offset, MappedRun run, Span<byte> destination)
    {
        Span<byte> marker = stackalloc byte[VmdkFormat.GrainMarkerSize];
        if (run.Position > File.Length - marker.Length)
        {
            throw DiskFormatException.Truncated(VmdkFormat.GrainStructure, run.Position, $"the file has {File.Length} bytes");
        }

        File.Read(run.Position, marker);
        long grain = offset - (offset % _header.GrainSize);
        ulong sector = BinaryPrimitives.ReadUInt64LittleEndian(marker);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(marker[8..]);

        // Deflate adds a few bytes to what it cannot compress, never as much as this.
        if (sector != (ulong)(grain / VmdkFormat.SectorSize) || count > 2 * _header.GrainSize)
        {
            throw DiskFormatException.Corrupt(VmdkFormat.GrainStructure, run.Position, $"the marker tells {count} bytes for sector {sector}, sector {grain / VmdkFormat.SectorSize} was expected");
        }

        if (count > File.Length - run.Position - marker.Length)
        {
            throw DiskFormatException.Truncated(VmdkFormat.GrainStructure, run.Position, $"{count} bytes, the file has {File.Length}");
        }

        byte[] unit = _compressed.Get(run.Position + marker.Length, File, count, (int)Math.Min(_header.GrainSize, Length - grain), UnitCompression.Zlib, VmdkFormat.GrainStructure);
        unit.AsSpan((int)(offset % _header.GrainSize), destination.Length).CopyTo(destination);
    }

    private static long Span(VmdkSparseHeader header) => (long)header.EntriesPerTable * header.GrainSize;

    private uint Entry(long offset) => BinaryPrimitives.ReadUInt32LittleEndian(_tables.Read(offset, VmdkFormat.EntrySize));

    // Every table is used once: a table that hangs at many places would make a small file describe an endless disk.
    private void CheckDirectory(long count)
    {
        HashSet<uint> seen = [];
        for (long index = 0; index < count; index++)
        {
            long at = _directory + (index * VmdkFormat.EntrySize);
            uint table = Entry(at);
            long length = (long)_header.EntriesPerTable * VmdkFormat.EntrySize;
            if (table == 0)
            {
                continue;
            }

            if ((table * (long)VmdkFormat.SectorSize) + length > File.Length)
            {
                throw DiskFormatException.Truncated(VmdkFormat.TableStructure, table * (long)VmdkFormat.SectorSize, $"{length} bytes, the file has {File.Length}");
            }

            if (!seen.Add(table))
            {
                throw DiskFormatException.Corrupt(VmdkFormat.DirectoryStructure, at, $"the grain table at sector {table} is used twice");
            }
        }
    }
}
