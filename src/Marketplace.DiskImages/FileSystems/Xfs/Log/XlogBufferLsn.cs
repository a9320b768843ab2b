using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Xfs.Log;

/// <summary>What a block of metadata of version 5 tells of itself, whatever its type.</summary>
/// <param name="Lsn">Place in the log of its last change.</param>
/// <param name="Checksum">Offset of its checksum; null for kinds this reader never reads.</param>
/// <param name="Address">Offset of its address in units of 512 bytes.</param>
/// <param name="Magic">Its type.</param>
/// <param name="Owner">The inode it belongs to.</param>
internal readonly record struct XlogBufferLsn(ulong Lsn, int? Checksum, int Address, uint Magic = 0, ulong Owner = 0)
{
    private const uint FreeBlockMagic = 0x58444633;
    private const ushort AttributeLeafMagic = 0x3BEE;

    // "AB3B", "AB3C", "IAB3", "FIB3", "RMB3", "R3FC": trees of an allocation group.
    private static readonly uint[] GroupTrees = [0x41423342, 0x41423343, 0x49414233, 0x46494233, 0x524D4233, 0x52334643];

    /// <summary>Reads it; null when the block has none, or is left from another file system.</summary>
    /// <param name="block">The block.</param>
    /// <param name="uuid">The identifier in the structures.</param>
    public static XlogBufferLsn? Read(ReadOnlySpan<byte> block, ReadOnlySpan<byte> uuid)
    {
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(block);
        if (magic is XfsFormat.DirectoryBlockV5 or XfsFormat.DirectoryDataV5 or FreeBlockMagic)
        {
            return Of(magic, XfsBlockHeader.Directory, block, uuid);
        }

        if (magic is XfsFormat.BmapMagicV5 or XfsFormat.SymlinkMagic)
        {
            return Of(magic, magic is XfsFormat.BmapMagicV5 ? XfsBlockHeader.Bmap : XfsBlockHeader.Symlink, block, uuid);
        }

        if (Array.IndexOf(GroupTrees, magic) >= 0)
        {
            // The short form of struct xfs_btree_block.
            return block.Slice(32, 16).SequenceEqual(uuid) ? new XlogBufferLsn(BinaryPrimitives.ReadUInt64BigEndian(block[24..]), null, 16) : null;
        }

        if (magic is XfsFormat.SuperblockMagic)
        {
            return new XlogBufferLsn(BinaryPrimitives.ReadUInt64BigEndian(block[240..]), null, 0);
        }

        ushort daMagic = BinaryPrimitives.ReadUInt16BigEndian(block[8..]);
        return daMagic switch
        {
            XfsFormat.Leaf1V5 or XfsFormat.LeafNV5 or XfsFormat.NodeV5 or AttributeLeafMagic => Of(daMagic, XfsBlockHeader.Index, block, uuid),
            _ => null,
        };
    }

    private static XlogBufferLsn? Of(uint magic, XfsBlockHeader header, ReadOnlySpan<byte> block, ReadOnlySpan<byte> uuid) =>
        block.Slice(header.Uuid, 16).SequenceEqual(uuid)
            ? new XlogBufferLsn(BinaryPrimitives.ReadUInt64BigEndian(block[header.Lsn..]), header.Checksum, header.Address, magic, BinaryPrimitives.ReadUInt64BigEndian(block[header.Owner..]))
            : null;
}
