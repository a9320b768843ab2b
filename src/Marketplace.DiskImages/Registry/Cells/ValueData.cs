using System.Buffers.Binary;

namespace Marketplace.DiskImages.Registry.Cells;

/// <summary>The data of values: in the value, in one cell, or cut into the segments of a big data record (<c>db</c>).</summary>
internal static class ValueData
{
    /// <exception cref="DiskFormatException">The data are damaged, or larger than what is read.</exception>
    public static byte[] Read(HiveCells cells, ValueNode value, uint minorVersion)
    {
        if (value.Inline is { } inline)
        {
            return [.. inline];
        }

        if (value.Length == 0)
        {
            return [];
        }

        if (value.Length > RegistryFormat.MaxValueSize)
        {
            throw DiskFormatException.Unsupported(RegistryFormat.ValueStructure, RegistryFormat.FileOffset(value.Cell), $"the data have {value.Length} bytes, at most {RegistryFormat.MaxValueSize} are read");
        }

        return value.Length > RegistryFormat.BigDataSegmentSize && minorVersion >= RegistryFormat.FirstMinorVersionWithBigData
            ? ReadSegments(cells, value)
            : cells.ReadStart(value.DataCell, value.Length, RegistryFormat.ValueStructure);
    }

    private static byte[] ReadSegments(HiveCells cells, ValueNode value)
    {
        long position = RegistryFormat.FileOffset(value.DataCell);
        byte[] record = cells.ReadStart(value.DataCell, RegistryFormat.BigDataSize, RegistryFormat.BigDataStructure);
        if (!record.AsSpan().StartsWith(RegistryFormat.BigDataSignature))
        {
            throw DiskFormatException.Corrupt(RegistryFormat.BigDataStructure, position, "the signature 'db' is missing");
        }

        int count = BinaryPrimitives.ReadUInt16LittleEndian(record.AsSpan(RegistryFormat.BigDataCountOffset));
        int needed = (value.Length + RegistryFormat.BigDataSegmentSize - 1) / RegistryFormat.BigDataSegmentSize;
        if (count != needed)
        {
            throw DiskFormatException.Corrupt(RegistryFormat.BigDataStructure, position + RegistryFormat.BigDataCountOffset, $"{value.Length} bytes take {needed} segments, there are {count}");
        }

        uint listCell = BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan(RegistryFormat.BigDataListOffset));
        byte[] list = cells.ReadStart(listCell, count * RegistryFormat.IndexElementSize, RegistryFormat.BigDataStructure);
        byte[] data = new byte[value.Length];
        for (int i = 0; i < count; i++)
        {
            uint segment = BinaryPrimitives.ReadUInt32LittleEndian(list.AsSpan(i * RegistryFormat.IndexElementSize));
            int done = i * RegistryFormat.BigDataSegmentSize;
            Span<byte> part = data.AsSpan(done, Math.Min(RegistryFormat.BigDataSegmentSize, data.Length - done));
            int available = cells.DataLength(segment);
            if (available < part.Length)
            {
                throw DiskFormatException.Corrupt(RegistryFormat.BigDataStructure, RegistryFormat.FileOffset(segment), $"segment {i} has {available} bytes, {part.Length} are needed");
            }

            cells.Read(segment, 0, part);
        }

        return data;
    }
}
