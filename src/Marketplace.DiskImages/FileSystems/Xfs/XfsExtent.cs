using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Xfs;

/// <summary>An extent: xfs_bmbt_rec, 128 bits packed as 1 + 54 + 52 + 21.</summary>
/// <param name="Start">First block within the file.</param>
/// <param name="Block">First block on the volume: group and block within the group.</param>
/// <param name="Count">Number of blocks, at least 1.</param>
/// <param name="IsUnwritten">Preallocated: reads as zeros.</param>
internal readonly record struct XfsExtent(long Start, ulong Block, long Count, bool IsUnwritten)
{
    /// <summary>First block within the file after it.</summary>
    public long End => Start + Count;

    /// <summary>Unpacks the 16 bytes of a record.</summary>
    public static XfsExtent Parse(ReadOnlySpan<byte> raw)
    {
        ulong high = BinaryPrimitives.ReadUInt64BigEndian(raw);
        ulong low = BinaryPrimitives.ReadUInt64BigEndian(raw[sizeof(ulong)..]);
        return new XfsExtent((long)(high << 1 >> 10), ((high & 0x1FF) << 43) | (low >> 21), (long)(low & 0x1FFFFF), high >> 63 != 0);
    }

    /// <summary>Unpacks a list of records that must be in order, without overlap and inside the file system.</summary>
    /// <param name="raw">Whole records.</param>
    /// <param name="superblock">The superblock of the file system.</param>
    /// <param name="first">First block of the file the list may cover.</param>
    /// <param name="structure">What holds the list, in messages.</param>
    /// <param name="offset">Offset of the list in bytes within the volume.</param>
    /// <exception cref="DiskFormatException">An extent cannot be.</exception>
    public static XfsExtent[] ParseAll(ReadOnlySpan<byte> raw, XfsSuperblock superblock, long first, string structure, long offset)
    {
        XfsExtent[] extents = new XfsExtent[raw.Length / XfsFormat.ExtentRecordSize];
        for (int i = 0; i < extents.Length; i++)
        {
            XfsExtent extent = Parse(raw[(i * XfsFormat.ExtentRecordSize)..]);
            if (extent.Count == 0 || extent.Start < first || !superblock.Contains(extent.Block, extent.Count))
            {
                throw DiskFormatException.Corrupt(structure, offset, $"extent {i} maps {extent.Count} blocks from {extent.Start} to block {extent.Block}, which is before {first}, empty or not inside the file system");
            }

            extents[i] = extent;
            first = extent.End;
        }

        return extents;
    }
}
