using System.Security.Cryptography;
using Marketplace.Publishing.Storage;
using Marketplace.Publishing.Upload;

namespace Marketplace.Publishing.Tests.Upload;

[TestClass]
public sealed class ContentHashTests
{
    public required TestContext TestContext { get; set; }

    [TestMethod]
    public async Task Is_what_the_documentation_says_and_does_not_depend_on_holes_or_the_footer()
    {
        using TestDisk sparse = new TestDisk(21 * TestDisk.Mebibyte).Fill(5 * TestDisk.Mebibyte, 3000);
        using TestDisk dense = new TestDisk(21 * TestDisk.Mebibyte).Write(0, new byte[21 * TestDisk.Mebibyte]).Fill(5 * TestDisk.Mebibyte, 3000);
        byte[] bytes = await File.ReadAllBytesAsync(sparse.FilePath, TestContext.CancellationToken);
        byte[] root = SHA256.HashData([0, 0, 0, 0, 0x01, 0x50, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, .. SHA256.HashData(bytes.AsSpan(4 * TestDisk.Mebibyte, 4 * TestDisk.Mebibyte))]);

        Assert.AreEqual(Convert.ToHexStringLower(root), await HashAsync(sparse));
        Assert.AreEqual(Convert.ToHexStringLower(root), await HashAsync(dense));
    }

    private async Task<string> HashAsync(TestDisk disk)
    {
        StorageConnection connection = await Emulated.OpenAsync(TestContext.CancellationToken);
        UploadResult result = await Publication.UploadAsync(connection, Publication.Request(disk.Source()), TestContext.CancellationToken);
        return result.Disks[0].ContentHash;
    }
}
