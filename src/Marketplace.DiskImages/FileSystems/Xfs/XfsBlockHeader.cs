namespace Marketplace.DiskImages.FileSystems.Xfs;

/// <summary>Offsets in bytes of the fields of version 5 that a block of metadata is known by.</summary>
/// <param name="Checksum">CRC-32C of the block.</param>
/// <param name="Address">Address of the block in units of 512 bytes.</param>
/// <param name="Lsn">Place in the log of its last change.</param>
/// <param name="Uuid">The file system.</param>
/// <param name="Owner">The inode.</param>
internal readonly record struct XfsBlockHeader(int Checksum, int Address, int Lsn, int Uuid, int Owner)
{
    /// <summary>struct xfs_dir3_blk_hdr.</summary>
    public static readonly XfsBlockHeader Directory = new(4, 8, 16, 24, 40);

    /// <summary>struct xfs_da3_blkinfo.</summary>
    public static readonly XfsBlockHeader Index = new(12, 16, 24, 32, 48);

    /// <summary>struct xfs_btree_block, long form.</summary>
    public static readonly XfsBlockHeader Bmap = new(64, 24, 32, 40, 56);

    /// <summary>struct xfs_dsymlink_hdr.</summary>
    public static readonly XfsBlockHeader Symlink = new(12, 40, 48, 16, 32);
}
