namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>A file of a Btrfs file system.</summary>
internal sealed class BtrfsNode(BtrfsVolume volume, BtrfsSubvolume subvolume, BtrfsInode inode) : FileNode
{
    private readonly BtrfsFileData _data = new(volume, subvolume, inode);

    public override ulong Id => subvolume.FileId(inode.Number);

    public override FileKind Kind => inode.Kind;

    public override int Mode => inode.Mode;

    public override uint UserId => inode.UserId;

    public override uint GroupId => inode.GroupId;

    public override long Size => inode.Length;

    public override uint LinkCount => inode.LinkCount;

    public override DateTimeOffset Modified => inode.Modified;

    /// <summary>Whether the file is the root directory of a subvolume.</summary>
    public bool IsSubvolume => inode.Number == BtrfsFormat.FirstFreeId;

    public override IEnumerable<DirectoryEntry> EnumerateDirectory()
    {
        RequireKind(FileKind.Directory);
        return ReadRecords().Select(record => new DirectoryEntry(FileName.Decode(record.Name), Open(record)));
    }

    public override FileNode? Find(string name)
    {
        RequireKind(FileKind.Directory);
        byte[] bytes;
        try
        {
            bytes = FileName.Encode(name);
        }
        catch (ArgumentException)
        {
            // A string no bytes decode to is the name of no file.
            return null;
        }

        if (subvolume.Tree.Find(new BtrfsKey(inode.Number, BtrfsFormat.DirectoryItemKey, BtrfsChecksum.HashName(bytes))) is { } item)
        {
            foreach (BtrfsDirectoryRecord record in BtrfsDirectoryRecord.ParseAll(item))
            {
                if (record.Name.AsSpan().SequenceEqual(bytes))
                {
                    return Open(record);
                }
            }
        }

        return null;
    }

    /// <summary>The root directories of the subvolumes directly in this directory.</summary>
    public IEnumerable<BtrfsNode> FindSubvolumes() => ReadRecords().Where(record => record.IsSubvolume).Select(Open).OfType<BtrfsNode>();

    public override int Read(long offset, Span<byte> destination)
    {
        RequireKind(FileKind.Regular);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (offset >= inode.Length)
        {
            return 0;
        }

        int length = (int)Math.Min(destination.Length, inode.Length - offset);
        _data.Read(offset, destination[..length]);
        return length;
    }

    public override string ReadLink()
    {
        RequireKind(FileKind.SymbolicLink);
        if (inode.Length is 0 or > BtrfsFormat.MaxLinkTarget)
        {
            throw DiskFormatException.Corrupt(inode.Structure, inode.Position, $"the target of the link has {inode.Length} bytes, expected 1 to {BtrfsFormat.MaxLinkTarget}");
        }

        byte[] target = new byte[inode.Length];
        _data.Read(0, target);
        return target.AsSpan().Contains((byte)0)
            ? throw DiskFormatException.Corrupt(inode.Structure, inode.Position, "the target of the link has a zero byte")
            : FileName.Decode(target);
    }

    private IEnumerable<BtrfsDirectoryRecord> ReadRecords()
    {
        foreach (BtrfsItem item in subvolume.Tree.From(new BtrfsKey(inode.Number, BtrfsFormat.DirectoryIndexKey, 0)))
        {
            if (item.Key.ObjectId != inode.Number || item.Key.Type != BtrfsFormat.DirectoryIndexKey)
            {
                yield break;
            }

            yield return BtrfsDirectoryRecord.ParseAll(item)[0];
        }
    }

    private FileNode Open(BtrfsDirectoryRecord record)
    {
        if (record.IsSubvolume)
        {
            return (volume.IsReferenced(subvolume.Id, inode.Number, record.Name, record.Location.ObjectId) ? volume.OpenRootDirectory(record.Location.ObjectId) : null)
                ?? (FileNode)new BtrfsAbsentSubvolume(this, subvolume.FileId(BtrfsFormat.EmptySubvolumeDirectoryId));
        }

        BtrfsInode found = subvolume.ReadInode(record.Location.ObjectId);
        return found.Kind == record.Kind
            ? new BtrfsNode(volume, subvolume, found)
            : throw DiskFormatException.Corrupt(BtrfsDirectoryRecord.StructureOf(inode.Number), -1, $"a name says inode {found.Number} is of kind {record.Kind}, the inode says {found.Kind}");
    }

    private void RequireKind(FileKind kind)
    {
        if (inode.Kind != kind)
        {
            throw new InvalidOperationException($"The file is of kind {inode.Kind}, not {kind}.");
        }
    }
}
