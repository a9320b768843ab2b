namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>What Linux shows where the name of a subvolume leads nowhere, as in a snapshot of a subvolume with subvolumes: an empty directory of the owner of the one it is in.</summary>
internal sealed class BtrfsAbsentSubvolume(FileNode parent, ulong id) : FileNode
{
    private const int FixedMode = 0b111_101_101;

    public override ulong Id => id;

    public override FileKind Kind => FileKind.Directory;

    public override int Mode => FixedMode;

    public override uint UserId => parent.UserId;

    public override uint GroupId => parent.GroupId;

    public override long Size => 0;

    public override uint LinkCount => 1;

    public override DateTimeOffset Modified => parent.Modified;

    public override IEnumerable<DirectoryEntry> EnumerateDirectory() => [];

    public override FileNode? Find(string name) => null;

    public override int Read(long offset, Span<byte> destination) => throw new InvalidOperationException("The node is not a regular file.");

    public override string ReadLink() => throw new InvalidOperationException("The node is not a symbolic link.");
}
