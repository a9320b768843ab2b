using Marketplace.DiskImages.FileSystems.Ext;

namespace Marketplace.DiskImages.Tests.Ext;

/// <summary>The images of <c>Fixtures/Ext</c>, made by <c>tests/fixtures/make-ext-fixtures.sh</c>.</summary>
internal static class ExtFixture
{
    /// <summary>Every fixture that comes with a manifest and opens.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "ext4-default", "ext4-large", "ext4-1k", "ext4-64k", "ext4-seed-orphan", "ext4-nocsum", "ext4-gdt-csum", "ext4-gdt-csum32", "ext4-inline",
        "ext4-inline-256", "ext4-inline-nocsum", "ext4-meta-bg", "ext4-large-dir", "ext4-bigalloc", "ext4-bigalloc-1k", "ext4-sparse2", "ext4-nojournal", "ext4-128",
        "ext4-encrypt", "ext3", "ext2", "ext2-4k-128", "ext2-rev0",
        .. Dirty,
    ];

    /// <summary>Those that were copied while mounted; the kernel's truth was taken after its own replay.</summary>
    public static IReadOnlyList<string> Dirty =>
    [
        "journal-v3", "journal-v3-32", "journal-none", "journal-none-64", "journal-wrap", "journal-wrap-none", "journal-v1", "journal-v2",
        "journal-async", "journal-data", "journal-data-none", "journal-ext3", "journal-4k", "journal-fast-old",
    ];

    public static MemoryContent Load(string name) => Fixture.Load("Ext/" + name);

    /// <summary>The inode behind a path.</summary>
    public static ExtInode InodeAt(MemoryContent image, string path) =>
        ExtVolume.Open(image).ReadInode((uint)ExtFileSystem.Open(image).At(path).Id);
}
