using Marketplace.DiskImages.FileSystems.Btrfs;

namespace Marketplace.DiskImages.Tests.Btrfs;

/// <summary>Whole trees against what the kernel showed when it mounted the same image.</summary>
[TestClass]
public sealed class BtrfsTreeTests
{
    [TestMethod]
    [DataRow("default")]
    [DataRow("zlib")]
    [DataRow("lzo")]
    [DataRow("zstd")]
    [DataRow("xxhash")]
    [DataRow("sha256")]
    [DataRow("blake2")]
    [DataRow("old")]
    [DataRow("nodatasum")]
    [DataRow("dup")]
    [DataRow("balanced")]
    [DataRow("simple-quota")]
    [DataRow("metadata-uuid")]
    [DataRow("subvolumes")]
    [DataRow("suse")]
    [DataRow("fedora")]
    public void Reads_the_tree_the_kernel_shows(string name)
    {
        BtrfsFileSystem fileSystem = BtrfsFileSystem.Open(Fixture.Load("Btrfs/" + name));
        IReadOnlyList<string> differences = TreeManifest.Compare(fileSystem, Fixture.Manifest("Btrfs/" + name));

        Assert.IsEmpty(differences, string.Join('\n', differences.Take(10)));
        Assert.IsEmpty(fileSystem.Notes);
        Assert.AreEqual("btrfs", fileSystem.TypeName);
        Assert.AreEqual(name, fileSystem.Label);
        Assert.AreEqual(name == "metadata-uuid" ? "99999999-5566-7788-99aa-bbccddeeff00" : "11223344-5566-7788-99aa-bbccddeeff00", fileSystem.Uuid);
    }
}
