using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>An entry of $ATTRIBUTE_LIST: in which record an attribute, or an extent of it, is.</summary>
/// <param name="Type">Type of the attribute.</param>
/// <param name="Name">Its name; empty for most.</param>
/// <param name="LowestVcn">First virtual cluster of the extent.</param>
/// <param name="Reference">The record.</param>
/// <param name="Id">Number of the attribute within that record.</param>
internal readonly record struct NtfsAttributeListEntry(uint Type, string Name, long LowestVcn, ulong Reference, ushort Id)
{
    private const int HeaderSize = 0x1A;

    /// <summary>Parses a whole list.</summary>
    /// <param name="list">The value of the attribute, at most <see cref="NtfsFormat.MaxAttributeList"/> bytes.</param>
    /// <param name="structure">The structure in messages.</param>
    /// <param name="position">Offset in bytes within the volume, for messages.</param>
    /// <exception cref="DiskFormatException">An entry is damaged.</exception>
    public static NtfsAttributeListEntry[] ParseAll(ReadOnlySpan<byte> list, string structure, long position)
    {
        List<NtfsAttributeListEntry> entries = [];
        for (int offset = 0; offset < list.Length;)
        {
            ReadOnlySpan<byte> raw = list[offset..];
            int length = raw.Length >= HeaderSize ? BinaryPrimitives.ReadUInt16LittleEndian(raw[0x04..]) : 0;
            int nameLength = raw.Length >= HeaderSize ? raw[0x06] * sizeof(char) : 0;
            if (length < HeaderSize || length > raw.Length || (nameLength > 0 && (raw[0x07] < HeaderSize || raw[0x07] + nameLength > length)))
            {
                throw DiskFormatException.Corrupt(structure, position, $"the entry at {offset} has a length of {length} and a name of {nameLength} bytes, {raw.Length} bytes are left");
            }

            entries.Add(new NtfsAttributeListEntry(
                BinaryPrimitives.ReadUInt32LittleEndian(raw),
                nameLength == 0 ? "" : NtfsName.Read(raw.Slice(raw[0x07], nameLength)),
                BinaryPrimitives.ReadInt64LittleEndian(raw[0x08..]),
                BinaryPrimitives.ReadUInt64LittleEndian(raw[0x10..]),
                BinaryPrimitives.ReadUInt16LittleEndian(raw[0x18..])));
            offset += length;
        }

        return [.. entries];
    }
}
