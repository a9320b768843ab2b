using System.Buffers.Binary;
using System.Numerics;

namespace Marketplace.DiskImages.Formats.Vhdx;

/// <summary>CRC-32C as the structures of VHDX carry it, calculated with its own field as zero.</summary>
internal static class VhdxChecksum
{
    /// <summary>The field stands at this offset in every structure that has one.</summary>
    public const int Offset = 4;

    /// <summary>What a CRC begins with.</summary>
    public const uint Seed = uint.MaxValue;

    /// <summary>The checksum a structure should have.</summary>
    public static uint Compute(ReadOnlySpan<byte> structure) => ~Continue(Continue(Continue(Seed, structure[..Offset]), stackalloc byte[sizeof(uint)]), structure[(Offset + sizeof(uint))..]);

    /// <summary>Whether the structure carries its checksum.</summary>
    public static bool IsRight(ReadOnlySpan<byte> structure) => Compute(structure) == BinaryPrimitives.ReadUInt32LittleEndian(structure[Offset..]);

    /// <summary>Continues a checksum, without the final complement.</summary>
    public static uint Continue(uint crc, ReadOnlySpan<byte> data)
    {
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }

        foreach (byte value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }
}
