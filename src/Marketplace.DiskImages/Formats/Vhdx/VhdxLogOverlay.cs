using System.Buffers.Binary;
using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Formats.Vhdx;

/// <summary>One change of a log: a sector of 4 KiB, or a range of zeros.</summary>
/// <param name="Target">Offset in the file of the first byte changed; whole sectors.</param>
/// <param name="Length">Number of bytes changed; whole sectors.</param>
/// <param name="Source">Offset in the file of the data sector of the log; -1 for zeros.</param>
/// <param name="Leading">The first eight bytes, which the data sector does not hold.</param>
/// <param name="Trailing">The last four bytes, which the data sector does not hold.</param>
internal readonly record struct VhdxLogRecord(long Target, long Length, long Source, ulong Leading, uint Trailing);

/// <summary>A file as it is after its log was replayed. Holds places, not data, so its size follows the number of changes. Does not own the file.</summary>
internal sealed class VhdxLogOverlay : DiskContent
{
    private readonly DiskContent _file;
    private readonly long _length;
    private readonly IReadOnlyList<VhdxLogRecord> _records;

    // Where what the file shows changes, ascending, and the record that shows from there on; -1 for the file itself.
    private readonly List<long> _starts = [];
    private readonly List<int> _shown = [];

    /// <summary>Lays changes over a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="length">Its length after replay, at least what it has.</param>
    /// <param name="records">The changes in their order; all inside the length.</param>
    public VhdxLogOverlay(DiskContent file, long length, IReadOnlyList<VhdxLogRecord> records)
    {
        _file = file;
        _length = length;
        _records = records;
        Flatten();
    }

    public override long Length => _length;

    public override IEnumerable<Extent> GetAllocatedExtents() => FileContent.WholeFile(_length);

    protected override void ReadCore(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int piece = _starts.BinarySearch(offset);
            piece = piece < 0 ? ~piece - 1 : piece;
            long end = piece + 1 < _starts.Count ? _starts[piece + 1] : _length;
            Span<byte> part = destination[..(int)Math.Min(destination.Length, end - offset)];
            ReadPiece(_shown[piece], offset, part);
            destination = destination[part.Length..];
            offset += part.Length;
        }
    }

    private void ReadPiece(int shown, long offset, Span<byte> destination)
    {
        if (shown < 0)
        {
            int fromFile = (int)Math.Clamp(_file.Length - offset, 0, destination.Length);
            if (fromFile > 0)
            {
                _file.Read(offset, destination[..fromFile]);
            }

            destination[fromFile..].Clear();
            return;
        }

        VhdxLogRecord record = _records[shown];
        if (record.Source < 0)
        {
            destination.Clear();
            return;
        }

        Span<byte> sector = stackalloc byte[VhdxFormat.LogSectorSize];
        _file.Read(record.Source, sector);
        BinaryPrimitives.WriteUInt64LittleEndian(sector, record.Leading);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[^4..], record.Trailing);
        sector.Slice((int)(offset - record.Target), destination.Length).CopyTo(destination);
    }

    // The later record wins. From the last to the first, each takes the places that are still free; the free place after
    // any place is found through links that skip what is taken, so the work follows the number of records.
    private void Flatten()
    {
        long[] edges = [.. _records.SelectMany(record => (long[])[record.Target, record.Target + record.Length]).Append(0).Where(edge => edge < _length).Distinct().Order()];
        int[] owner = new int[edges.Length];
        int[] next = [.. Enumerable.Range(0, edges.Length + 1)];
        Array.Fill(owner, -1);
        for (int i = _records.Count - 1; i >= 0; i--)
        {
            VhdxLogRecord record = _records[i];
            int at = Array.BinarySearch(edges, record.Target);
            if (at < 0 || record.Length == 0)
            {
                continue;
            }

            for (at = FindFree(next, at); at < edges.Length && edges[at] < record.Target + record.Length; at = FindFree(next, at))
            {
                owner[at] = i;
                next[at] = at + 1;
            }
        }

        for (int i = 0; i < edges.Length; i++)
        {
            _starts.Add(edges[i]);
            _shown.Add(owner[i]);
        }
    }

    private static int FindFree(int[] next, int at)
    {
        int free = at;
        while (next[free] != free)
        {
            free = next[free];
        }

        while (next[at] != free && at != free)
        {
            (at, next[at]) = (next[at], free);
        }

        return free;
    }
}
