using System.Buffers.Binary;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Formats.Mapping;

namespace Marketplace.DiskImages.Formats.Qcow;

/// <summary>The virtual disk of a QCOW2 file: clusters through the tables of two levels.</summary>
internal sealed class QcowContent : MappedContent
{
    private readonly QcowHeader _header;
    private readonly TablePages _tables;
    private readonly CompressedUnits _compressed;
    private readonly int _entrySize;
    private readonly long _entriesPerTable;

    private QcowContent(DiskContent file, QcowHeader header, DiskContent? backing)
        : base(file, header.Size, backing)
    {
        _header = header;
        _tables = new TablePages(file);
        _compressed = new CompressedUnits(header.ClusterSize);
        _entrySize = header.HasExtendedL2 ? QcowFormat.ExtendedL2EntrySize : QcowFormat.EntrySize;
        _entriesPerTable = header.ClusterSize / _entrySize;
    }

    /// <summary>Opens a disk whose L1 table and L2 tables lie inside the file.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="header">Its header.</param>
    /// <param name="backing">What shows through; null when there is no backing file.</param>
    /// <exception cref="DiskFormatException">The L1 table is damaged, or the file is cut.</exception>
    public static QcowContent Open(DiskContent file, QcowHeader header, DiskContent? backing)
    {
        QcowContent content = new(file, header, backing);
        content.CheckL1();
        return content;
    }

    protected override MappedRun Map(long offset, long limit)
    {
        long cluster = offset >> _header.ClusterBits;
        long within = offset & (_header.ClusterSize - 1);
        ulong table = L1Entry(cluster / _entriesPerTable) & QcowFormat.OffsetMask;
        if (table == 0)
        {
            // All clusters of the table that is not there.
            long span = _entriesPerTable << _header.ClusterBits;
            return new MappedRun(Absent, Math.Min(span - (offset % span), limit));
        }

        long at = (long)table + (cluster % _entriesPerTable * _entrySize);
        ReadOnlySpan<byte> bytes = _tables.Read(at, _entrySize);
        ulong entry = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        long length = Math.Min(_header.ClusterSize - within, limit);
        if ((entry & QcowFormat.CompressedFlag) != 0)
        {
            long descriptor = (long)(entry & ~(3UL << 62));
            return PositionOf(descriptor) < File.Length
                ? new MappedRun(MappedSource.Compressed, length, descriptor)
                : throw DiskFormatException.Truncated(QcowFormat.ClusterStructure, PositionOf(descriptor), $"a compressed cluster, the file has {File.Length} bytes");
        }

        if ((entry & QcowFormat.ReservedBits) != 0 || ((entry & QcowFormat.ZeroFlag) != 0 && (_header.Version < 3 || _header.HasExtendedL2)))
        {
            throw DiskFormatException.Corrupt(QcowFormat.L2Structure, at, $"the entry 0x{entry:x16} has bits that must be zero");
        }

        long place = (long)(entry & QcowFormat.OffsetMask);
        CheckPlace(place, at);
        return _header.HasExtendedL2 ? MapSubclusters(place, BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), within, length, at)
            : (entry & QcowFormat.ZeroFlag) != 0 ? new MappedRun(MappedSource.Zeros, length)
            : place == 0 ? new MappedRun(Absent, length)
            : InFile(place, Math.Min(_header.ClusterSize, Length - (offset - within)), within, length);
    }

    protected override void ReadCompressed(long offset, MappedRun run, Span<byte> destination)
    {
        // csectors is what is left of 62 bits after the offset; it counts the sectors after the one the data begins in.
        long position = PositionOf(run.Position);
        long sectors = run.Position >> OffsetBits;
        long end = Math.Min(((position / 512) + sectors + 1) * 512, File.Length);
        byte[] unit = _compressed.Get(position, File, end - position, _header.ClusterSize, _header.IsZstd ? UnitCompression.Zstd : UnitCompression.Deflate, QcowFormat.ClusterStructure);
        unit.AsSpan((int)(offset & (_header.ClusterSize - 1)), destination.Length).CopyTo(destination);
    }

    // Bits of the offset in the descriptor of a compressed cluster.
    private int OffsetBits => 62 - (_header.ClusterBits - 8);

    private long PositionOf(long descriptor) => descriptor & ((1L << OffsetBits) - 1);

    // Low half of the bitmap: subclusters that are here; high half: subclusters that are zero.
    private MappedRun MapSubclusters(long place, ulong bitmap, long within, long length, long at)
    {
        int size = _header.ClusterSize / QcowFormat.SubclusterCount;
        int number = (int)(within / size);
        bool isHere = ((bitmap >> number) & 1) != 0;
        bool isZero = ((bitmap >> (number + QcowFormat.SubclusterCount)) & 1) != 0;
        if (isHere && (isZero || place == 0))
        {
            throw DiskFormatException.Corrupt(QcowFormat.L2Structure, at, $"the subclusters 0x{bitmap:x16} contradict themselves");
        }

        length = Math.Min(size - (within % size), length);
        return isZero ? new MappedRun(MappedSource.Zeros, length)
            : isHere ? InFile(place, within + length, within, length)
            : new MappedRun(Absent, length);
    }

    // All that was written of a cluster is in the file, to its end or to that of the disk; of subclusters only those that are here.
    private MappedRun InFile(long place, long written, long within, long length) => written <= File.Length - place
        ? new MappedRun(MappedSource.File, length, place + within)
        : throw DiskFormatException.Truncated(QcowFormat.ClusterStructure, place, $"{written} bytes, the file has {File.Length}");

    private void CheckPlace(long place, long at)
    {
        if (place % _header.ClusterSize != 0)
        {
            throw DiskFormatException.Corrupt(QcowFormat.L2Structure, at, $"a cluster at byte {place}, which is no multiple of {_header.ClusterSize}");
        }

        if (place >= File.Length)
        {
            throw DiskFormatException.Truncated(QcowFormat.ClusterStructure, place, $"the file has {File.Length} bytes");
        }
    }

    private ulong L1Entry(long index) => BinaryPrimitives.ReadUInt64BigEndian(_tables.Read((long)_header.L1Offset + (index * QcowFormat.EntrySize), QcowFormat.EntrySize));

    // Every L2 table is used once: a table that hangs at many places would make a small file describe an endless disk.
    private void CheckL1()
    {
        long span = _entriesPerTable << _header.ClusterBits;
        long needed = (_header.Size / span) + (_header.Size % span == 0 ? 0 : 1);
        if (_header.L1Size < needed)
        {
            throw DiskFormatException.Corrupt(QcowFormat.HeaderStructure, 36, $"an L1 table of {_header.L1Size} entries, the disk of {_header.Size} bytes needs {needed}");
        }

        if (needed > QcowFormat.MaxL1Entries)
        {
            throw DiskFormatException.Unsupported(QcowFormat.HeaderStructure, 36, $"an L1 table of {needed} entries, at most {QcowFormat.MaxL1Entries} are read");
        }

        if (_header.L1Offset % (ulong)_header.ClusterSize != 0)
        {
            throw DiskFormatException.Corrupt(QcowFormat.HeaderStructure, 40, $"an L1 table at byte {_header.L1Offset}, which is no multiple of {_header.ClusterSize}");
        }

        if (_header.L1Offset > (ulong)File.Length || needed * QcowFormat.EntrySize > File.Length - (long)_header.L1Offset)
        {
            throw DiskFormatException.Truncated(QcowFormat.L1Structure, (long)Math.Min(_header.L1Offset, long.MaxValue), $"{needed} entries, the file has {File.Length} bytes");
        }

        HashSet<ulong> seen = [];
        for (long index = 0; index < needed; index++)
        {
            ulong entry = L1Entry(index);
            ulong table = entry & QcowFormat.OffsetMask;
            long at = (long)_header.L1Offset + (index * QcowFormat.EntrySize);
            if ((entry & QcowFormat.L1ReservedBits) != 0 || table % (ulong)_header.ClusterSize != 0)
            {
                throw DiskFormatException.Corrupt(QcowFormat.L1Structure, at, $"the entry 0x{entry:x16}");
            }

            if (table == 0)
            {
                continue;
            }

            if (table > (ulong)File.Length || _header.ClusterSize > File.Length - (long)table)
            {
                throw DiskFormatException.Truncated(QcowFormat.L2Structure, (long)table, $"a table of {_header.ClusterSize} bytes, the file has {File.Length} bytes");
            }

            if (!seen.Add(table))
            {
                throw DiskFormatException.Corrupt(QcowFormat.L1Structure, at, $"the L2 table at byte {table} is used twice");
            }
        }
    }
}
