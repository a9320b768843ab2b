using System.Buffers.Binary;

namespace Marketplace.DiskImages.Registry.Cells;

/// <summary>A key value (<c>vk</c>).</summary>
/// <param name="Cell">Offset of its cell.</param>
/// <param name="Name">The name; empty for the default value.</param>
/// <param name="Type">The data type as it stands.</param>
/// <param name="Length">Length of the data in bytes.</param>
/// <param name="DataCell">Cell of the data; without meaning when there are none or they stand in <paramref name="Inline"/>.</param>
/// <param name="Inline">The data when they stand in the value itself, else null.</param>
internal sealed record ValueNode(uint Cell, string Name, uint Type, int Length, uint DataCell, byte[]? Inline)
{
    /// <exception cref="DiskFormatException">There is no key value in the cell.</exception>
    public static ValueNode Read(HiveCells cells, uint cell)
    {
        Span<byte> start = stackalloc byte[RegistryFormat.ValueSize];
        int length = cells.DataLength(cell);
        if (length < start.Length)
        {
            throw DiskFormatException.Corrupt(RegistryFormat.ValueStructure, RegistryFormat.FileOffset(cell), $"{start.Length} bytes are needed, the cell has {length}");
        }

        cells.Read(cell, 0, start);
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(start[RegistryFormat.ValueNameLengthOffset..]);
        if (nameLength > length - start.Length)
        {
            throw DiskFormatException.Corrupt(RegistryFormat.ValueStructure, RegistryFormat.FileOffset(cell), $"the name has {nameLength} bytes, the cell has {length - start.Length} for it");
        }

        byte[] bytes = new byte[start.Length + nameLength];
        cells.Read(cell, 0, bytes);
        ValueNode value = Parse(bytes, cell);
        return value.Length <= cells.BinsSize
            ? value
            : throw DiskFormatException.Corrupt(RegistryFormat.ValueStructure, RegistryFormat.FileOffset(cell), $"the data have {value.Length} bytes, more than the {cells.BinsSize} bytes of bins");
    }

    /// <param name="bytes">The value with its name.</param>
    /// <param name="cell">Offset of its cell.</param>
    /// <exception cref="DiskFormatException">It is none.</exception>
    public static ValueNode Parse(ReadOnlySpan<byte> bytes, uint cell)
    {
        long position = RegistryFormat.FileOffset(cell);
        if (!bytes.StartsWith(RegistryFormat.ValueSignature))
        {
            throw DiskFormatException.Corrupt(RegistryFormat.ValueStructure, position, "the signature 'vk' is missing");
        }

        ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes[RegistryFormat.ValueFlagsOffset..]);
        if ((flags & RegistryFormat.ValueTombstone) != 0)
        {
            throw DiskFormatException.Unsupported(RegistryFormat.ValueStructure, position, "the value is a tombstone: the hive holds the differences to another one");
        }

        uint size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[RegistryFormat.ValueDataSizeOffset..]);
        bool isInline = (size & RegistryFormat.ValueDataInline) != 0;
        uint length = size & ~RegistryFormat.ValueDataInline;
        if (isInline && length > RegistryFormat.MaxInlineData)
        {
            throw DiskFormatException.Corrupt(RegistryFormat.ValueStructure, position + RegistryFormat.ValueDataSizeOffset, $"{length} bytes of data are said to stand in a field of {RegistryFormat.MaxInlineData}");
        }

        ReadOnlySpan<byte> name = bytes.Slice(RegistryFormat.ValueSize, BinaryPrimitives.ReadUInt16LittleEndian(bytes[RegistryFormat.ValueNameLengthOffset..]));
        return new ValueNode(
            cell,
            CellName.Decode(name, (flags & RegistryFormat.ValueCompressedName) != 0, RegistryFormat.ValueStructure, cell),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[RegistryFormat.ValueTypeOffset..]),
            (int)length,
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[RegistryFormat.ValueDataOffset..]),
            isInline ? bytes.Slice(RegistryFormat.ValueDataOffset, (int)length).ToArray() : null);
    }
}
