using Marketplace.DiskImages.FileSystems.Xfs;

namespace Marketplace.DiskImages.Tests.Xfs;

/// <summary>The images of <c>Fixtures/Xfs</c>, made by <c>tests/fixtures/make-xfs-fixtures.sh</c> and <c>xfs-v4-machine.sh</c>.</summary>
internal static class XfsFixture
{
    /// <summary>Every fixture that comes with a manifest.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Clean, .. Dirty];

    /// <summary>Those that were unmounted.</summary>
    public static IReadOnlyList<string> Clean =>
    [
        "xfs-default", "xfs-1k", "xfs-rhel8", "xfs-1k-n8k", "xfs-n64k", "xfs-2k-i1024", "xfs-s4096", "xfs-ag", "xfs-64k", "xfs-parent", "xfs-metauuid",
        "xfs-v4", "xfs-v4-512", "xfs-v4-ci",
    ];

    /// <summary>Those that were shut down while in use; the kernel's truth was taken after its own replay.</summary>
    public static IReadOnlyList<string> Dirty =>
    [
        "log-default", "log-rhel8", "log-wrap-32k", "log-wrap-256k", "log-1k-n8k", "log-stripe", "log-s4096", "log-reflink",
        "log-v4", "log-v4-v1", "log-v4-wrap",
    ];

    public static MemoryContent Load(string name) => Fixture.Load("Xfs/" + name);

    /// <summary>The inode behind a path.</summary>
    public static XfsInode InodeAt(MemoryContent image, string path) => XfsVolume.Open(image).ReadInode(XfsFileSystem.Open(image).At(path).Id);
}
