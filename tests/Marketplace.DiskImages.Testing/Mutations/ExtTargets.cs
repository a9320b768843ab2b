using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems.Ext;

namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>ext2, ext3 and ext4 with each family of features, as they are and with checksums switched off.</summary>
internal static class ExtTargets
{
    private const int RoCompatOffset = 1024 + 0x65;
    private const byte MetadataChecksumBit = 4;

    private static readonly string[] Images =
    [
        "ext4-default", "ext4-1k", "ext4-64k", "ext4-seed-orphan", "ext4-nocsum", "ext4-gdt-csum", "ext4-gdt-csum32", "ext4-inline",
        "ext4-inline-256", "ext4-inline-nocsum", "ext4-meta-bg", "ext4-large-dir", "ext4-bigalloc", "ext4-bigalloc-1k", "ext4-sparse2", "ext4-nojournal", "ext4-128",
        "ext4-encrypt", "ext4-casefold", "ext3", "ext2", "ext2-4k-128", "ext2-rev0",
        "journal-v3", "journal-v3-32", "journal-none", "journal-none-64", "journal-wrap", "journal-wrap-none", "journal-v1", "journal-v2",
        "journal-async", "journal-data", "journal-data-none", "journal-ext3", "journal-4k", "journal-fast", "journal-fast-old",
    ];

    public static IEnumerable<MutationTarget> All => Images.SelectMany(name => (MutationTarget[])
    [
        new MutationTarget("ext-" + name, () => Fixture.Load("Ext/" + name), Read),

        // Without the feature metadata_csum no checksum stops a mutant early.
        new MutationTarget($"ext-{name}-unverified", () => WithoutChecksums(Fixture.Load("Ext/" + name)), Read),
    ]);

    private static MemoryContent WithoutChecksums(MemoryContent image) => image.Patched(RoCompatOffset, (byte)(image.ReadBytes(RoCompatOffset, 1)[0] & ~MetadataChecksumBit));

    private static void Read(DiskContent volume, MemoryMeter meter) => FileSystemWalk.Run(() => ExtFileSystem.Open(volume), meter);
}
