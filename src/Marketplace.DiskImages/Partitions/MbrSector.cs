using System.Buffers.Binary;

namespace Marketplace.DiskImages.Partitions;

/// <summary>One of the four entries of an MBR or EBR.</summary>
internal readonly record struct MbrEntry(byte Status, byte Type, uint FirstLba, uint Sectors)
{
    public bool IsEmpty => Type == MbrFormat.TypeEmpty || Sectors == 0;

    public bool IsStatusValid => Status is 0 or MbrFormat.StatusActive;

    public static MbrEntry Parse(ReadOnlySpan<byte> bytes) => new(
        bytes[MbrFormat.EntryStatusOffset],
        bytes[MbrFormat.EntryTypeOffset],
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[MbrFormat.EntryFirstLbaOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[MbrFormat.EntrySectorsOffset..]));
}

/// <summary>The first sector of a disk, or of a link of an extended partition, read as a table of four entries.</summary>
internal sealed record MbrSector(IReadOnlyList<MbrEntry> Entries, uint DiskSignature, ushort Signature, bool HasBootCode)
{
    public bool HasSignature => Signature == MbrFormat.Signature;

    public bool IsProtective => Entries.Any(entry => entry.Type == MbrFormat.TypeProtective);

    /// <param name="bytes">At least 512 bytes.</param>
    public static MbrSector Parse(ReadOnlySpan<byte> bytes)
    {
        MbrEntry[] entries = new MbrEntry[MbrFormat.EntryCount];
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = MbrEntry.Parse(bytes.Slice(MbrFormat.EntriesOffset + (i * MbrFormat.EntrySize), MbrFormat.EntrySize));
        }

        return new MbrSector(
            entries,
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[MbrFormat.DiskSignatureOffset..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[MbrFormat.SignatureOffset..]),
            bytes[..MbrFormat.BootCodeSize].ContainsAnyExcept((byte)0));
    }

    /// <summary>
    /// Whether the entries can be those of a disk of that many sectors: at least one in use, no status but 0 and 0x80,
    /// none at sector 0, none past the end, no two overlapping.
    /// </summary>
    public bool ArePlausible(long diskSectors)
    {
        MbrEntry[] used = [.. Entries.Where(entry => !entry.IsEmpty).OrderBy(entry => entry.FirstLba)];
        long end = 1;
        foreach (MbrEntry entry in used)
        {
            if (entry.FirstLba < end || entry.FirstLba + (long)entry.Sectors > diskSectors)
            {
                return false;
            }

            end = entry.FirstLba + (long)entry.Sectors;
        }

        return used.Length > 0 && Entries.All(entry => entry.IsStatusValid);
    }
}
