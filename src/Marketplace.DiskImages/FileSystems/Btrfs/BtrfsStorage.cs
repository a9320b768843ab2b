using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>Reads what is at logical addresses: tree blocks, and file data. A copy that fails its check is passed over for the next one.</summary>
internal sealed class BtrfsStorage(DiskContent content, BtrfsSuperblock superblock)
{
    private readonly BtrfsBlockCache _cache = new(superblock.NodeSize);

    // The leaf that was reached last, of a subvolume and of all other trees: most searches begin where the one before ended.
    private (BtrfsTree? Tree, BtrfsBlock? Leaf) _recentOfSubvolume;
    private (BtrfsTree? Tree, BtrfsBlock? Leaf) _recentOfOther;
    private bool _hasDamagedMetadata;
    private bool _hasDamagedData;

    public BtrfsSuperblock Superblock => superblock;

    /// <summary>Length of the volume in bytes.</summary>
    public long VolumeLength => content.Length;

    /// <summary>Where the logical addresses are.</summary>
    public BtrfsChunkMap Chunks { get; set; } = new();

    /// <summary>What is to be told about copies that were passed over.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Reads a tree block.</summary>
    /// <param name="logical">Its address.</param>
    /// <param name="level">The level it must have.</param>
    /// <param name="generation">The generation it must have.</param>
    /// <exception cref="DiskFormatException">No copy is good; the error is that of the first one.</exception>
    public BtrfsBlock ReadBlock(ulong logical, int level, ulong generation) =>
        _cache.Find(logical) is { } known && IsExpected(known, level, generation) ? known : ReadCopies(logical, level, generation);

    /// <summary>The leaf the tree has reached last; null when another tree was used since.</summary>
    public BtrfsBlock? RecentLeafOf(BtrfsTree tree) => (tree.IsSubvolume ? _recentOfSubvolume : _recentOfOther) is var recent && recent.Tree == tree ? recent.Leaf : null;

    public void SetRecentLeaf(BtrfsTree tree, BtrfsBlock leaf)
    {
        if (tree.IsSubvolume)
        {
            _recentOfSubvolume = (tree, leaf);
        }
        else
        {
            _recentOfOther = (tree, leaf);
        }
    }

    /// <summary>Reads file data without looking at its checksum, from one copy.</summary>
    /// <param name="logical">First address.</param>
    /// <param name="copy">Number of the copy, below <see cref="CopiesAt"/>.</param>
    /// <param name="destination">Receives its length in bytes, which must be inside one chunk.</param>
    public void ReadData(ulong logical, int copy, Span<byte> destination)
    {
        BtrfsChunk chunk = Chunks.Find(logical, BtrfsFileExtent.DataStructure);
        content.Read(chunk.Copies[copy] + (long)(logical - chunk.Logical), destination);
    }

    /// <summary>Number of copies, and how many bytes follow in the same chunk.</summary>
    public (int Copies, ulong Length) CopiesAt(ulong logical)
    {
        BtrfsChunk chunk = Chunks.Find(logical, BtrfsFileExtent.DataStructure);
        return (chunk.Copies.Length, chunk.Length - (logical - chunk.Logical));
    }

    /// <summary>Offset in bytes within the volume of the first copy.</summary>
    public long PositionOf(ulong logical)
    {
        BtrfsChunk chunk = Chunks.Find(logical, BtrfsFileExtent.DataStructure);
        return chunk.Copies[0] + (long)(logical - chunk.Logical);
    }

    /// <summary>To be called when a copy of file data was passed over.</summary>
    public void NoteDamagedData()
    {
        if (!_hasDamagedData)
        {
            _hasDamagedData = true;
            Notes.Add("A copy of file data does not match its checksum; another copy was read.");
        }
    }

    private BtrfsBlock ReadCopies(ulong logical, int level, ulong generation)
    {
        BtrfsChunk chunk = Chunks.Find(logical, BtrfsBlock.Structure);
        ulong within = logical - chunk.Logical;
        if ((ulong)superblock.NodeSize > chunk.Length - within)
        {
            throw DiskFormatException.Corrupt(BtrfsBlock.Structure, chunk.Copies[0] + (long)within, $"the block at address {logical} goes past the end of its chunk");
        }

        DiskFormatException? error = null;
        foreach (long copy in chunk.Copies)
        {
            try
            {
                BtrfsBlock block = ReadCopy(logical, copy + (long)within, level, generation);
                if (error is not null && !_hasDamagedMetadata)
                {
                    _hasDamagedMetadata = true;
                    Notes.Add($"A copy of metadata is damaged and another copy was read ({error.Message}).");
                }

                return block;
            }
            catch (DiskFormatException e)
            {
                error ??= e;
            }
        }

        throw error!;
    }

    private BtrfsBlock ReadCopy(ulong logical, long position, int level, ulong generation)
    {
        byte[] data = new byte[superblock.NodeSize];
        content.Read(position, data);
        if (!BtrfsChecksum.Matches(superblock.ChecksumType, data.AsSpan(BtrfsFormat.ChecksumFieldSize), data))
        {
            throw DiskFormatException.Corrupt(BtrfsBlock.Structure, position, $"the checksum ({superblock.ChecksumType}) is not that of the bytes");
        }

        BtrfsBlock block = BtrfsBlock.Parse(data, logical, position, superblock);
        if (!IsExpected(block, level, generation))
        {
            throw DiskFormatException.Corrupt(BtrfsBlock.Structure, position, $"level is {block.Level} and generation {block.Generation}, expected {level} and {generation}");
        }

        if (_cache.Find(logical) is null)
        {
            _cache.Add(block);
        }

        return block;
    }

    private static bool IsExpected(BtrfsBlock block, int level, ulong generation) => block.Level == level && block.Generation == generation;
}
