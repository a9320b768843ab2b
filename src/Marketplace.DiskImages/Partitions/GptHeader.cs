using System.Buffers.Binary;
using System.IO.Hashing;
using System.Numerics;

namespace Marketplace.DiskImages.Partitions;

/// <summary>The header of a GUID partition table, primary or backup.</summary>
internal sealed record GptHeader
{
    public required long MyLba { get; init; }

    public required long AlternateLba { get; init; }

    public required long FirstUsableLba { get; init; }

    public required long LastUsableLba { get; init; }

    public required Guid DiskGuid { get; init; }

    public required long PartitionEntryLba { get; init; }

    public required int EntryCount { get; init; }

    public required int EntrySize { get; init; }

    public required uint EntriesCrc32 { get; init; }

    public int EntriesSize => EntryCount * EntrySize;

    public static bool HasSignature(ReadOnlySpan<byte> sector) => sector.StartsWith(GptFormat.Signature);

    /// <summary>Reads a header and checks everything that can be checked without the disk.</summary>
    /// <param name="sector">One whole sector.</param>
    /// <param name="offset">Where it stands on the disk, for messages.</param>
    /// <exception cref="DiskFormatException">The header is not one that was written whole.</exception>
    public static GptHeader Parse(ReadOnlySpan<byte> sector, long offset)
    {
        DiskFormatException Bad(string detail) => DiskFormatException.Corrupt(GptFormat.HeaderStructure, offset, detail);
        if (!HasSignature(sector))
        {
            throw Bad("the signature 'EFI PART' is missing");
        }

        uint revision = BinaryPrimitives.ReadUInt32LittleEndian(sector[GptFormat.RevisionOffset..]);
        if (revision != GptFormat.Revision)
        {
            throw Bad($"revision 0x{revision:x8}, not 0x{GptFormat.Revision:x8}");
        }

        uint size = BinaryPrimitives.ReadUInt32LittleEndian(sector[GptFormat.HeaderSizeOffset..]);
        if (size < GptFormat.MinHeaderSize || size > sector.Length)
        {
            throw Bad($"header size {size}, it must be {GptFormat.MinHeaderSize} to {sector.Length}");
        }

        uint crc = BinaryPrimitives.ReadUInt32LittleEndian(sector[GptFormat.HeaderCrc32Offset..]);
        uint expected = ComputeCrc32(sector[..(int)size]);
        if (crc != expected)
        {
            throw Bad($"its checksum is 0x{crc:x8}, its bytes have 0x{expected:x8}");
        }

        uint count = BinaryPrimitives.ReadUInt32LittleEndian(sector[GptFormat.NumberOfPartitionEntriesOffset..]);
        uint entrySize = BinaryPrimitives.ReadUInt32LittleEndian(sector[GptFormat.SizeOfPartitionEntryOffset..]);
        if (entrySize < GptFormat.MinEntrySize || !BitOperations.IsPow2(entrySize))
        {
            throw Bad($"entries of {entrySize} bytes, it must be 128 times a power of two");
        }

        if (count == 0 || (ulong)count * entrySize > GptFormat.MaxEntriesSize)
        {
            throw Bad($"{count} entries of {entrySize} bytes, at most {GptFormat.MaxEntriesSize} bytes of entries are read");
        }

        GptHeader header = new()
        {
            MyLba = ReadLba(sector[GptFormat.MyLbaOffset..]),
            AlternateLba = ReadLba(sector[GptFormat.AlternateLbaOffset..]),
            FirstUsableLba = ReadLba(sector[GptFormat.FirstUsableLbaOffset..]),
            LastUsableLba = ReadLba(sector[GptFormat.LastUsableLbaOffset..]),
            DiskGuid = new Guid(sector.Slice(GptFormat.DiskGuidOffset, 16)),
            PartitionEntryLba = ReadLba(sector[GptFormat.PartitionEntryLbaOffset..]),
            EntryCount = (int)count,
            EntrySize = (int)entrySize,
            EntriesCrc32 = BinaryPrimitives.ReadUInt32LittleEndian(sector[GptFormat.PartitionEntryArrayCrc32Offset..]),
        };
        if (header.MyLba != offset / sector.Length)
        {
            throw Bad($"it says that it stands in sector {header.MyLba}, it stands in {offset / sector.Length}");
        }

        return header.FirstUsableLba > header.LastUsableLba + 1 ? throw Bad($"usable sectors {header.FirstUsableLba} to {header.LastUsableLba}") : header;
    }

    /// <summary>Sector numbers too large for any disk become the largest there can be, which no disk has.</summary>
    internal static long ReadLba(ReadOnlySpan<byte> bytes) => (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(bytes), GptFormat.MaxLba);

    private static uint ComputeCrc32(ReadOnlySpan<byte> header)
    {
        Crc32 crc = new();
        crc.Append(header[..GptFormat.HeaderCrc32Offset]);
        crc.Append([0, 0, 0, 0]);
        crc.Append(header[(GptFormat.HeaderCrc32Offset + 4)..]);
        return crc.GetCurrentHashAsUInt32();
    }
}
