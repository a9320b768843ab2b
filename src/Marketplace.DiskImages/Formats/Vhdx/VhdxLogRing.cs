using System.Buffers.Binary;
using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Formats.Vhdx;

/// <summary>The circular log: its valid entries by the place where they begin.</summary>
internal sealed class VhdxLogRing
{
    /// <summary>
    /// Entries do not lie over each other but for stale ones whose start was not written over yet, so checksums are taken
    /// over little more than the log. A log made to have them taken again and again is given up.
    /// </summary>
    private const int MaxPasses = 8;

    private readonly DiskContent _file;
    private readonly long _offset;
    private readonly uint _length;
    private readonly Guid _guid;
    private readonly VhdxLogEntry?[] _entries;

    /// <summary>Reads the log and verifies every entry in it.</summary>
    /// <param name="file">The bytes of the file, which hold the log.</param>
    /// <param name="header">The header that counts.</param>
    public VhdxLogRing(DiskContent file, VhdxHeader header)
    {
        _file = file;
        _offset = (long)header.LogOffset;
        _length = header.LogLength;
        _guid = header.LogGuid;
        _entries = new VhdxLogEntry?[_length / VhdxFormat.LogSectorSize];
        long budget = (long)_length * MaxPasses;
        byte[] sector = new byte[VhdxFormat.LogSectorSize];
        for (int i = 0; i < _entries.Length; i++)
        {
            ReadSector((long)i * VhdxFormat.LogSectorSize, sector);
            VhdxLogEntry? entry = VhdxLogEntry.TryParse(sector, (uint)i * VhdxFormat.LogSectorSize, _length);
            if (entry is null || entry.LogGuid != _guid)
            {
                continue;
            }

            budget -= entry.Length;
            if (budget < 0)
            {
                throw DiskFormatException.Corrupt(VhdxFormat.LogStructure, _offset + entry.Position, "its entries lie over each other");
            }

            _entries[i] = HasChecksum(entry, sector) ? entry : null;
        }
    }

    /// <summary>The active sequence, oldest entry first: the newest run of entries that reaches back to the tail its last entry names.</summary>
    /// <exception cref="DiskFormatException">There is none, though the header says that the log is in use.</exception>
    public IReadOnlyList<VhdxLogEntry> FindActiveSequence()
    {
        // Only an entry that no other one continues can be the head.
        foreach (VhdxLogEntry head in _entries.OfType<VhdxLogEntry>().Where(entry => Next(entry) is null).OrderByDescending(entry => entry.SequenceNumber))
        {
            // Sequence numbers rise by one from entry to entry, so the walk ends; it may end somewhere else.
            if (Walk(head).Last() == head)
            {
                return [.. Walk(head).OfType<VhdxLogEntry>()];
            }
        }

        throw DiskFormatException.Corrupt(VhdxFormat.LogStructure, _offset, $"the header says that the log {_guid} is in use, and it has no valid sequence of entries");
    }

    /// <summary>Reads a sector.</summary>
    /// <param name="position">From the start of the log, whole sectors; past its end the log goes on at its start.</param>
    /// <param name="destination">Receives one sector.</param>
    public void ReadSector(long position, Span<byte> destination) => _file.Read(FileOffset(position), destination);

    /// <summary>Where a sector of the log is in the file.</summary>
    /// <param name="position">As for <see cref="ReadSector"/>.</param>
    public long FileOffset(long position) => _offset + (position % _length);

    // From the tail that an entry names towards the entry.
    private IEnumerable<VhdxLogEntry?> Walk(VhdxLogEntry head)
    {
        VhdxLogEntry? entry = At(head.Tail);
        yield return entry;
        while (entry is not null && entry.SequenceNumber < head.SequenceNumber)
        {
            entry = Next(entry);
            yield return entry;
        }
    }

    private VhdxLogEntry? At(uint position) => _entries[position / VhdxFormat.LogSectorSize];

    private VhdxLogEntry? Next(VhdxLogEntry entry) =>
        At((uint)((entry.Position + (long)entry.Length) % _length)) is { } next && next.SequenceNumber == entry.SequenceNumber + 1 ? next : null;

    private bool HasChecksum(VhdxLogEntry entry, Span<byte> sector)
    {
        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(sector[VhdxChecksum.Offset..]);
        sector.Slice(VhdxChecksum.Offset, sizeof(uint)).Clear();
        uint crc = VhdxChecksum.Continue(VhdxChecksum.Seed, sector);
        for (long done = VhdxFormat.LogSectorSize; done < entry.Length; done += VhdxFormat.LogSectorSize)
        {
            ReadSector(entry.Position + done, sector);
            crc = VhdxChecksum.Continue(crc, sector);
        }

        return ~crc == expected;
    }
}
