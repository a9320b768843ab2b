using System.Buffers.Binary;
using System.Numerics;

namespace Marketplace.DiskImages.Packages.Rpm.BerkeleyDb;

/// <summary>The meta page of a hash file (<c>HMETA</c>).</summary>
/// <param name="IsBigEndian">Byte order of all numbers.</param>
/// <param name="PageSize">Size of a page in bytes.</param>
/// <param name="LastPage">Number of the last page (<c>last_pgno</c>).</param>
/// <param name="MaxBucket">Number of the last bucket (<c>max_bucket</c>).</param>
/// <param name="Spares">What to add to a bucket to find its page, by the power of two it lies under (<c>spares</c>).</param>
internal sealed record BerkeleyHashMeta(bool IsBigEndian, int PageSize, uint LastPage, uint MaxBucket, uint[] Spares)
{
    /// <param name="bytes">The first 512 bytes of the file.</param>
    /// <param name="fileLength">Length of the file in bytes.</param>
    /// <exception cref="DiskFormatException">The page is damaged, or the file uses what is not read.</exception>
    public static BerkeleyHashMeta Parse(ReadOnlySpan<byte> bytes, long fileLength)
    {
        bool big = BinaryPrimitives.ReadUInt32BigEndian(bytes[BerkeleyHashFormat.MagicOffset..]) == BerkeleyHashFormat.Magic;
        uint version = U32(bytes, BerkeleyHashFormat.VersionOffset, big);
        if (version is < BerkeleyHashFormat.MinVersion or > BerkeleyHashFormat.MaxVersion)
        {
            throw DiskFormatException.Unsupported(BerkeleyHashFormat.MetaStructure, BerkeleyHashFormat.VersionOffset, $"the version is {version}, 8 to 10 are read");
        }

        if (bytes[BerkeleyHashFormat.EncryptionOffset] != 0 || (bytes[BerkeleyHashFormat.MetaFlagsOffset] & BerkeleyHashFormat.ChecksumFlag) != 0 || U32(bytes, BerkeleyHashFormat.PartsOffset, big) != 0)
        {
            throw DiskFormatException.Unsupported(BerkeleyHashFormat.MetaStructure, BerkeleyHashFormat.EncryptionOffset, "the file is encrypted, partitioned or has page checksums");
        }

        uint pageSize = U32(bytes, BerkeleyHashFormat.PageSizeOffset, big);
        if (pageSize is < BerkeleyHashFormat.MinPageSize or > BerkeleyHashFormat.MaxPageSize || !BitOperations.IsPow2(pageSize))
        {
            throw DiskFormatException.Corrupt(BerkeleyHashFormat.MetaStructure, BerkeleyHashFormat.PageSizeOffset, $"the page size is {pageSize}");
        }

        uint lastPage = U32(bytes, BerkeleyHashFormat.LastPageOffset, big);
        if (lastPage >= fileLength / pageSize)
        {
            throw DiskFormatException.Truncated(BerkeleyHashFormat.MetaStructure, BerkeleyHashFormat.LastPageOffset, $"the last page is {lastPage}, the file has {fileLength / pageSize}");
        }

        uint maxBucket = U32(bytes, BerkeleyHashFormat.MaxBucketOffset, big);
        if (maxBucket >= lastPage)
        {
            throw DiskFormatException.Corrupt(BerkeleyHashFormat.MetaStructure, BerkeleyHashFormat.MaxBucketOffset, $"the last bucket is {maxBucket}, the last page {lastPage}");
        }

        uint[] spares = new uint[BerkeleyHashFormat.SparesCount];
        for (int i = 0; i < spares.Length; i++)
        {
            spares[i] = U32(bytes, BerkeleyHashFormat.SparesOffset + (i * sizeof(uint)), big);
        }

        return new BerkeleyHashMeta(big, (int)pageSize, lastPage, maxBucket, spares);
    }

    /// <summary>The first page of a bucket; it may lie outside the file.</summary>
    public long PageOf(uint bucket) => bucket + (long)Spares[bucket == 0 ? 0 : Math.Min(BitOperations.Log2(bucket) + 1, Spares.Length - 1)];

    /// <summary>A number of 32 bits in the order of the file.</summary>
    public uint U32(ReadOnlySpan<byte> bytes, int offset) => U32(bytes, offset, IsBigEndian);

    /// <summary>A number of 16 bits in the order of the file.</summary>
    public int U16(ReadOnlySpan<byte> bytes, int offset) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]) : BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int offset, bool big) =>
        big ? BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
