using Marketplace.DiskImages.Volumes;

namespace Marketplace.DiskImages.Trees;

/// <summary>The tree of a system with everything mounted.</summary>
internal sealed class AssembledSystem(TreeReader reader, Volume rootVolume, IReadOnlyList<Mount> mounts, IReadOnlyList<UnreadableMount> unreadableMounts, IReadOnlyList<FstabEntry> fstab) : SystemTree
{
    public override Volume RootVolume => rootVolume;

    public override IReadOnlyList<Mount> Mounts => mounts;

    public override IReadOnlyList<UnreadableMount> UnreadableMounts => unreadableMounts;

    public override IReadOnlyList<FstabEntry> FstabEntries => fstab;

    public override FileStat? Stat(string path) => reader.Stat(path);

    public override FileStat? LinkStat(string path) => reader.LinkStat(path);

    public override IReadOnlyList<string> List(string path) => reader.List(path);

    public override string? ReadLink(string path) => reader.ReadLink(path);

    public override int Read(string path, long offset, Span<byte> destination) => reader.Read(path, offset, destination);
}
