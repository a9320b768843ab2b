namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>
/// The log trees: what fsync wrote since the last commit, which Linux restores when it mounts. Restored here, in memory, is new data
/// and metadata of regular files that the commit already has under the same names. Any other change, of names above all, is refused.
/// </summary>
internal sealed class BtrfsLog
{
    internal const string Structure = "Btrfs log tree";

    private readonly BtrfsStorage _storage;
    private readonly Dictionary<(ulong Subvolume, ulong Inode), BtrfsLoggedFile> _files = [];
    private readonly List<BtrfsTree> _trees = [];

    private BtrfsLog(BtrfsStorage storage) => _storage = storage;

    /// <summary>Number of files with changes.</summary>
    public int Count => _files.Count;

    /// <summary>The log trees; each may have checksums of data.</summary>
    public IReadOnlyList<BtrfsTree> Trees => _trees;

    /// <summary>What the log says about a file; null when it says nothing.</summary>
    public BtrfsLoggedFile? Find(ulong subvolume, ulong inode) => _files.GetValueOrDefault((subvolume, inode));

    /// <summary>Reads the log.</summary>
    /// <param name="storage">The file system.</param>
    /// <param name="openTree">Gives the tree of a subvolume as the last commit left it; null when it is not there.</param>
    /// <exception cref="DiskFormatException">The log is damaged (Corrupt) or has changes that are not restored (Unsupported).</exception>
    public static BtrfsLog Read(BtrfsStorage storage, Func<ulong, BtrfsTree?> openTree)
    {
        BtrfsLog log = new(storage);
        BtrfsSuperblock superblock = storage.Superblock;
        BtrfsTree roots = new(storage, new BtrfsTreeRoot(BtrfsFormat.LogTreeId, superblock.LogRoot, superblock.LogRootLevel, superblock.Generation + 1));
        foreach (BtrfsItem item in roots.From(default))
        {
            if (item.Key.ObjectId != BtrfsFormat.LogTreeId || item.Key.Type != BtrfsFormat.RootItemKey)
            {
                throw DiskFormatException.Corrupt(Structure, item.Position, $"the tree of logs has an item {item.Key}");
            }

            // A subvolume that was deleted has nothing to restore.
            if (openTree(item.Key.Offset) is { } tree)
            {
                log.ReadTree(new BtrfsTree(storage, BtrfsRootItem.Parse(item).Root), tree);
            }
        }

        return log;
    }

    private void ReadTree(BtrfsTree logTree, BtrfsTree tree)
    {
        _trees.Add(logTree);
        BtrfsLoggedFile? file = null;
        int count = 0;
        foreach (BtrfsItem item in logTree.From(default))
        {
            if (++count > BtrfsFormat.MaxLogItems)
            {
                throw Unsupported(item, $"it has more than {BtrfsFormat.MaxLogItems} items");
            }

            switch (item.Key.Type)
            {
                case BtrfsFormat.InodeItemKey:
                    file = ReadFile(item, tree);
                    break;
                case BtrfsFormat.InodeReferenceKey or BtrfsFormat.InodeExtendedReferenceKey:
                    RequireSame(item, tree);
                    break;
                case BtrfsFormat.ExtentDataKey when file?.Inode.Number == item.Key.ObjectId:
                    file.Add(ReadExtent(item));
                    break;
                case BtrfsFormat.ExtendedAttributeKey:
                    // Extended attributes are not read.
                    break;
                case BtrfsFormat.ExtentChecksumKey when item.Key.ObjectId == BtrfsFormat.ExtentChecksumId:
                    break;
                default:
                    throw Unsupported(item, "names in a directory were made or removed");
            }
        }
    }

    private BtrfsLoggedFile ReadFile(BtrfsItem item, BtrfsTree tree)
    {
        ulong number = item.Key.ObjectId;
        if (tree.Find(item.Key) is not { } committed || BtrfsInode.IsWithoutLinks(committed.Data) || BtrfsInode.IsWithoutLinks(item.Data))
        {
            throw Unsupported(item, $"inode {number} is new or has no name");
        }

        BtrfsInode old = BtrfsInode.Parse(committed.Data, number, committed.Position);
        BtrfsInode logged = BtrfsInode.Parse(item.Data, number, item.Position);
        if (old.Kind != FileKind.Regular || logged.Kind != FileKind.Regular || old.LinkCount != logged.LinkCount || logged.Generation != old.Generation)
        {
            // A generation of 0 stands for an inode of which only the existence was logged.
            throw Unsupported(item, $"inode {number} is no regular file, or was made again, or has other links");
        }

        BtrfsLoggedFile file = new(logged);
        _files.Add((tree.Id, number), file);
        return file;
    }

    private BtrfsFileExtent ReadExtent(BtrfsItem item)
    {
        BtrfsFileExtent extent = BtrfsFileExtent.Parse(item, _storage.Superblock.SectorSize);
        return item.Index + 1 < item.Leaf.Count && item with { Index = item.Index + 1 } is var next
            && next.Key.ObjectId == item.Key.ObjectId && next.Key.Type == item.Key.Type && next.Key.Offset < (ulong)extent.End
                ? throw DiskFormatException.Corrupt(Structure, item.Position, $"the extent at byte {extent.Start} of inode {item.Key.ObjectId} overlaps the next one")
                : extent;
    }

    private static void RequireSame(BtrfsItem item, BtrfsTree tree)
    {
        if (tree.Find(item.Key) is not { } committed || !committed.Data.SequenceEqual(item.Data))
        {
            throw Unsupported(item, $"inode {item.Key.ObjectId} has another name");
        }
    }

    private static DiskFormatException Unsupported(BtrfsItem item, string what) => DiskFormatException.Unsupported(
        Structure,
        item.Position,
        $"the file system was not unmounted after files were written with fsync, and Linux would restore them from the log; what the log has is not restored here: {what} (item {item.Key})");
}
