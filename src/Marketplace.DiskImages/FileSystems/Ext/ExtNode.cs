namespace Marketplace.DiskImages.FileSystems.Ext;

/// <summary>A file of an ext file system.</summary>
internal sealed class ExtNode(ExtVolume volume, ExtInode inode) : FileNode
{
    private ExtDataMap? _map;
    private ExtInlineData? _inline;

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
        return new ExtDirectory(volume, inode).Read().Select(record => new DirectoryEntry(FileName.Decode(record.Name.Span), Open(record)));
    }

    /// <inheritdoc />
    /// <remarks>
    /// In a directory with the casefold flag the exact name is preferred and then any name that is equal without regard to
    /// case by the simple case mapping of Unicode. The kernel also takes canonically equivalent spellings for the same name.
    /// </remarks>
    public override FileNode? Find(string name)
    {
        RequireKind(FileKind.Directory);
        ExtDirectory directory = new(volume, inode);
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

        bool foldCase = inode.Flags.HasFlag(ExtInodeFlags.CaseFold);
        ExtDirectoryRecord? similar = null;
        foreach (ExtDirectoryRecord record in directory.Read())
        {
            if (record.Name.Span.SequenceEqual(bytes))
            {
                return Open(record);
            }

            if (foldCase && similar is null && string.Equals(FileName.Decode(record.Name.Span), name, StringComparison.OrdinalIgnoreCase))
            {
                similar = record;
            }
        }

        return similar is { } found ? Open(found) : null;
    }

    public override int Read(long offset, Span<byte> destination)
    {
        RequireKind(FileKind.Regular);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        RequirePlainData("file");
        if (offset >= inode.Size)
        {
            return 0;
        }

        int length = (int)Math.Min(destination.Length, inode.Size - offset);
        ReadData(offset, destination[..length]);
        return length;
    }

    public override string ReadLink()
    {
        RequireKind(FileKind.SymbolicLink);
        RequirePlainData("symbolic link");
        if (inode.Size is 0 or > ExtFormat.MaxLinkTarget)
        {
            throw CorruptLink($"the target has {inode.Size} bytes, expected 1 to {ExtFormat.MaxLinkTarget}");
        }

        byte[] target = new byte[inode.Size];
        bool isFast = !inode.HasInlineData && !inode.Flags.HasFlag(ExtInodeFlags.Extents) && inode.Size < ExtFormat.BlockAreaSize;
        if (isFast)
        {
            inode.BlockArea.AsSpan(0, target.Length).CopyTo(target);
        }
        else
        {
            ReadData(0, target);
        }

        return target.AsSpan().Contains((byte)0) ? throw CorruptLink("the target has a zero byte") : FileName.Decode(target);
    }

    private void ReadData(long offset, Span<byte> destination)
    {
        if (inode.HasInlineData)
        {
            _inline ??= new ExtInlineData(inode);
            _inline.Read((int)offset, destination);
        }
        else
        {
            _map ??= volume.MapOf(inode);
            _map.Read(volume, offset, destination);
        }
    }

    private ExtNode Open(ExtDirectoryRecord record) => new(volume, volume.ReadInode(record.Inode));

    private void RequireKind(FileKind kind)
    {
        if (inode.Kind != kind)
        {
            throw new InvalidOperationException($"The file is of kind {inode.Kind}, not {kind}.");
        }
    }

    private void RequirePlainData(string what)
    {
        if (inode.IsEncrypted)
        {
            throw DiskFormatException.Unsupported(inode.Structure, inode.Offset, $"the {what} is encrypted (fscrypt), its data cannot be read without the key");
        }
    }

    private DiskFormatException CorruptLink(string detail) =>
        DiskFormatException.Corrupt($"ext4 symbolic link of inode {inode.Number}", inode.Offset, detail);
}
