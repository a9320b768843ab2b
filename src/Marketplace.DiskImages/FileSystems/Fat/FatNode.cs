namespace Marketplace.DiskImages.FileSystems.Fat;

/// <summary>A file or directory of a FAT file system; the root directory has no entry.</summary>
internal sealed class FatNode(FatFileSystem fileSystem, FatDirectoryEntry? entry) : FileNode
{
    private const ulong RootId = 1;

    /// <summary>The clusters of the file as far as they were needed, so that reading on does not follow the chain again.</summary>
    private readonly List<uint> _chain = [];

    /// <summary>The number of the 32-byte entry within the volume, which no other file shares.</summary>
    public override ulong Id => entry is null ? RootId : (ulong)entry.Position / FatFormat.EntrySize;

    public override FileKind Kind => entry is null || entry.IsDirectory ? FileKind.Directory : FileKind.Regular;

    public override int Mode => Kind == FileKind.Regular && (entry!.Attributes & FatFormat.AttributeReadOnly) != 0 ? FatFormat.ReadOnlyMode : FatFormat.DefaultMode;

    public override uint UserId => 0;

    public override uint GroupId => 0;

    public override long Size => Kind == FileKind.Regular ? entry!.Size : 0;

    public override uint LinkCount => 1;

    public override DateTimeOffset Modified => entry?.Modified ?? DateTimeOffset.UnixEpoch;

    public override IEnumerable<DirectoryEntry> EnumerateDirectory()
    {
        RequireDirectory();
        return fileSystem.ReadDirectory(entry).Select(child => new DirectoryEntry(child.Name, new FatNode(fileSystem, child)));
    }

    public override FileNode? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        RequireDirectory();
        foreach (FatDirectoryEntry child in fileSystem.ReadDirectory(entry))
        {
            if (name.Equals(child.Name, StringComparison.OrdinalIgnoreCase) || name.Equals(child.ShortName, StringComparison.OrdinalIgnoreCase))
            {
                return new FatNode(fileSystem, child);
            }
        }

        return null;
    }

    public override int Read(long offset, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (Kind != FileKind.Regular)
        {
            throw new InvalidOperationException("The node is not a regular file.");
        }

        int total = (int)Math.Clamp(Size - offset, 0, destination.Length);
        int done = 0;
        while (done < total)
        {
            long position = offset + done;
            int within = (int)(position % fileSystem.ClusterSize);
            int count = Math.Min(total - done, fileSystem.ClusterSize - within);
            fileSystem.ReadCluster(ClusterAt((int)(position / fileSystem.ClusterSize)), within, destination.Slice(done, count));
            done += count;
        }

        return total;
    }

    public override string ReadLink() => throw new InvalidOperationException("FAT has no symbolic links.");

    private uint ClusterAt(int index)
    {
        while (_chain.Count <= index)
        {
            if (_chain.Count >= fileSystem.ClusterCount)
            {
                throw DiskFormatException.Corrupt(FatFormat.TableStructure, entry!.Position, "the chain of the file has more clusters than the file system: it goes round in a circle");
            }

            uint next = _chain.Count == 0 ? fileSystem.CheckFirst(entry!) : fileSystem.NextCluster(_chain[^1]);
            if (next == 0)
            {
                throw DiskFormatException.Corrupt(FatFormat.TableStructure, entry!.Position, $"the chain ends after {_chain.Count} clusters, the file has {Size} bytes");
            }

            _chain.Add(next);
        }

        return _chain[index];
    }

    private void RequireDirectory()
    {
        if (Kind != FileKind.Directory)
        {
            throw new InvalidOperationException("The node is not a directory.");
        }
    }
}
