using System.Buffers.Binary;
using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>The trees of a file system: chunks, roots, checksums and subvolumes.</summary>
internal sealed class BtrfsVolume
{
    private readonly BtrfsStorage _storage;
    private readonly BtrfsTree _roots;
    private readonly Dictionary<ulong, BtrfsSubvolume?> _subvolumes = [];
    private readonly BtrfsLog? _log;
    private int _opened;

    private BtrfsVolume(BtrfsStorage storage)
    {
        _storage = storage;
        _roots = new BtrfsTree(storage, storage.Superblock.RootTree);
        if (storage.Superblock.LogRoot != 0)
        {
            _log = BtrfsLog.Read(storage, id => FindSubvolume(id) is { } root ? new BtrfsTree(storage, root.Root) : null);
            storage.Notes.Add($"The file system was not unmounted; {_log.Count} files were restored in memory from its log, as Linux does when it mounts.");
        }

        IEnumerable<BtrfsTree> checksums = FindRoot(BtrfsFormat.ChecksumTreeId) is { } found ? [new BtrfsTree(storage, found.Root)] : [];
        Data = new BtrfsDataReader(storage, (_log?.Trees ?? []).Concat(checksums));
    }

    public BtrfsSuperblock Superblock => _storage.Superblock;

    public BtrfsDataReader Data { get; }

    /// <summary>What is to be told about damaged copies, so far.</summary>
    public IReadOnlyList<string> Notes => _storage.Notes;

    /// <summary>Opens the trees.</summary>
    /// <exception cref="DiskFormatException">The file system is damaged or not read.</exception>
    public static BtrfsVolume Open(DiskContent content)
    {
        List<string> notes = [];
        BtrfsSuperblock superblock = BtrfsSuperblockFinder.Find(content, notes);
        BtrfsStorage storage = new(content, superblock);
        storage.Notes.AddRange(notes);
        foreach ((BtrfsChunk chunk, long position) in ReadSystemChunks(superblock, content.Length).OrderBy(chunk => chunk.Chunk.Logical))
        {
            storage.Chunks.Add(chunk, position);
        }

        storage.Chunks = ReadChunkTree(storage);
        return new BtrfsVolume(storage);
    }

    /// <summary>The subvolume that is seen without mount options: item "default" of the root tree's directory, else the top level.</summary>
    /// <exception cref="DiskFormatException">The root tree is damaged.</exception>
    public ulong ReadDefaultSubvolume()
    {
        byte[] name = "default"u8.ToArray();
        BtrfsKey key = new(Superblock.RootDirectoryId, BtrfsFormat.DirectoryItemKey, BtrfsChecksum.HashName(name));
        if (_roots.Find(key) is { } item)
        {
            foreach (BtrfsDirectoryRecord record in BtrfsDirectoryRecord.ParseAll(item))
            {
                if (record.Name.AsSpan().SequenceEqual(name))
                {
                    return record.Location.ObjectId;
                }
            }
        }

        return BtrfsFormat.TopLevelId;
    }

    /// <summary>A subvolume; null when it is not there or is being deleted.</summary>
    /// <param name="id">Its id.</param>
    /// <exception cref="DiskFormatException">The root tree is damaged.</exception>
    public BtrfsSubvolume? OpenSubvolume(ulong id)
    {
        if (_subvolumes.TryGetValue(id, out BtrfsSubvolume? known))
        {
            return known;
        }

        if (_subvolumes.Count == BtrfsFormat.MaxSubvolumes)
        {
            throw DiskFormatException.Unsupported(BtrfsRootItem.Structure, -1, $"more than {BtrfsFormat.MaxSubvolumes} subvolumes are looked at");
        }

        BtrfsSubvolume? opened = null;
        if (FindSubvolume(id) is { } root)
        {
            if (root.DirectoryId != BtrfsFormat.FirstFreeId)
            {
                throw DiskFormatException.Corrupt(BtrfsRootItem.Structure, -1, $"root_dirid of subvolume {id} is {root.DirectoryId}, expected {BtrfsFormat.FirstFreeId}");
            }

            opened = new BtrfsSubvolume(new BtrfsTree(_storage, root.Root), _opened++, _log);
        }

        _subvolumes.Add(id, opened);
        return opened;
    }

    /// <summary>The root directory of a subvolume; null when it is not there.</summary>
    /// <exception cref="DiskFormatException">The subvolume is damaged.</exception>
    public BtrfsNode? OpenRootDirectory(ulong id)
    {
        if (OpenSubvolume(id) is not { } subvolume)
        {
            return null;
        }

        BtrfsInode inode = subvolume.ReadInode(BtrfsFormat.FirstFreeId);
        return inode.Kind == FileKind.Directory
            ? new BtrfsNode(this, subvolume, inode)
            : throw DiskFormatException.Corrupt(inode.Structure, inode.Position, $"the root of subvolume {id} is of kind {inode.Kind}, expected a directory");
    }

    /// <summary>Whether a subvolume belongs at a name: a snapshot keeps the names of the subvolumes in its original, and these lead nowhere.</summary>
    /// <param name="parent">The subvolume with the name.</param>
    /// <param name="directory">The directory with the name.</param>
    /// <param name="name">The name.</param>
    /// <param name="child">The subvolume it should lead to.</param>
    public bool IsReferenced(ulong parent, ulong directory, ReadOnlySpan<byte> name, ulong child)
    {
        // struct btrfs_root_ref: dirid u64, sequence u64, name_len u16, name.
        const int HeaderSize = 18;
        return _roots.Find(new BtrfsKey(parent, BtrfsFormat.RootReferenceKey, child)) is { } item
            && item.Data.Length >= HeaderSize
            && BinaryPrimitives.ReadUInt64LittleEndian(item.Data) == directory
            && BinaryPrimitives.ReadUInt16LittleEndian(item.Data[16..]) == name.Length
            && item.Data[HeaderSize..].SequenceEqual(name);
    }

    private BtrfsRootItem? FindSubvolume(ulong id) =>
        (id == BtrfsFormat.TopLevelId || id >= BtrfsFormat.FirstFreeId) && id < 1UL << BtrfsFormat.IdBits && FindRoot(id) is { References: > 0 } root ? root : null;

    /// <summary>The root item of a tree: the newest of those with its id.</summary>
    private BtrfsRootItem? FindRoot(ulong id) =>
        _roots.FindLast(new BtrfsKey(id, BtrfsFormat.RootItemKey, ulong.MaxValue)) is { } item && item.Key.ObjectId == id && item.Key.Type == BtrfsFormat.RootItemKey
            ? BtrfsRootItem.Parse(item)
            : null;

    private static IEnumerable<(BtrfsChunk Chunk, long Position)> ReadSystemChunks(BtrfsSuperblock superblock, long volumeLength)
    {
        for (int offset = 0; offset < superblock.SystemChunks.Length;)
        {
            ReadOnlySpan<byte> rest = superblock.SystemChunks.AsSpan(offset);
            int size = rest.Length < BtrfsFormat.KeySize ? 0 : BtrfsChunk.SizeOf(rest[BtrfsFormat.KeySize..]);
            if (size == 0 || size > rest.Length - BtrfsFormat.KeySize)
            {
                throw DiskFormatException.Corrupt(BtrfsSuperblock.Structure, superblock.Offset, $"sys_chunk_array has {rest.Length} bytes left for a key and a chunk");
            }

            BtrfsChunk chunk = BtrfsChunk.Parse(rest.Slice(BtrfsFormat.KeySize, size), BtrfsKey.Parse(rest), superblock, superblock.Offset, volumeLength);
            offset += BtrfsFormat.KeySize + size;
            yield return (chunk, superblock.Offset);
        }
    }

    private static BtrfsChunkMap ReadChunkTree(BtrfsStorage storage)
    {
        BtrfsChunkMap chunks = new();
        BtrfsTree tree = new(storage, storage.Superblock.ChunkTree);
        foreach (BtrfsItem item in tree.From(default))
        {
            if (item.Key is { ObjectId: BtrfsFormat.FirstFreeId, Type: BtrfsFormat.ChunkItemKey })
            {
                chunks.Add(BtrfsChunk.Parse(item.Data, item.Key, storage.Superblock, item.Position, storage.VolumeLength), item.Position);
            }
        }

        return chunks;
    }
}
