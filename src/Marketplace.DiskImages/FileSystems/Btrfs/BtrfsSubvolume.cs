namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>A subvolume or snapshot: a tree of files of its own, with its own inode numbers.</summary>
/// <param name="Tree">Its tree.</param>
/// <param name="Index">A number that tells it from the other open subvolumes.</param>
/// <param name="Log">The log to be replayed; null when there is none.</param>
internal sealed record BtrfsSubvolume(BtrfsTree Tree, int Index, BtrfsLog? Log)
{
    public ulong Id => Tree.Id;

    /// <summary>A number for an inode that no file of another subvolume has.</summary>
    public ulong FileId(ulong inode) => inode | ((ulong)Index << BtrfsFormat.IdBits);

    /// <summary>Reads an inode.</summary>
    /// <param name="number">Its number.</param>
    /// <exception cref="DiskFormatException">There is no such inode, or it is damaged.</exception>
    public BtrfsInode ReadInode(ulong number)
    {
        if (number is < BtrfsFormat.FirstFreeId or >= 1UL << BtrfsFormat.IdBits)
        {
            throw DiskFormatException.Corrupt(BtrfsInode.StructureOf(number), -1, $"files have inodes {BtrfsFormat.FirstFreeId} to 2^{BtrfsFormat.IdBits} (subvolume {Id})");
        }

        return FindLogged(number)?.Inode ?? ReadCommitted(number);
    }

    /// <summary>What the log says about a file; null when it says nothing.</summary>
    public BtrfsLoggedFile? FindLogged(ulong number) => Log?.Find(Id, number);

    private BtrfsInode ReadCommitted(ulong number) =>
        Tree.Find(new BtrfsKey(number, BtrfsFormat.InodeItemKey, 0)) is { } item
            ? BtrfsInode.Parse(item.Data, number, item.Position)
            : throw DiskFormatException.Corrupt(BtrfsInode.StructureOf(number), -1, $"a name leads to it and subvolume {Id} has no such inode");
}
