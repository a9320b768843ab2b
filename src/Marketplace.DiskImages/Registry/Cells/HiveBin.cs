using System.Buffers.Binary;

namespace Marketplace.DiskImages.Registry.Cells;

/// <summary>The header of a hive bin.</summary>
/// <param name="Size">Size in bytes, header included: a multiple of 4096.</param>
/// <param name="Timestamp">A FILETIME; of the first bin, the copy of the one in the base block.</param>
internal readonly record struct HiveBin(int Size, ulong Timestamp)
{
    /// <param name="bytes">The 32 bytes of the header.</param>
    /// <param name="offset">Where the bin begins, from the start of the bins.</param>
    /// <param name="available">Bytes from there to the end of the bins.</param>
    /// <exception cref="DiskFormatException">The header is wrong.</exception>
    public static HiveBin Parse(ReadOnlySpan<byte> bytes, uint offset, uint available)
    {
        long position = RegistryFormat.FileOffset(offset);
        if (!bytes.StartsWith(RegistryFormat.BinSignature))
        {
            throw DiskFormatException.Corrupt(RegistryFormat.BinStructure, position, "the signature 'hbin' is missing");
        }

        uint own = BinaryPrimitives.ReadUInt32LittleEndian(bytes[RegistryFormat.BinOffsetOffset..]);
        if (own != offset)
        {
            throw DiskFormatException.Corrupt(RegistryFormat.BinStructure, position + RegistryFormat.BinOffsetOffset, $"the bin says it begins at {own}, it begins at {offset}");
        }

        uint size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[RegistryFormat.BinSizeOffset..]);
        if (size == 0 || size % RegistryFormat.BinAlignment != 0 || size > available)
        {
            throw DiskFormatException.Corrupt(RegistryFormat.BinStructure, position + RegistryFormat.BinSizeOffset, $"the bin has {size} bytes, {available} are left");
        }

        return new HiveBin((int)size, BinaryPrimitives.ReadUInt64LittleEndian(bytes[RegistryFormat.BinTimestampOffset..]));
    }
}
