using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Xfs;

/// <summary>A directory kept in its inode: struct xfs_dir2_sf_hdr, then entries.</summary>
internal static class XfsShortDirectory
{
    private const int CountsSize = 2;
    private const int EntryHead = 3;

    /// <summary>The entries in the order of the disk; <c>.</c> and <c>..</c> are not stored.</summary>
    /// <exception cref="DiskFormatException">The directory is damaged.</exception>
    public static IReadOnlyList<XfsDirectoryRecord> Parse(XfsInode inode, XfsSuperblock superblock)
    {
        ReadOnlyMemory<byte> raw = inode.Fork.AsMemory(0, (int)inode.Size);
        ReadOnlySpan<byte> span = raw.Span;

        // i8count tells that at least one number, that of the parent included, needs 8 bytes; then all have 8.
        int numberSize = span.Length > 1 && span[1] > 0 ? sizeof(ulong) : sizeof(uint);
        int offset = CountsSize + numberSize;
        if (span.Length < offset)
        {
            throw Corrupt(inode, $"di_size is {inode.Size}, the header has {offset} bytes");
        }

        int typeSize = superblock.HasFileTypes ? 1 : 0;
        XfsDirectoryRecord[] records = new XfsDirectoryRecord[span[0]];
        for (int i = 0; i < records.Length; i++)
        {
            int nameLength = offset < span.Length ? span[offset] : 0;
            int end = offset + EntryHead + nameLength + typeSize + numberSize;
            if (nameLength == 0 || end > span.Length)
            {
                throw Corrupt(inode, $"entry {i} of {records.Length} at byte {offset} has a name of {nameLength} bytes, the directory has {span.Length} bytes");
            }

            ReadOnlySpan<byte> number = span[(end - numberSize)..end];
            records[i] = new XfsDirectoryRecord(
                raw.Slice(offset + EntryHead, nameLength),
                numberSize == sizeof(ulong) ? BinaryPrimitives.ReadUInt64BigEndian(number) : BinaryPrimitives.ReadUInt32BigEndian(number));
            offset = end;
        }

        return offset == span.Length ? records : throw Corrupt(inode, $"the entries end at byte {offset}, the directory has {span.Length} bytes");
    }

    private static DiskFormatException Corrupt(XfsInode inode, string detail) =>
        DiskFormatException.Corrupt($"XFS directory of inode {inode.Number}", inode.ForkPosition, detail);
}
