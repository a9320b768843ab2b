using System.Buffers.Binary;
using System.Numerics;

namespace Marketplace.DiskImages.FileSystems.Xfs;

/// <summary>CRC-32C as XFS stores it: little-endian, complemented, over the whole structure with the field itself zero.</summary>
internal static class XfsChecksum
{
    /// <summary>Start of every checksum (XFS_CRC_SEED).</summary>
    public const uint Seed = ~0u;

    /// <summary>Whether the checksum in a structure is right.</summary>
    /// <param name="data">All bytes the checksum covers.</param>
    /// <param name="field">Offset of the field within them.</param>
    public static bool IsValid(ReadOnlySpan<byte> data, int field) => BinaryPrimitives.ReadUInt32LittleEndian(data[field..]) == Compute(data, field);

    /// <summary>Makes the checksum in a structure right.</summary>
    /// <param name="data">All bytes the checksum covers.</param>
    /// <param name="field">Offset of the field within them.</param>
    public static void Write(Span<byte> data, int field) => BinaryPrimitives.WriteUInt32LittleEndian(data[field..], Compute(data, field));

    /// <summary>The checksum a structure should have.</summary>
    public static uint Compute(ReadOnlySpan<byte> data, int field)
    {
        uint crc = Continue(Seed, data[..field]);
        crc = BitOperations.Crc32C(crc, 0u);
        return ~Continue(crc, data[(field + sizeof(uint))..]);
    }

    /// <summary>CRC-32C (polynomial 0x1EDC6F41, reflected) continued from <paramref name="crc"/>.</summary>
    public static uint Continue(uint crc, ReadOnlySpan<byte> data)
    {
        while (data.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }

        foreach (byte b in data)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return crc;
    }
}
