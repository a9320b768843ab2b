using System.Buffers.Binary;
using System.Numerics;

namespace Marketplace.DiskImages.Formats.Vmdk;

/// <summary>The header of a sparse extent: 512 bytes.</summary>
internal sealed record VmdkSparseHeader
{
    /// <summary>flags.</summary>
    public required uint Flags { get; init; }

    /// <summary>capacity in bytes.</summary>
    public required long Capacity { get; init; }

    /// <summary>grainSize in bytes.</summary>
    public required int GrainSize { get; init; }

    /// <summary>descriptorOffset in bytes; 0 when the descriptor is a file of its own.</summary>
    public required long DescriptorOffset { get; init; }

    /// <summary>descriptorSize in bytes.</summary>
    public required long DescriptorSize { get; init; }

    /// <summary>numGTEsPerGT.</summary>
    public required uint EntriesPerTable { get; init; }

    /// <summary>gdOffset in sectors.</summary>
    public required ulong DirectorySector { get; init; }

    /// <summary>uncleanShutdown.</summary>
    public required bool UncleanShutdown { get; init; }

    /// <summary>Whether grains are compressed.</summary>
    public bool IsCompressed => (Flags & VmdkFormat.CompressedGrains) != 0;

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">512 bytes.</param>
    /// <param name="offset">Where they stand, for messages.</param>
    /// <exception cref="DiskFormatException">The header is damaged, or uses what is not read.</exception>
    public static VmdkSparseHeader Parse(ReadOnlySpan<byte> bytes, long offset)
    {
        if (!bytes.StartsWith(VmdkFormat.SparseSignature))
        {
            throw Corrupt(offset, "the signature 'KDMV' is missing");
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (version is 0 or > 3)
        {
            throw Unsupported(offset + 4, $"version {version}");
        }

        if ((flags & ~VmdkFormat.KnownFlags) != 0)
        {
            throw Unsupported(offset + 8, $"the unknown flags 0x{flags & ~VmdkFormat.KnownFlags:x}");
        }

        // singleEndLineChar, nonEndLineChar, doubleEndLineChar1 and 2: a transfer as text changes them.
        if ((flags & VmdkFormat.ValidNewLineTest) != 0 && !bytes[73..].StartsWith("\n \r\n"u8))
        {
            throw Corrupt(offset + 73, "the file was damaged by a transfer as text");
        }

        ushort algorithm = BinaryPrimitives.ReadUInt16LittleEndian(bytes[77..]); // compressAlgorithm
        bool compressed = (flags & VmdkFormat.CompressedGrains) != 0;
        if (compressed && (algorithm != VmdkFormat.CompressionDeflate || (flags & VmdkFormat.HasMarkers) == 0))
        {
            throw Unsupported(offset + 77, $"compressed grains of the algorithm {algorithm}, flags 0x{flags:x}");
        }

        ulong capacity = BinaryPrimitives.ReadUInt64LittleEndian(bytes[12..]);
        ulong grainSize = BinaryPrimitives.ReadUInt64LittleEndian(bytes[20..]);
        if (!BitOperations.IsPow2(grainSize) || capacity > long.MaxValue / 2 / VmdkFormat.SectorSize)
        {
            throw Corrupt(offset + 12, $"a capacity of {capacity} sectors in grains of {grainSize} sectors");
        }

        if (grainSize > VmdkFormat.MaxGrainSectors)
        {
            throw Unsupported(offset + 20, $"grains of {grainSize} sectors, at most {VmdkFormat.MaxGrainSectors} are read");
        }

        uint entries = BinaryPrimitives.ReadUInt32LittleEndian(bytes[44..]);
        return entries is 0 or > VmdkFormat.MaxEntriesPerTable
            ? throw Corrupt(offset + 44, $"grain tables of {entries} entries")
            : new VmdkSparseHeader
            {
                Flags = flags,
                Capacity = (long)capacity * VmdkFormat.SectorSize,
                GrainSize = (int)grainSize * VmdkFormat.SectorSize,
                DescriptorOffset = Bytes(bytes[28..]),
                DescriptorSize = Bytes(bytes[36..]),
                EntriesPerTable = entries,
                DirectorySector = BinaryPrimitives.ReadUInt64LittleEndian(bytes[56..]),
                UncleanShutdown = bytes[72] != 0,
            };
    }

    // Sectors as bytes; what is too large for a file becomes the largest offset, which no file has.
    private static long Bytes(ReadOnlySpan<byte> sectors) =>
        BinaryPrimitives.ReadUInt64LittleEndian(sectors) is var count && count <= long.MaxValue / VmdkFormat.SectorSize ? (long)count * VmdkFormat.SectorSize : long.MaxValue;

    private static DiskFormatException Corrupt(long offset, string detail) => DiskFormatException.Corrupt(VmdkFormat.HeaderStructure, offset, detail);

    private static DiskFormatException Unsupported(long offset, string detail) => DiskFormatException.Unsupported(VmdkFormat.HeaderStructure, offset, detail);
}
