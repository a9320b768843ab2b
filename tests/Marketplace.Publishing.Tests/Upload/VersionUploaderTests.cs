using Azure.Storage.Blobs.Specialized;
using Marketplace.Publishing.Catalog;
using Marketplace.Publishing.Storage;
using Marketplace.Publishing.Upload;

namespace Marketplace.Publishing.Tests.Upload;

[TestClass]
public sealed class VersionUploaderTests
{
    public required TestContext TestContext { get; set; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    public async Task Sends_at_most_a_quarter_more_than_the_pages_of_a_fragmented_disk()
    {
        using TestDisk disk = new(64 * TestDisk.Mebibyte);
        var random = new Random(7);
        HashSet<int> pages = [];
        byte[] page = [.. Enumerable.Repeat((byte)7, 4096)];
        using (FileStream file = File.OpenWrite(disk.FilePath))
        {
            for (int position = 0; position < 16384; position += 1 + random.Next(9))
            {
                for (int count = random.Next(1, 5); count > 0 && position < 16384; count--, position++)
                {
                    pages.Add(position);
                    file.Position = position * 4096L;
                    file.Write(page);
                }
            }
        }

        StorageConnection connection = await Emulated.OpenAsync(Token);
        UploadResult result = await Publication.UploadAsync(connection, Publication.Request(disk.Source()), Token);
        await PublishingPathTests.AssertEqualAsync(connection, disk, result.Disks[0]);
        TestContext.WriteLine($"{pages.Count} pages, {result.Disks[0].BytesSent} bytes, {result.Disks[0].Requests} requests");
        Assert.IsLessThanOrEqualTo(1.25 * 4096 * pages.Count, result.Disks[0].BytesSent);
    }

    [TestMethod]
    public async Task Refuses_a_second_publisher_while_the_first_writes()
    {
        using TestDisk disk = new TestDisk(20 * TestDisk.Mebibyte).Fill(0, 100_000);
        string container = Emulated.NewContainerName();
        StorageConnection connection = await Emulated.OpenAsync(Token, container);
        var reached = new TaskCompletionSource();
        using var end = new CancellationTokenSource();
        await using var proxy = new FaultProxy(Emulated.Endpoint, request =>
        {
            if (request.IsPageWrite)
            {
                reached.TrySetResult();
                return Fault.Hang;
            }

            return Fault.None;
        });
        StorageConnection slow = await Emulated.OpenAsync(Token, container, proxy.Endpoint);
        Task<UploadResult> first = Publication.UploadAsync(slow, Publication.Request(disk.Source()), end.Token);
        await reached.Task;

        List<string> log = [];
        PublishingException exception = await Assert.ThrowsExactlyAsync<PublishingException>(
            () => Publication.UploadAsync(connection, Publication.Request(disk.Source()) with { Log = log.Add }, Token));
        Assert.AreEqual("MKT4030", exception.Code);
        StringAssert.Contains(exception.Message, Environment.MachineName);
        Assert.HasCount(1, log);

        await end.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => first);
        // The lease was given back, so nobody has to wait for it to run out.
        await Publication.PublishAsync(connection, Publication.Request(disk.Source()), Token);
    }

    [TestMethod]
    public async Task Two_publishers_of_one_version_at_once_publish_it_once()
    {
        using TestDisk disk = new TestDisk(20 * TestDisk.Mebibyte).Fill(0, 100_000);
        string container = Emulated.NewContainerName();
        await Emulated.OpenAsync(Token, container);
        UploadTuning patient = Publication.Quick with { LeaseWait = TimeSpan.FromSeconds(30) };
        UploadResult[] results = await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            StorageConnection connection = await Emulated.OpenAsync(Token, container);
            UploadResult result = await Publication.UploadAsync(connection, Publication.Request(disk.Source()), Token, patient);
            await VersionCatalog.RegisterAsync(connection, Publication.Record(result), Token);
            return result;
        }));
        Assert.AreEqual(results[0].Disks[0].ContentHash, results[1].Disks[0].ContentHash);
        Assert.ContainsSingle(results.Where(result => result.Disks[0].Requests > 0));
    }

    [TestMethod]
    public async Task Replaces_a_complete_blob_that_was_never_published_when_the_content_changed()
    {
        using TestDisk disk = new TestDisk(20 * TestDisk.Mebibyte).Fill(0, 100_000).Fill(8 * TestDisk.Mebibyte, 100_000);
        StorageConnection connection = await Emulated.OpenAsync(Token);
        UploadResult first = await Publication.UploadAsync(connection, Publication.Request(disk.Source()), Token);

        UploadResult same = await Publication.UploadAsync(connection, Publication.Request(disk.Source()), Token);
        Assert.AreEqual(0, same.Disks[0].Requests);
        Assert.IsFalse(same.AlreadyPublished);

        disk.Write(8 * TestDisk.Mebibyte, new byte[100_000]);
        UploadResult changed = await Publication.UploadAsync(connection, Publication.Request(disk.Source()), Token);
        Assert.AreNotEqual(first.Disks[0].ContentHash, changed.Disks[0].ContentHash);
        await PublishingPathTests.AssertEqualAsync(connection, disk, changed.Disks[0]);
        PublishingException exception = await Assert.ThrowsExactlyAsync<PublishingException>(() => VersionCatalog.RegisterAsync(connection, Publication.Record(first), Token));
        Assert.AreEqual("MKT4045", exception.Code);
    }

    [TestMethod]
    public async Task Does_not_overwrite_a_blob_somebody_else_made()
    {
        using TestDisk disk = new TestDisk(20 * TestDisk.Mebibyte).Fill(0, 100_000);
        StorageConnection connection = await Emulated.OpenAsync(Token);
        await Emulated.Look(connection).GetPageBlobClient("contoso/appliance/standard/1.0.0/os-os.vhd").CreateAsync(512, cancellationToken: Token);
        PublishingException exception = await Assert.ThrowsExactlyAsync<PublishingException>(() => Publication.UploadAsync(connection, Publication.Request(disk.Source()), Token));
        Assert.AreEqual("MKT4032", exception.Code);
    }

    [TestMethod]
    public async Task Notices_that_the_disk_changes_while_it_is_sent()
    {
        using TestDisk disk = new TestDisk(20 * TestDisk.Mebibyte).Fill(0, 100_000).Fill(8 * TestDisk.Mebibyte, 100_000);
        await using var proxy = new FaultProxy(Emulated.Endpoint, request =>
        {
            if (request.IsPageWrite)
            {
                File.SetLastWriteTimeUtc(disk.FilePath, DateTime.UtcNow.AddMinutes(1));
            }

            return Fault.None;
        });
        StorageConnection connection = await Emulated.OpenAsync(Token, endpoint: proxy.Endpoint);
        PublishingException exception = await Assert.ThrowsExactlyAsync<PublishingException>(() => Publication.UploadAsync(connection, Publication.Request(disk.Source()), Token));
        Assert.AreEqual("MKT4031", exception.Code);
        Assert.AreEqual(disk.FilePath, exception.File);
    }

    [TestMethod]
    public async Task Refuses_other_content_for_a_published_version_before_anything_is_sent()
    {
        using TestDisk disk = new TestDisk(20 * TestDisk.Mebibyte).Fill(0, 100_000);
        StorageConnection connection = await Emulated.OpenAsync(Token);
        UploadResult published = await Publication.PublishAsync(connection, Publication.Request(disk.Source()), Token);
        disk.Fill(12 * TestDisk.Mebibyte, 10, 9);

        string container = connection.Target.Container;
        await using var proxy = new FaultProxy(Emulated.Endpoint, _ => Fault.None);
        StorageConnection watched = await Emulated.OpenAsync(Token, container, proxy.Endpoint);
        PublishingException exception = await Assert.ThrowsExactlyAsync<PublishingException>(() => Publication.UploadAsync(watched, Publication.Request(disk.Source()), Token));
        Assert.AreEqual("MKT4041", exception.Code);
        Assert.IsEmpty(proxy.Requests.Where(request => request.Method == "PUT"));
        Assert.AreEqual(published.Disks[0].ContentHash, (await VersionCatalog.FindAsync(connection, published.Identity, Token))!.Disks[0].ContentHash);
    }

    [TestMethod]
    public async Task Sends_a_published_disk_again_when_its_blob_is_gone()
    {
        using TestDisk disk = new TestDisk(20 * TestDisk.Mebibyte).Fill(0, 100_000);
        StorageConnection connection = await Emulated.OpenAsync(Token);
        UploadResult published = await Publication.PublishAsync(connection, Publication.Request(disk.Source()), Token);
        await Emulated.Look(connection).DeleteBlobAsync(published.Disks[0].BlobName, cancellationToken: Token);
        UploadResult again = await Publication.PublishAsync(connection, Publication.Request(disk.Source()), Token);
        Assert.IsFalse(again.AlreadyPublished);
        await PublishingPathTests.AssertEqualAsync(connection, disk, again.Disks[0]);
    }

    [TestMethod]
    public async Task Uses_no_more_memory_for_buffers_than_it_may()
    {
        using TestDisk disk = new TestDisk(64 * TestDisk.Mebibyte).Fill(0, 40 * TestDisk.Mebibyte);
        StorageConnection connection = await Emulated.OpenAsync(Token);
        UploadResult result = await Publication.UploadAsync(connection, Publication.Request(disk.Source()) with { BufferBytes = 1 }, Token);
        await PublishingPathTests.AssertEqualAsync(connection, disk, result.Disks[0]);
    }

    [TestMethod]
    public async Task Names_a_disk_that_cannot_be_read()
    {
        StorageConnection connection = await Emulated.OpenAsync(Token);
        var missing = new DiskSource(Path.Combine(Path.GetTempPath(), "there-is-no-such.vhd"), null, "None");
        PublishingException exception = await Assert.ThrowsExactlyAsync<PublishingException>(() => Publication.UploadAsync(connection, Publication.Request(missing), Token));
        Assert.AreEqual("MKT4033", exception.Code);
        Assert.AreEqual(missing.Path, exception.File);
    }

    [TestMethod]
    public async Task Refuses_two_disks_of_one_LUN()
    {
        using TestDisk disk = new(20 * TestDisk.Mebibyte);
        StorageConnection connection = await Emulated.OpenAsync(Token);
        PublishingException exception = await Assert.ThrowsExactlyAsync<PublishingException>(
            () => Publication.UploadAsync(connection, Publication.Request(disk.Source(), disk.Source(1), disk.Source(1)), Token));
        Assert.AreEqual("MKT4025", exception.Code);
    }

    [TestMethod]
    [DataRow("con/toso")]
    [DataRow("..")]
    [DataRow("")]
    [DataRow("con toso")]
    public async Task Refuses_a_name_that_cannot_be_a_part_of_a_blob_name(string publisher)
    {
        using TestDisk disk = new(20 * TestDisk.Mebibyte);
        StorageConnection connection = await Emulated.OpenAsync(Token);
        UploadRequest request = Publication.Request(disk.Source()) with { Identity = Publication.Identity() with { Publisher = publisher } };
        PublishingException exception = await Assert.ThrowsExactlyAsync<PublishingException>(() => Publication.UploadAsync(connection, request, Token));
        Assert.AreEqual("MKT4024", exception.Code);
    }
}
