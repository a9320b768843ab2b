using Marketplace.DiskImages.FileSystems.Ntfs;

namespace Marketplace.DiskImages.Tests.Ntfs;

/// <summary>Whole trees against what ntfs-3g showed when it mounted the same image.</summary>
[TestClass]
public sealed class NtfsTreeTests
{
    public static IEnumerable<object[]> Fixtures => NtfsFixture.Names.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Fixtures))]
    public void Reads_the_tree_ntfs_3g_shows(string name)
    {
        NtfsFileSystem fileSystem = NtfsFixture.Open(name);
        IReadOnlyList<string> differences = TreeManifest.Compare(fileSystem, Fixture.Manifest("Ntfs/" + name));

        Assert.IsEmpty(differences, string.Join('\n', differences.Take(10)));
        Assert.AreEqual(("ntfs", "1122334455667788", name), (fileSystem.TypeName, fileSystem.Uuid, fileSystem.Label));
        Assert.IsEmpty(fileSystem.Notes);
        Assert.AreEqual("", fileSystem.PendingChanges);
    }
}
