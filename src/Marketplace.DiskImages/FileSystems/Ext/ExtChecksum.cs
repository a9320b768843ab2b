using System.Buffers.Binary;
using System.Numerics;

namespace Marketplace.DiskImages.FileSystems.Ext;

/// <summary>The checksums of ext4 and jbd2, all without a final complement.</summary>
internal static class ExtChecksum
{
    private static readonly uint[] Crc32BigEndianTable = MakeCrc32BigEndianTable();

    /// <summary>CRC-32C (polynomial 0x1EDC6F41, reflected) continued from <paramref name="crc"/>.</summary>
    public static uint Crc32C(uint crc, ReadOnlySpan<byte> data)
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

    /// <summary>CRC-32C continued with a number as the disk has it, little-endian.</summary>
    public static uint Crc32C(uint crc, uint littleEndian) => BitOperations.Crc32C(crc, littleEndian);

    /// <summary>CRC-32C continued with zeros, which stand for a checksum field.</summary>
    public static uint Crc32CZeros(uint crc, int count)
    {
        for (int i = 0; i < count; i++)
        {
            crc = BitOperations.Crc32C(crc, (byte)0);
        }

        return crc;
    }

    /// <summary>CRC-16 (polynomial 0x8005, reflected) continued from <paramref name="crc"/>: the group descriptors of uninit_bg.</summary>
    public static ushort Crc16(ushort crc, ReadOnlySpan<byte> data)
    {
        uint value = crc;
        foreach (byte b in data)
        {
            value ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value >> 1) ^ ((value & 1) * 0xA001);
            }
        }

        return (ushort)value;
    }

    /// <summary>CRC-32 (polynomial 0x04C11DB7, not reflected) continued from <paramref name="crc"/>: commit blocks of the first journal checksum.</summary>
    public static uint Crc32BigEndian(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (byte b in data)
        {
            crc = (crc << 8) ^ Crc32BigEndianTable[(crc >> 24) ^ b];
        }

        return crc;
    }

    private static uint[] MakeCrc32BigEndianTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i << 24;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value << 1) ^ ((value >> 31) * 0x04C11DB7);
            }

            table[i] = value;
        }

        return table;
    }
}
