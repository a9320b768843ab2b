using Marketplace.DiskImages.FileSystems;

namespace Marketplace.DiskImages.Trees;

/// <summary>An empty directory in place of one that has to be made before something can be mounted on it or below it.</summary>
internal sealed class MissingDirectory : FileNode
{
    private const int MadeBySystemd = 0b111_101_101;

    private MissingDirectory()
    {
    }

    public static MissingDirectory Instance { get; } = new();

    public override ulong Id => 0;

    public override FileKind Kind => FileKind.Directory;

    public override int Mode => MadeBySystemd;

    public override uint UserId => 0;

    public override uint GroupId => 0;

    public override long Size => 0;

    public override uint LinkCount => 2;

    public override DateTimeOffset Modified => DateTimeOffset.UnixEpoch;

    public override IEnumerable<DirectoryEntry> EnumerateDirectory() => [];

    public override FileNode? Find(string name) => null;

    public override int Read(long offset, Span<byte> destination) => throw new InvalidOperationException("The node is not a regular file.");

    public override string ReadLink() => throw new InvalidOperationException("The node is not a symbolic link.");
}
