namespace Marketplace.DiskImages.FileSystems.Xfs;

/// <summary>A file of an XFS file system.</summary>
internal sealed class XfsNode(XfsVolume volume, XfsInode inode) : FileNode
{
    private XfsExtentMap? _map;

    public override ulong Id => inode.Number;

    public override FileKind Kind => inode.Kind;

    public override int Mode => inode.Mode & 0xFFF;

    public override uint UserId => inode.UserId;

    public override uint GroupId => inode.GroupId;

    public override long Size => inode.Size;

    public override uint LinkCount => inode.LinkCount;

    public override DateTimeOffset Modified => inode.Modified;

    public override IEnumerable<DirectoryEntry> EnumerateDirectory()
    {
        RequireKind(FileKind.Directory);
        return new XfsDirectory(volume, inode).Read().Select(record => new DirectoryEntry(FileName.Decode(record.Name.Span), Open(record)));
    }

    /// <inheritdoc />
    /// <remarks>In a file system made with version=ci the exact name is preferred, and then any that differs only in case.</remarks>
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

        return new XfsDirectory(volume, inode).Find(bytes) is { } record ? Open(record) : null;
    }

    public override int Read(long offset, Span<byte> destination)
    {
        RequireKind(FileKind.Regular);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (inode.IsRealTime)
        {
            throw DiskFormatException.Unsupported(inode.Structure, inode.Offset, "the data of the file is on a realtime device, which this reader does not read");
        }

        if (offset >= inode.Size)
        {
            return 0;
        }

        int length = (int)Math.Min(destination.Length, inode.Size - offset);
        _map ??= new XfsExtentMap(volume, inode);
        _map.Read(offset, destination[..length]);
        return length;
    }

    public override string ReadLink()
    {
        RequireKind(FileKind.SymbolicLink);
        return FileName.Decode(XfsSymlink.Read(volume, inode));
    }

    private XfsNode Open(XfsDirectoryRecord record) => new(volume, volume.ReadInode(record.Inode));

    private void RequireKind(FileKind kind)
    {
        if (inode.Kind != kind)
        {
            throw new InvalidOperationException($"The file is of kind {inode.Kind}, not {kind}.");
        }
    }
}
