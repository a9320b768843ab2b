using Marketplace.DiskImages.FileSystems.Xfs;

namespace Marketplace.DiskImages.Tests.Xfs;

/// <summary>Whole trees against what the kernel showed when it mounted the same image.</summary>
[TestClass]
public sealed class XfsTreeTests
{
    public static IEnumerable<object[]> Fixtures => XfsFixture.Names.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Fixtures))]
    public void Reads_the_tree_the_kernel_shows(string name)
    {
        XfsFileSystem fileSystem = XfsFileSystem.Open(XfsFixture.Load(name));
        IReadOnlyList<string> differences = TreeManifest.Compare(fileSystem, Fixture.Manifest("Xfs/" + name));

        Assert.IsEmpty(differences, string.Join('\n', differences.Take(10)));
    }
}
