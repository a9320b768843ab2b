using System.Buffers.Binary;
using System.IO.Hashing;
using System.Numerics;
using System.Security.Cryptography;

namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>csum_type of the superblock.</summary>
internal enum BtrfsChecksumType : ushort
{
    Crc32C,
    XxHash64,
    Sha256,
    Blake2b,
}

/// <summary>The checksums of Btrfs. All algorithms are used without a key.</summary>
internal static class BtrfsChecksum
{
    /// <summary>The seed of the hash of a name.</summary>
    private const uint NameSeed = 0xFFFFFFFE;

    private const int MaxSize = 32;

    /// <summary>Bytes of a checksum.</summary>
    public static int SizeOf(BtrfsChecksumType type) => type switch
    {
        BtrfsChecksumType.Crc32C => 4,
        BtrfsChecksumType.XxHash64 => 8,
        _ => MaxSize,
    };

    /// <summary>Whether the checksum is that of the data.</summary>
    /// <param name="type">The algorithm.</param>
    /// <param name="data">The bytes.</param>
    /// <param name="stored">The checksum, at least as long as the algorithm makes it.</param>
    public static bool Matches(BtrfsChecksumType type, ReadOnlySpan<byte> data, ReadOnlySpan<byte> stored)
    {
        Span<byte> computed = stackalloc byte[MaxSize];
        computed = computed[..SizeOf(type)];
        Compute(type, data, computed);
        return stored.StartsWith(computed);
    }

    /// <summary>Computes a checksum.</summary>
    /// <param name="type">The algorithm.</param>
    /// <param name="data">The bytes.</param>
    /// <param name="checksum">Receives as many bytes as the algorithm makes, as they are on disk.</param>
    public static void Compute(BtrfsChecksumType type, ReadOnlySpan<byte> data, Span<byte> checksum)
    {
        switch (type)
        {
            case BtrfsChecksumType.Crc32C:
                BinaryPrimitives.WriteUInt32LittleEndian(checksum, ~Crc32C(uint.MaxValue, data));
                break;
            case BtrfsChecksumType.XxHash64:
                BinaryPrimitives.WriteUInt64LittleEndian(checksum, XxHash64.HashToUInt64(data));
                break;
            case BtrfsChecksumType.Sha256:
                SHA256.HashData(data, checksum);
                break;
            default:
                Blake2b.Hash256(data, checksum);
                break;
        }
    }

    /// <summary>The hash of a name: the offset of the key of its directory item.</summary>
    public static uint HashName(ReadOnlySpan<byte> name) => Crc32C(NameSeed, name);

    /// <summary>CRC-32C (polynomial 0x1EDC6F41, reflected) continued from <paramref name="crc"/>, without a final complement.</summary>
    private static uint Crc32C(uint crc, ReadOnlySpan<byte> data)
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
