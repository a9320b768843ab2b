using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Xfs;

/// <summary>The target of a symbolic link: in the inode, or in extents. In version 5 each extent starts with a header, struct xfs_dsymlink_hdr.</summary>
internal static class XfsSymlink
{
    /// <summary>Reads the target.</summary>
    /// <exception cref="DiskFormatException">The link is damaged.</exception>
    public static byte[] Read(XfsVolume volume, XfsInode inode)
    {
        if (inode.Size > XfsFormat.MaxLinkTarget)
        {
            throw Corrupt(inode, inode.Offset, $"the target has {inode.Size} bytes, at most {XfsFormat.MaxLinkTarget} are possible");
        }

        byte[] target = new byte[inode.Size];
        if (inode.Format == XfsForkFormat.Local)
        {
            inode.Fork.AsSpan(0, target.Length).CopyTo(target);
        }
        else
        {
            ReadExtents(volume, inode, target);
        }

        return target.AsSpan().Contains((byte)0) ? throw Corrupt(inode, inode.Offset, "the target has a zero byte") : target;
    }

    private static void ReadExtents(XfsVolume volume, XfsInode inode, Span<byte> target)
    {
        XfsSuperblock superblock = volume.Superblock;
        XfsExtentMap map = new(volume, inode);
        int header = superblock.HasChecksums ? XfsFormat.SymlinkHeader : 0;

        // Headers included, and a whole block for each: a target never needs more than this many.
        int maxBlocks = 1 + (XfsFormat.MaxLinkTarget / (superblock.BlockSize - header));
        int done = 0;
        for (long logical = 0; done < target.Length;)
        {
            XfsRun run = map.Find(logical);
            if (!run.IsWritten || run.Count > maxBlocks)
            {
                throw Corrupt(inode, inode.ForkPosition, $"{run.Count} blocks from block {logical} of the link {(run.IsWritten ? "are more than a target needs" : "are not stored")}");
            }

            ReadOnlySpan<byte> raw = volume.ReadBlocks(run.Block, (int)run.Count).Span;
            int length = Math.Min(target.Length - done, raw.Length - header);
            if (header != 0)
            {
                CheckHeader(volume, inode, raw, run, done, length);
            }

            raw.Slice(header, length).CopyTo(target[done..]);
            done += length;
            logical += run.Count;
        }
    }

    private static void CheckHeader(XfsVolume volume, XfsInode inode, ReadOnlySpan<byte> raw, XfsRun run, int start, int length)
    {
        long offset = volume.Superblock.PositionOf(run.Block);
        if (BinaryPrimitives.ReadUInt32BigEndian(raw) != XfsFormat.SymlinkMagic)
        {
            throw Corrupt(inode, offset, $"sl_magic is 0x{BinaryPrimitives.ReadUInt32BigEndian(raw):X8}, expected 0x{XfsFormat.SymlinkMagic:X8}");
        }

        volume.Check(raw, XfsBlockHeader.Symlink, offset, inode.Number, StructureOf(inode), volume.IsReplayed(run.Block, (int)run.Count));
        uint itsStart = BinaryPrimitives.ReadUInt32BigEndian(raw[4..]);
        uint itsLength = BinaryPrimitives.ReadUInt32BigEndian(raw[8..]);
        if (itsStart != start || itsLength != length)
        {
            throw Corrupt(inode, offset, $"sl_offset is {itsStart} and sl_bytes {itsLength}, expected {start} and {length}");
        }
    }

    private static string StructureOf(XfsInode inode) => $"XFS symbolic link of inode {inode.Number}";

    private static DiskFormatException Corrupt(XfsInode inode, long offset, string detail) => DiskFormatException.Corrupt(StructureOf(inode), offset, detail);
}
