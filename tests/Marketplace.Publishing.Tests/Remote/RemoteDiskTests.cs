using Azure.Storage.Blobs.Specialized;
using Marketplace.DiskImages;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Formats;
using Marketplace.Publishing.Remote;
using Marketplace.Publishing.Storage;
using Marketplace.Publishing.Upload;

namespace Marketplace.Publishing.Tests.Remote;

/// <summary>A disk that is a blob: read in place, and published by a copy the service makes.</summary>
[TestClass]
public sealed class RemoteDiskTests
{
    private const long Size = 64L * TestDisk.Mebibyte;

    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task Reads_the_bytes_of_the_blob_and_only_what_is_needed()
    {
        using TestDisk local = Filled();
        (RemoteDisk remote, _) = await PutAsync(local);
        using DiskImage image = DiskImage.Open(remote);
        using FileContent file = FileContent.Open(local.FilePath);

        Assert.AreEqual(DiskFormat.FixedVhd, image.Format);
        foreach ((long offset, int count) in ((long, int)[])[(0, 512), (TestDisk.Mebibyte - 3, 100_000), (20 * TestDisk.Mebibyte, 4096), (Size - 1000, 1512), (31, 5)])
        {
            byte[] expected = new byte[count];
            byte[] actual = new byte[count];
            file.Read(offset, expected);
            remote.Read(offset, actual);
            Assert.IsTrue(expected.AsSpan().SequenceEqual(actual), $"{count} bytes at {offset}");
        }

        Assert.IsLessThan(1L << 20, remote.BytesRead);
    }

    [TestMethod]
    public async Task Allocated_extents_are_the_page_ranges_and_all_bytes_are_equal()
    {
        using TestDisk local = Filled();
        (RemoteDisk remote, _) = await PutAsync(local);
        Extent[] extents = [.. remote.GetAllocatedExtents()];

        Assert.IsLessThan(8L * TestDisk.Mebibyte, extents.Sum(extent => extent.Length));
        byte[] expected = await File.ReadAllBytesAsync(local.FilePath, TestContext.CancellationToken);
        byte[] actual = new byte[expected.Length];
        foreach (Extent extent in extents)
        {
            remote.Read(extent.Offset, actual.AsSpan((int)extent.Offset, (int)extent.Length));
        }

        Assert.IsTrue(expected.AsSpan().SequenceEqual(actual));
    }

    [TestMethod]
    public async Task A_blob_that_changes_while_it_is_read_is_an_error()
    {
        using TestDisk local = Filled();
        (RemoteDisk remote, PageBlobClient blob) = await PutAsync(local);
        remote.Read(0, new byte[512]);
        await blob.UploadPagesAsync(new MemoryStream(new byte[512]), 512, cancellationToken: TestContext.CancellationToken);

        IOException error = Assert.ThrowsExactly<IOException>(() => remote.Read(40 * TestDisk.Mebibyte, new byte[512]));
        Assert.Contains("was changed while it was read", error.Message);
    }

    [TestMethod]
    public async Task A_missing_blob_and_a_private_one_are_named_with_what_to_do()
    {
        StorageConnection connection = await Emulated.OpenAsync(TestContext.CancellationToken);
        RemoteDiskAddress missing = RemoteDiskAddress.Parse(connection.BlobUri("nothing.vhd").AbsoluteUri);

        PublishingException error = Assert.ThrowsExactly<PublishingException>(() => RemoteDisk.Open(missing, "", _ => null));
        Assert.AreEqual("MKT4035", error.Code);
        Assert.Contains("AZURE_STORAGE_SOURCE_SAS_TOKEN", error.Message);

        PublishingException token = Assert.ThrowsExactly<PublishingException>(() => RemoteDisk.Open(missing, "", name => name == "AZURE_STORAGE_SOURCE_SAS_TOKEN" ? "no token" : null));
        Assert.AreEqual("MKT4023", token.Code);
    }

    [TestMethod]
    public async Task Is_published_by_a_copy_and_a_second_time_nothing_happens()
    {
        using TestDisk local = Filled();
        (RemoteDisk remote, _) = await PutAsync(local);
        UploadRequest request = RequestFor(remote);
        StorageConnection target = await Emulated.OpenAsync(TestContext.CancellationToken);

        UploadResult result = await Publication.PublishAsync(target, request, TestContext.CancellationToken);

        Assert.AreEqual(0, result.Disks.Single().BytesSent);
        byte[] copied = (await Emulated.Look(target).GetBlobClient(result.Disks.Single().BlobName).DownloadContentAsync(TestContext.CancellationToken)).Value.Content.ToArray();
        Assert.IsTrue((await File.ReadAllBytesAsync(local.FilePath, TestContext.CancellationToken)).AsSpan().SequenceEqual(copied));
        Assert.IsLessThan(1L << 20, remote.BytesRead, "Only the ends are compared.");

        UploadResult again = await Publication.PublishAsync(target, request, TestContext.CancellationToken);
        Assert.IsTrue(again.AlreadyPublished);
    }

    [TestMethod]
    public async Task Is_not_published_when_it_changed_after_it_was_validated()
    {
        using TestDisk local = Filled();
        (RemoteDisk remote, PageBlobClient blob) = await PutAsync(local);
        UploadRequest request = RequestFor(remote);
        await blob.UploadPagesAsync(new MemoryStream(new byte[512]), 512, cancellationToken: TestContext.CancellationToken);
        StorageConnection target = await Emulated.OpenAsync(TestContext.CancellationToken);

        PublishingException error = await Assert.ThrowsExactlyAsync<PublishingException>(() => Publication.UploadAsync(target, request, TestContext.CancellationToken));

        Assert.AreEqual("MKT4031", error.Code);
        Assert.IsEmpty(await Emulated.Look(target).GetBlobsAsync(cancellationToken: TestContext.CancellationToken).ToListAsync(TestContext.CancellationToken));
    }

    [TestMethod]
    public async Task A_raw_disk_is_published_as_a_fixed_VHD_when_that_is_asked_for_and_only_then()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("mkt-raw-").FullName, "os.raw");
        byte[] raw = new byte[(3 * TestDisk.Mebibyte) + 512];
        new Random(4).NextBytes(raw.AsSpan(5000, 70_000));
        await File.WriteAllBytesAsync(path, raw, TestContext.CancellationToken);
        StorageConnection target = await Emulated.OpenAsync(TestContext.CancellationToken);
        DiskSource source = new(path, null, "ReadWrite");

        PublishingException refused = await Assert.ThrowsExactlyAsync<PublishingException>(() => Publication.UploadAsync(target, Publication.Request(source), TestContext.CancellationToken));
        UploadResult result = await Publication.UploadAsync(target, Publication.Request(source with { Convert = true }), TestContext.CancellationToken);

        Assert.AreEqual("MKT4033", refused.Code);
        Assert.EndsWith("/os-os.vhd", result.Disks.Single().BlobName);
        Assert.AreEqual(4L * TestDisk.Mebibyte, result.Disks.Single().VirtualSize);
        byte[] blob = (await Emulated.Look(target).GetBlobClient(result.Disks.Single().BlobName).DownloadContentAsync(TestContext.CancellationToken)).Value.Content.ToArray();
        Assert.IsTrue(raw.AsSpan().SequenceEqual(blob.AsSpan(0, raw.Length)));
        Assert.IsFalse(blob.AsSpan(raw.Length, blob.Length - 512 - raw.Length).ContainsAnyExcept((byte)0));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    private static TestDisk Filled() => new TestDisk(Size).Fill(0, 70_000).Fill(20 * TestDisk.Mebibyte, 3_000_000, 2).Fill(40 * TestDisk.Mebibyte, 5000, 3);

    private static UploadRequest RequestFor(RemoteDisk remote) =>
        Publication.Request(new DiskSource(remote.Address.Uri.AbsoluteUri, null, "ReadWrite") { RemoteVersion = remote.ETag.ToString() }) with
        {
            OpenRemote = path => RemoteDisk.Open(RemoteDiskAddress.Parse(path), "", _ => null),
        };

    /// <summary>The disk as a blob of its own container, not made by publishing.</summary>
    private async Task<(RemoteDisk Disk, PageBlobClient Blob)> PutAsync(TestDisk local)
    {
        StorageConnection connection = await Emulated.OpenAsync(TestContext.CancellationToken);
        PageBlobClient blob = Emulated.Look(connection).GetPageBlobClient("source.vhd");
        using FileContent file = FileContent.Open(local.FilePath);
        await blob.CreateAsync(file.Length, cancellationToken: TestContext.CancellationToken);
        foreach (Extent extent in file.GetAllocatedExtents())
        {
            for (long offset = extent.Offset; offset < extent.End; offset += 4 * TestDisk.Mebibyte)
            {
                byte[] part = new byte[Math.Min(4 * TestDisk.Mebibyte, extent.End - offset)];
                file.Read(offset, part);
                await blob.UploadPagesAsync(new MemoryStream(part), offset, cancellationToken: TestContext.CancellationToken);
            }
        }

        return (RemoteDisk.Open(RemoteDiskAddress.Parse(connection.BlobUri("source.vhd").AbsoluteUri), "", _ => null), blob);
    }
}
