using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.FileSystems.Btrfs;
using Marketplace.DiskImages.FileSystems.Ext;
using Marketplace.DiskImages.FileSystems.Xfs;
using Marketplace.DiskImages.Testing.Mutations;

namespace Marketplace.DiskImages.Testing.Differences;

/// <summary>
/// Every format whose metadata has checksums. Logs that wait for replay are left out, except those of Btrfs, which are trees: a record
/// at the end of a log that does not match its checksum is one that was not written whole, and the kernel leaves it out without a word.
/// </summary>
internal static class DifferenceTargets
{
    private const int ChunkSize = 1 << 16;

    private static readonly string[] Ext =
    [
        "ext4-default", "ext4-1k", "ext4-64k", "ext4-seed-orphan", "ext4-inline", "ext4-inline-256", "ext4-meta-bg", "ext4-large-dir",
        "ext4-bigalloc", "ext4-sparse2", "ext4-nojournal", "ext4-128", "ext4-casefold",
    ];

    private static readonly string[] Xfs =
    [
        "xfs-1k", "xfs-rhel8", "xfs-1k-n8k", "xfs-n64k", "xfs-2k-i1024", "xfs-s4096", "xfs-ag", "xfs-64k", "xfs-parent", "xfs-metauuid",
    ];

    private static readonly string[] Btrfs = ["zstd", "lzo", "xxhash", "sha256", "blake2", "old", "subvolumes", "suse", "fedora", "dup", "log-data", "log-names", "metadata-uuid"];

    public static IReadOnlyList<DifferenceTarget> All { get; } =
    [
        // The target of a link that does not fit in its inode is data, which has no checksum in ext4.
        .. Ext.Select(name => FileSystemTarget("ext-" + name, "Ext/" + name, ExtFileSystem.Open, (_, node) => node.Kind != FileKind.SymbolicLink)),

        .. Xfs.Select(name => FileSystemTarget(name, "Xfs/" + name, XfsFileSystem.Open)),
        .. Btrfs.Select(name => FileSystemTarget("btrfs-" + name, "Btrfs/" + name, BtrfsFileSystem.Open, (path, _) => !path.Contains("/nocow/", StringComparison.Ordinal)) with { Copies = BtrfsCopies }),
        .. ((string[])["block-1", "chain/base", "logs/log", "logs/log-wrapped", "logs/log-long"]).Select(name => new DifferenceTarget("vhdx-" + Path.GetFileName(name), () => Fixture.Load($"Containers/vhdx/{name}.vhdx"), DescribeVhdx, VhdxMetadataRegions)),
        .. ((string[])["gpt-ubuntu", "gpt-hybrid", "gpt-4096"]).Select(name => new DifferenceTarget(name, () => Fixture.Load("Partitions/" + name), DescribePartitions, image => [.. Record(content => _ = DiskLayout.Read(content).Table, image).Where(extent => extent.Offset > 0)])),
    ];

    private static DifferenceTarget FileSystemTarget(string name, string fixture, Func<DiskContent, FileSystem> open, Func<string, FileNode, bool>? hasChecksum = null) =>
        new(name, () => Fixture.Load(fixture), content => ContentDigest.OfFileSystem(() => open(content)), image => Record(content => ReadMetadata(open(content).Root, hasChecksum), image));

    /// <summary>The ranges that are read, without data of files, which is asked for by single bytes.</summary>
    private static IReadOnlyList<Extent> Record(Action<DiskContent> read, MemoryContent image)
    {
        MutationTarget target = new("", () => image, (content, _) => read(content));
        return [.. RecordingContent.Record(target, image).Where(extent => extent.Length > 1)];
    }

    private static void ReadMetadata(FileNode root, Func<string, FileNode, bool>? hasChecksum)
    {
        Stack<(string Path, FileNode Node)> pending = new([("", root)]);
        byte[] one = new byte[1];
        while (pending.TryPop(out (string Path, FileNode Node) item))
        {
            FileNode node = item.Node;
            switch (node.Kind)
            {
                case not FileKind.Directory when hasChecksum?.Invoke(item.Path, node) == false:
                    break;
                case FileKind.Directory:
                    foreach (DirectoryEntry entry in node.EnumerateDirectory())
                    {
                        pending.Push(($"{item.Path}/{entry.Name}", entry.Node));
                    }

                    _ = node.Find("no such name");
                    break;
                case FileKind.Regular:
                    node.Read(0, one);
                    node.Read(Math.Max(0, node.Size - 1), one);
                    break;
                case FileKind.SymbolicLink:
                    node.ReadLink();
                    break;
            }
        }
    }

    private static Func<long, IEnumerable<long>> BtrfsCopies(MemoryContent image)
    {
        BtrfsImage btrfs = new(image);
        ILookup<(ulong, ulong), long> copies = btrfs.Blocks.ToLookup(block => (block.Logical, block.Generation), block => block.Position);
        BtrfsBlock[] blocks = [.. btrfs.Blocks];
        return place => blocks.FirstOrDefault(block => place >= block.Position && place < block.Position + btrfs.NodeSize) is { } found
            ? copies[(found.Logical, found.Generation)].Select(position => position + place - found.Position)
            : BtrfsFormat.SuperblockOffsets.Where(offset => place >= BtrfsFormat.SuperblockOffsets[0] && place < BtrfsFormat.SuperblockOffsets[0] + BtrfsFormat.SuperblockSize && offset < image.Length)
                .Select(offset => offset + place - BtrfsFormat.SuperblockOffsets[0]);
    }

    private static ContentDigest DescribeVhdx(DiskContent file)
    {
        ContentDigest digest = new();
        digest.Guard("/", () =>
        {
            using DiskImage image = DiskImage.Open(file);
            if (image.Problem is not null || image.Disk is null)
            {
                throw image.Problem ?? DiskFormatException.Unsupported("vhdx", 0, $"is {image.Format}");
            }

            digest.Add("/length", () => $"{image.Format} {image.Disk.Length}");
            byte[] buffer = new byte[ChunkSize];
            foreach (Extent extent in image.Disk.GetAllocatedExtents())
            {
                for (long offset = extent.Offset - (extent.Offset % ChunkSize); offset < extent.End; offset += ChunkSize)
                {
                    Span<byte> chunk = buffer.AsSpan(0, (int)Math.Min(ChunkSize, image.Disk.Length - offset));
                    long at = offset;
                    digest.Guard($"/{offset}", () => image.Disk.Read(at, buffer.AsSpan(0, (int)Math.Min(ChunkSize, image.Disk.Length - at))));
                    if (chunk.ContainsAnyExcept((byte)0))
                    {
                        digest.Add($"/{offset}", () => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(buffer.AsSpan(0, (int)Math.Min(ChunkSize, image.Disk.Length - at)))));
                    }
                }
            }
        });
        return digest;
    }

    // Both headers and both region tables are damaged one at a time: the other one serves.
    private static IReadOnlyList<Extent> VhdxMetadataRegions(MemoryContent image) => [new(0x10000, 4096), new(0x20000, 4096), new(0x30000, 96), new(0x30000, 1 << 16), new(0x40000, 1 << 16)];

    private static ContentDigest DescribePartitions(DiskContent disk)
    {
        ContentDigest digest = new();
        digest.Guard("/", () =>
        {
            Partitions.PartitionTable? table = DiskLayout.Read(disk).Table;
            digest.Add("/table", () => table is null ? "none" : $"{table.Kind} {table.SectorSize} {table.DiskId} {table.IsHybrid} {table.Partitions.Count}");
            foreach (Partitions.Partition partition in table?.Partitions ?? [])
            {
                digest.Add($"/{partition.Number}", partition.ToString);
            }
        });
        return digest;
    }
}
