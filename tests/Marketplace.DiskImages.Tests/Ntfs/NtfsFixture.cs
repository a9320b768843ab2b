using Marketplace.DiskImages.FileSystems.Ntfs;

namespace Marketplace.DiskImages.Tests.Ntfs;

/// <summary>The images of <c>Fixtures/Ntfs</c>, made by <c>tests/fixtures/make-ntfs-fixtures.sh</c>.</summary>
internal static class NtfsFixture
{
    /// <summary>Every fixture that comes with a manifest.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "ntfs-large", "ntfs-512", "ntfs-64k", "ntfs-sector-4k", "ntfs-cluster-1m", "ntfs-streams", "ntfs-mft",
    ];

    public static MemoryContent Load(string name) => Fixture.Load("Ntfs/" + name);

    public static NtfsFileSystem Open(string name) => NtfsFileSystem.Open(Load(name));

    /// <summary>A file by its path, as the reader itself has it.</summary>
    public static NtfsNode Node(this NtfsFileSystem fileSystem, string path) => (NtfsNode)fileSystem.At(path);
}
