using System.Buffers.Binary;

namespace Marketplace.DiskImages.Registry.Cells;

/// <summary>A key node (<c>nk</c>). Its security, class name and volatile subkeys are not read.</summary>
/// <param name="Cell">Offset of its cell.</param>
/// <param name="Flags">Bit mask.</param>
/// <param name="LastWritten">A FILETIME.</param>
/// <param name="Parent">Cell of the parent; without meaning for the root.</param>
/// <param name="SubkeyCount">Number of subkeys.</param>
/// <param name="SubkeyList">Cell of their list.</param>
/// <param name="ValueCount">Number of values.</param>
/// <param name="ValueList">Cell of their list.</param>
/// <param name="Name">The name.</param>
internal sealed record KeyNode(uint Cell, ushort Flags, ulong LastWritten, uint Parent, uint SubkeyCount, uint SubkeyList, uint ValueCount, uint ValueList, string Name)
{
    /// <exception cref="DiskFormatException">There is no key node in the cell.</exception>
    public static KeyNode Read(HiveCells cells, uint cell)
    {
        Span<byte> start = stackalloc byte[RegistryFormat.KeyNodeSize];
        int length = cells.DataLength(cell);
        if (length < start.Length)
        {
            throw DiskFormatException.Corrupt(RegistryFormat.KeyStructure, RegistryFormat.FileOffset(cell), $"{start.Length} bytes are needed, the cell has {length}");
        }

        cells.Read(cell, 0, start);
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(start[RegistryFormat.KeyNameLengthOffset..]);
        if (nameLength > length - start.Length)
        {
            throw DiskFormatException.Corrupt(RegistryFormat.KeyStructure, RegistryFormat.FileOffset(cell), $"the name has {nameLength} bytes, the cell has {length - start.Length} for it");
        }

        byte[] bytes = new byte[start.Length + nameLength];
        cells.Read(cell, 0, bytes);
        return Parse(bytes, cell);
    }

    /// <param name="bytes">The node with its name.</param>
    /// <param name="cell">Offset of its cell.</param>
    /// <exception cref="DiskFormatException">It is none.</exception>
    public static KeyNode Parse(ReadOnlySpan<byte> bytes, uint cell)
    {
        if (!bytes.StartsWith(RegistryFormat.KeySignature))
        {
            throw DiskFormatException.Corrupt(RegistryFormat.KeyStructure, RegistryFormat.FileOffset(cell), "the signature 'nk' is missing");
        }

        ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes[RegistryFormat.KeyFlagsOffset..]);
        ReadOnlySpan<byte> name = bytes.Slice(RegistryFormat.KeyNodeSize, BinaryPrimitives.ReadUInt16LittleEndian(bytes[RegistryFormat.KeyNameLengthOffset..]));
        return new KeyNode(
            cell,
            flags,
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[RegistryFormat.KeyLastWrittenOffset..]),
            U32(bytes, RegistryFormat.KeyParentOffset),
            U32(bytes, RegistryFormat.KeySubkeyCountOffset),
            U32(bytes, RegistryFormat.KeySubkeyListOffset),
            U32(bytes, RegistryFormat.KeyValueCountOffset),
            U32(bytes, RegistryFormat.KeyValueListOffset),
            CellName.Decode(name, (flags & RegistryFormat.KeyCompressedName) != 0, RegistryFormat.KeyStructure, cell));
    }

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
