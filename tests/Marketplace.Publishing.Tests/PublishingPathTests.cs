using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Marketplace.Publishing.Catalog;
using Marketplace.Publishing.Signing;
using Marketplace.Publishing.Storage;
using Marketplace.Publishing.Tests.Signing;
using Marketplace.Publishing.Upload;

namespace Marketplace.Publishing.Tests;

[TestClass]
public sealed class PublishingPathTests
{
    public required TestContext TestContext { get; set; }

    [TestMethod]
    public async Task Uploads_signs_and_registers_a_version_of_two_disks_with_equal_names()
    {
        using TestDisk os = new TestDisk(24 * TestDisk.Mebibyte).Fill(0, 4096).Fill(9 * TestDisk.Mebibyte, 3 * TestDisk.Mebibyte);
        using TestDisk data = new TestDisk(20 * TestDisk.Mebibyte).Fill(20 * TestDisk.Mebibyte - 4096, 4096);
        StorageConnection connection = await Emulated.OpenAsync(TestContext.CancellationToken);

        UploadResult result = await Publication.UploadAsync(connection, Publication.Request(os.Source(), data.Source(0)), TestContext.CancellationToken);
        Assert.IsFalse(result.AlreadyPublished);
        Assert.AreEqual("contoso/appliance/standard/1.0.0/os-os.vhd", result.Disks[0].BlobName);
        Assert.AreEqual("contoso/appliance/standard/1.0.0/lun0-os.vhd", result.Disks[1].BlobName);
        await AssertEqualAsync(connection, os, result.Disks[0]);
        await AssertEqualAsync(connection, data, result.Disks[1]);
        Assert.AreEqual(4096 + (3 * TestDisk.Mebibyte) + 512, result.Disks[0].BytesSent);

        IReadOnlyList<SignedDisk> signed = await SasIssuer.IssueAsync(connection, result.Disks, SigningTerms.PolicyFor("2015-10;current"), TimeProvider.System, TestContext.CancellationToken);
        foreach (SignedDisk disk in signed)
        {
            Assert.IsEmpty(SigningTerms.Judge(disk.Uri, "2015-10;current"));
        }

        Uri uri = await VersionCatalog.RegisterAsync(connection, Publication.Record(result), TestContext.CancellationToken);
        StringAssert.EndsWith(uri.AbsolutePath, "/catalog/contoso/appliance/standard/1.0.0.json");
        VersionRecord record = (await VersionCatalog.FindAsync(connection, result.Identity, TestContext.CancellationToken))!;
        Assert.IsTrue(VersionCatalog.HaveSameContent(result.Disks, record.Disks));

        UploadResult again = await Publication.UploadAsync(connection, Publication.Request(os.Source(), data.Source(0)), TestContext.CancellationToken);
        Assert.IsTrue(again.AlreadyPublished);
        Assert.AreEqual(0, again.Disks.Sum(disk => disk.Requests));
    }

    internal static async Task AssertEqualAsync(StorageConnection connection, TestDisk disk, UploadedDisk uploaded)
    {
        PageBlobClient blob = Emulated.Look(connection).GetPageBlobClient(uploaded.BlobName);
        BlobDownloadResult content = await blob.DownloadContentAsync();
        byte[] expected = await File.ReadAllBytesAsync(disk.FilePath);
        Assert.IsTrue(content.Content.ToMemory().Span.SequenceEqual(expected), "The blob differs from the file.");
        Assert.AreEqual("complete", content.Details.Metadata["vhd_state"]);
    }
}
