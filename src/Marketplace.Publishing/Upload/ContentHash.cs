using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Marketplace.Publishing.Upload;

/// <summary>
/// The root hash of a disk: SHA-256 over the virtual length, then the index and the SHA-256 of each 4 MiB cell that is not all zero,
/// ascending (numbers as 8 bytes, big-endian). It depends on the bytes of the disk only: not on holes, not on the footer.
/// </summary>
internal sealed class ContentHash
{
    private readonly SortedDictionary<long, byte[]> _cells = [];

    /// <summary>Adds a cell that is not all zero; safe from several threads.</summary>
    /// <param name="index">Index of the cell in the grid.</param>
    /// <param name="cell">The bytes of the cell.</param>
    public void Add(long index, ReadOnlySpan<byte> cell)
    {
        byte[] hash = SHA256.HashData(cell);
        lock (_cells)
        {
            _cells.Add(index, hash);
        }
    }

    /// <summary>The root hash, lower-case hexadecimal.</summary>
    /// <param name="virtualSize">Virtual size of the disk in bytes.</param>
    public string Finish(long virtualSize)
    {
        using var root = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, virtualSize);
        root.AppendData(number);
        foreach ((long index, byte[] hash) in _cells)
        {
            BinaryPrimitives.WriteInt64BigEndian(number, index);
            root.AppendData(number);
            root.AppendData(hash);
        }

        return Convert.ToHexStringLower(root.GetHashAndReset());
    }
}
