using System.Buffers.Binary;
using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Registry.Cells;

/// <summary>
/// The cells of a hive, found by their offsets. Bins are walked once, as far as they are needed, so a cell is known to lie inside one.
/// </summary>
/// <param name="content">The hive, base block included.</param>
/// <param name="binsSize">Size of the bins in bytes; they lie inside the content.</param>
internal sealed class HiveCells(DiskContent content, uint binsSize)
{
    private readonly HiveBlockCache _blocks = new(content, RegistryFormat.BaseBlockSize + (long)binsSize);
    private readonly List<uint> _bins = [];
    private uint _walked;

    /// <summary>Size of the bins in bytes: no structure can be larger.</summary>
    public uint BinsSize => binsSize;

    /// <summary>The number of data bytes of an allocated cell, its header left out.</summary>
    /// <param name="cell">Offset from the start of the bins.</param>
    /// <exception cref="DiskFormatException">There is no allocated cell at the offset.</exception>
    public int DataLength(uint cell)
    {
        long position = RegistryFormat.FileOffset(cell);
        if (cell % RegistryFormat.CellAlignment != 0 || cell >= binsSize)
        {
            throw DiskFormatException.Corrupt(RegistryFormat.CellStructure, position, $"the offset 0x{cell:x} is not one of a cell in {binsSize} bytes of bins");
        }

        (uint start, uint end) = FindBin(cell);
        if (cell < start + RegistryFormat.BinHeaderSize)
        {
            throw DiskFormatException.Corrupt(RegistryFormat.CellStructure, position, "the offset points into the header of a bin");
        }

        Span<byte> header = stackalloc byte[RegistryFormat.CellHeaderSize];
        _blocks.Read(position, header);
        int size = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (size >= 0)
        {
            throw DiskFormatException.Corrupt(RegistryFormat.CellStructure, position, $"the size is {size}: the cell is not allocated");
        }

        if (size % RegistryFormat.CellAlignment != 0 || -(long)size > end - cell)
        {
            throw DiskFormatException.Corrupt(RegistryFormat.CellStructure, position, $"the cell has {-(long)size} bytes, its bin has {end - cell} from there");
        }

        return -size - RegistryFormat.CellHeaderSize;
    }

    /// <summary>Reads data of a cell whose length was asked for before.</summary>
    /// <param name="cell">Offset from the start of the bins.</param>
    /// <param name="at">First byte within the data.</param>
    /// <param name="destination">Receives bytes that lie inside the cell.</param>
    public void Read(uint cell, int at, Span<byte> destination) =>
        _blocks.Read(RegistryFormat.FileOffset(cell) + RegistryFormat.CellHeaderSize + at, destination);

    /// <summary>Reads the beginning of a cell.</summary>
    /// <param name="cell">Offset from the start of the bins.</param>
    /// <param name="length">Number of bytes.</param>
    /// <param name="structure">What the cell should hold.</param>
    /// <exception cref="DiskFormatException">There is no cell, or it is smaller.</exception>
    public byte[] ReadStart(uint cell, int length, string structure)
    {
        int available = DataLength(cell);
        if (length > available)
        {
            throw DiskFormatException.Corrupt(structure, RegistryFormat.FileOffset(cell), $"{length} bytes are needed, the cell has {available}");
        }

        byte[] bytes = new byte[length];
        Read(cell, 0, bytes);
        return bytes;
    }

    private (uint Start, uint End) FindBin(uint offset)
    {
        Span<byte> header = stackalloc byte[RegistryFormat.BinHeaderSize];
        while (_walked <= offset)
        {
            _blocks.Read(RegistryFormat.FileOffset(_walked), header);
            HiveBin bin = HiveBin.Parse(header, _walked, binsSize - _walked);
            _bins.Add(_walked);
            _walked += (uint)bin.Size;
        }

        int index = _bins.BinarySearch(offset);
        index = index >= 0 ? index : ~index - 1;
        return (_bins[index], index + 1 < _bins.Count ? _bins[index + 1] : _walked);
    }
}
