namespace Marketplace.DiskImages.FileSystems.Xfs;

/// <summary>
/// A directory in any of its forms. Small ones are in the inode. Larger ones are a sparse file of three spaces: blocks with
/// entries from 0 on, an index by hash from 32 GiB on, and a table of free space from 64 GiB on.
/// </summary>
internal sealed class XfsDirectory
{
    private readonly XfsVolume _volume;
    private readonly XfsInode _inode;
    private XfsExtentMap? _map;

    /// <param name="volume">The file system.</param>
    /// <param name="inode">The inode of a directory.</param>
    public XfsDirectory(XfsVolume volume, XfsInode inode)
    {
        _volume = volume;
        _inode = inode;
    }

    private XfsExtentMap Map => _map ??= new XfsExtentMap(_volume, _inode);

    private int BlocksEach => 1 << _volume.Superblock.DirectoryBlockLog;

    /// <summary>The name of a directory in messages.</summary>
    public static string StructureOf(XfsInode inode) => $"XFS directory of inode {inode.Number}";

    /// <summary>The entries in the order of the disk, without <c>.</c> and <c>..</c>.</summary>
    /// <exception cref="DiskFormatException">The directory is damaged or larger than <see cref="XfsFormat.MaxDirectorySize"/>.</exception>
    public IEnumerable<XfsDirectoryRecord> Read() =>
        _inode.Format == XfsForkFormat.Local ? XfsShortDirectory.Parse(_inode, _volume.Superblock) : ReadBlocks().Where(record => !record.IsDotOrDotDot);

    /// <summary>The entry of a name, found through the index when it can be trusted.</summary>
    /// <param name="name">The bytes of the name.</param>
    /// <exception cref="DiskFormatException">The directory is damaged.</exception>
    public XfsDirectoryRecord? Find(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
        {
            return null;
        }

        bool ignoreCase = _volume.Superblock.IgnoresCase;
        if (!ignoreCase && _inode.Format != XfsForkFormat.Local && _inode.Size > _volume.Superblock.DirectoryBlockSize && TryFindByIndex(name, out XfsDirectoryRecord? found))
        {
            return found;
        }

        XfsDirectoryRecord? similar = null;
        foreach (XfsDirectoryRecord record in Read())
        {
            if (record.Name.Span.SequenceEqual(name))
            {
                return record;
            }

            if (ignoreCase && similar is null && XfsName.EqualsIgnoringCase(record.Name.Span, name))
            {
                similar = record;
            }
        }

        return similar;
    }

    /// <summary>A directory block.</summary>
    /// <param name="logical">Its first block of the file, which must be mapped.</param>
    /// <exception cref="DiskFormatException">Some of its blocks are not mapped.</exception>
    public XfsDirectoryBytes ReadBlock(long logical)
    {
        XfsSuperblock superblock = _volume.Superblock;
        XfsRun run = FindWritten(logical);
        long offset = superblock.PositionOf(run.Block);
        if (run.Count >= BlocksEach)
        {
            return new XfsDirectoryBytes(_volume.ReadBlocks(run.Block, BlocksEach), offset, _volume.IsReplayed(run.Block, BlocksEach));
        }

        // The blocks of one directory block may lie apart.
        byte[] whole = new byte[superblock.DirectoryBlockSize];
        bool isReplayed = false;
        for (int i = 0; i < BlocksEach; i++)
        {
            ulong block = FindWritten(logical + i).Block;
            _volume.ReadBlocks(block, 1).CopyTo(whole.AsMemory(i << superblock.BlockLog));
            isReplayed |= _volume.IsReplayed(block, 1);
        }

        return new XfsDirectoryBytes(whole, offset, isReplayed);
    }

    private IEnumerable<XfsDirectoryRecord> ReadBlocks()
    {
        HashSet<ulong> seen = [];
        XfsSuperblock superblock = _volume.Superblock;
        long end = XfsFormat.DirectoryLeafOffset >> superblock.BlockLog;
        for (long logical = 0; logical < end;)
        {
            XfsRun run = Map.Find(logical);
            if (!run.IsMapped)
            {
                // A directory block that lost its last entry was given back.
                logical = run.Count >= end - logical ? end : AlignUp(logical + run.Count);
                continue;
            }

            if ((logical + BlocksEach) << superblock.BlockLog > _inode.Size)
            {
                throw DiskFormatException.Corrupt(_inode.Structure, _inode.Offset, $"di_size of the directory is {_inode.Size}, block {logical} of it is in use");
            }

            if ((long)seen.Count * superblock.DirectoryBlockSize >= XfsFormat.MaxDirectorySize)
            {
                throw DiskFormatException.Unsupported(_inode.Structure, _inode.Offset, $"the directory has more than {XfsFormat.MaxDirectorySize} bytes of entries");
            }

            XfsDirectoryBytes bytes = ReadBlock(logical);
            if (!seen.Add(run.Block))
            {
                throw DiskFormatException.Corrupt(StructureOf(_inode), bytes.Offset, "the block is in the directory twice");
            }

            foreach (XfsDirectoryRecord record in XfsDirectoryBlock.Parse(bytes, _volume, _inode).Read())
            {
                yield return record;
            }

            logical += BlocksEach;
        }
    }

    private long AlignUp(long logical) => (logical + BlocksEach - 1) & -BlocksEach;

    private XfsRun FindWritten(long logical)
    {
        XfsRun run = Map.Find(logical);
        return run.IsWritten
            ? run
            : throw DiskFormatException.Corrupt(StructureOf(_inode), _inode.ForkPosition, $"no data is stored for block {logical} of the directory");
    }

    private bool TryFindByIndex(ReadOnlySpan<byte> name, out XfsDirectoryRecord? found)
    {
        try
        {
            found = XfsDirectoryIndex.Find(this, _volume, _inode, name);

            // Without checksums a damaged index looks like one that lacks the name.
            return found is not null || _volume.Superblock.HasChecksums;
        }
        catch (DiskFormatException)
        {
            // The entries themselves decide: reading them one by one tells the name, or what is damaged.
            found = null;
            return false;
        }
    }
}
