using System.Text.Json;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Marketplace.Publishing.Catalog;
using Marketplace.Publishing.Storage;
using Marketplace.Publishing.Upload;

namespace Marketplace.Publishing.Tests.Catalog;

[TestClass]
public sealed class VersionCatalogTests
{
    private const string RecordName = "catalog/contoso/appliance/standard/1.0.0.json";

    public required TestContext TestContext { get; set; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task Has_no_record_of_a_version_that_was_not_published()
    {
        StorageConnection connection = await Emulated.OpenAsync(Token);
        Assert.IsNull(await VersionCatalog.FindAsync(connection, Publication.Identity(), Token));
    }

    [TestMethod]
    public async Task Keeps_what_was_published_as_JSON_and_changes_nothing_when_it_is_written_again()
    {
        using TestDisk disk = new TestDisk(20 * TestDisk.Mebibyte).Fill(0, 5000);
        StorageConnection connection = await Emulated.OpenAsync(Token);
        UploadResult result = await Publication.PublishAsync(connection, Publication.Request(disk.Source()), Token);
        BlobDownloadResult first = await Emulated.Look(connection).GetBlobClient(RecordName).DownloadContentAsync(Token);
        Assert.AreEqual("application/json", first.Details.ContentType);
        using var json = JsonDocument.Parse(first.Content);
        JsonElement stored = json.RootElement.GetProperty("disks")[0];
        Assert.AreEqual(result.Disks[0].ContentHash, stored.GetProperty("contentHash").GetString());
        Assert.AreEqual(20 * TestDisk.Mebibyte, stored.GetProperty("virtualSize").GetInt64());
        Assert.IsFalse(stored.TryGetProperty("bytesSent", out JsonElement _));
        Assert.AreEqual("MKT1001", json.RootElement.GetProperty("requirements")[0].GetProperty("id").GetString());

        VersionRecord later = Publication.Record(result) with { Published = DateTimeOffset.UtcNow };
        await VersionCatalog.RegisterAsync(connection, later, Token);
        BlobDownloadResult second = await Emulated.Look(connection).GetBlobClient(RecordName).DownloadContentAsync(Token);
        Assert.AreEqual(first.Details.ETag, second.Details.ETag);
    }

    [TestMethod]
    public async Task Refuses_a_second_record_of_a_version_with_other_content()
    {
        using TestDisk disk = new TestDisk(20 * TestDisk.Mebibyte).Fill(0, 5000);
        StorageConnection connection = await Emulated.OpenAsync(Token);
        UploadResult result = await Publication.PublishAsync(connection, Publication.Request(disk.Source()), Token);
        VersionRecord other = Publication.Record(result) with { Disks = [result.Disks[0] with { Caching = "None" }] };
        PublishingException exception = await Assert.ThrowsExactlyAsync<PublishingException>(() => VersionCatalog.RegisterAsync(connection, other, Token));
        Assert.AreEqual("MKT4041", exception.Code);
    }

    [TestMethod]
    [DataRow("gone")]
    [DataRow("incomplete")]
    [DataRow("changed")]
    [DataRow("resized")]
    public async Task Registers_only_blobs_that_are_what_was_uploaded(string what)
    {
        using TestDisk disk = new TestDisk(20 * TestDisk.Mebibyte).Fill(0, 5000);
        StorageConnection connection = await Emulated.OpenAsync(Token);
        UploadResult result = await Publication.UploadAsync(connection, Publication.Request(disk.Source()), Token);
        PageBlobClient blob = Emulated.Look(connection).GetPageBlobClient(result.Disks[0].BlobName);
        IDictionary<string, string> metadata = (await blob.GetPropertiesAsync(cancellationToken: Token)).Value.Metadata;
        switch (what)
        {
            case "gone":
                await blob.DeleteAsync(cancellationToken: Token);
                break;
            case "incomplete":
                metadata["vhd_state"] = "uploading";
                await blob.SetMetadataAsync(metadata, cancellationToken: Token);
                break;
            case "changed":
                metadata["vhd_content_sha256"] = new string('0', 64);
                await blob.SetMetadataAsync(metadata, cancellationToken: Token);
                break;
            default:
                await blob.ResizeAsync(TestDisk.Mebibyte, cancellationToken: Token);
                break;
        }

        PublishingException exception = await Assert.ThrowsExactlyAsync<PublishingException>(() => VersionCatalog.RegisterAsync(connection, Publication.Record(result), Token));
        Assert.AreEqual("MKT4045", exception.Code);
        Assert.IsNull(await VersionCatalog.FindAsync(connection, Publication.Identity(), Token));
    }

    [TestMethod]
    public async Task Applies_the_version_rule_to_the_newest_version_of_the_SKU()
    {
        using TestDisk disk = new TestDisk(20 * TestDisk.Mebibyte).Fill(0, 5000);
        StorageConnection connection = await Emulated.OpenAsync(Token);
        await PublishAsync(connection, disk, "1.0.9");
        await PublishAsync(connection, disk, "1.0.10");
        Assert.AreEqual("MKT4042", await FailAsync(connection, disk, "1.0.3"));
        Assert.AreEqual("MKT4043", await FailAsync(connection, disk, "1.1.0"));

        UploadRequest jump = Publication.Request(disk.Source()) with { Identity = Publication.Identity("2.0.0"), VersionJumpReason = "new base" };
        Assert.AreEqual("MKT4044", (await Publication.UploadAsync(connection, jump, Token)).Notes.Single().Code);

        // Another SKU has versions of its own.
        UploadRequest other = Publication.Request(disk.Source()) with { Identity = Publication.Identity("0.1.0") with { Sku = "small" } };
        Assert.IsEmpty((await Publication.UploadAsync(connection, other, Token)).Notes);
    }

    [TestMethod]
    public async Task Asks_for_the_same_number_of_data_disks_in_all_versions()
    {
        using TestDisk disk = new TestDisk(20 * TestDisk.Mebibyte).Fill(0, 5000);
        StorageConnection connection = await Emulated.OpenAsync(Token);
        await PublishAsync(connection, disk, "1.0.0");
        UploadRequest request = Publication.Request(disk.Source(), disk.Source(0)) with { Identity = Publication.Identity("1.0.1") };
        PublishingException exception = await Assert.ThrowsExactlyAsync<PublishingException>(() => Publication.UploadAsync(connection, request, Token));
        Assert.AreEqual("MKT1015", exception.Code);
    }

    [TestMethod]
    [DataRow("not json")]
    [DataRow("")]
    [DataRow("null")]
    [DataRow("{}")]
    [DataRow("""{"schema":1,"identity":null}""")]
    public async Task Says_that_a_record_cannot_be_read(string content)
    {
        StorageConnection connection = await Emulated.OpenAsync(Token);
        await Emulated.Look(connection).GetBlobClient(RecordName).UploadAsync(BinaryData.FromString(content), Token);
        PublishingException exception = await Assert.ThrowsExactlyAsync<PublishingException>(() => VersionCatalog.FindAsync(connection, Publication.Identity(), Token));
        Assert.AreEqual("MKT4046", exception.Code);
    }

    private async Task PublishAsync(StorageConnection connection, TestDisk disk, string version) =>
        await Publication.PublishAsync(connection, Publication.Request(disk.Source()) with { Identity = Publication.Identity(version) }, Token);

    private async Task<string> FailAsync(StorageConnection connection, TestDisk disk, string version) =>
        (await Assert.ThrowsExactlyAsync<PublishingException>(() => Publication.UploadAsync(connection, Publication.Request(disk.Source()) with { Identity = Publication.Identity(version) }, Token))).Code;
}
