using System.Diagnostics;
using Azure.Storage.Blobs.Models;
using Marketplace.Publishing.Catalog;
using Marketplace.Publishing.Storage;
using Marketplace.Publishing.Upload;

namespace Marketplace.Publishing.Tests.Upload;

[TestClass]
public sealed class FaultTests
{
    public required TestContext TestContext { get; set; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    [DataRow(Fault.ServerBusy)]
    [DataRow(Fault.InternalError)]
    [DataRow(Fault.Reset)]
    [DataRow(Fault.LoseAnswer)]
    public async Task Retries_a_page_write_that_fails(Fault fault)
    {
        using TestDisk disk = Disk();
        await using var proxy = new FaultProxy(Emulated.Endpoint, FaultProxy.First(2, fault, request => request.IsPageWrite));
        StorageConnection connection = await Emulated.OpenAsync(Token, endpoint: proxy.Endpoint);
        UploadResult result = await Publication.UploadAsync(connection, Publication.Request(disk.Source()), Token);
        await PublishingPathTests.AssertEqualAsync(connection, disk, result.Disks[0]);
        Assert.IsGreaterThanOrEqualTo(result.Disks[0].Requests + 2, proxy.Requests.Count(request => request.IsPageWrite));
    }

    [TestMethod]
    [DataRow("create")]
    [DataRow("lease")]
    [DataRow("metadata")]
    public async Task A_lost_answer_to_a_step_that_happened_is_not_a_failure(string step)
    {
        using TestDisk disk = Disk();
        await using var proxy = new FaultProxy(Emulated.Endpoint, FaultProxy.First(1, Fault.LoseAnswer, request => step switch
        {
            "create" => request.IsCreatePageBlob,
            "lease" => request.Query.Contains("comp=lease", StringComparison.Ordinal),
            _ => request.Query.Contains("comp=metadata", StringComparison.Ordinal),
        }));
        StorageConnection connection = await Emulated.OpenAsync(Token, endpoint: proxy.Endpoint);
        UploadResult result = await Publication.UploadAsync(connection, Publication.Request(disk.Source()), Token);
        await PublishingPathTests.AssertEqualAsync(connection, disk, result.Disks[0]);
    }

    [TestMethod]
    public async Task Retries_a_truncated_answer()
    {
        using TestDisk disk = Disk();
        await using var proxy = new FaultProxy(Emulated.Endpoint, FaultProxy.First(2, Fault.TruncateAnswer, request => request.Method == "GET" && request.Path.EndsWith(".vhd", StringComparison.Ordinal)));
        StorageConnection connection = await Emulated.OpenAsync(Token, endpoint: proxy.Endpoint);
        UploadResult result = await Publication.UploadAsync(connection, Publication.Request(disk.Source()), Token);
        await PublishingPathTests.AssertEqualAsync(connection, disk, result.Disks[0]);
    }

    [TestMethod]
    public async Task Sends_again_what_arrived_changed()
    {
        using TestDisk disk = Disk();
        await using var proxy = new FaultProxy(Emulated.Endpoint, FaultProxy.First(1, Fault.CorruptBody, request => request.IsPageWrite));
        StorageConnection connection = await Emulated.OpenAsync(Token, endpoint: proxy.Endpoint);
        UploadResult result = await Publication.UploadAsync(connection, Publication.Request(disk.Source()), Token);
        await PublishingPathTests.AssertEqualAsync(connection, disk, result.Disks[0]);
    }

    [TestMethod]
    public async Task Refuses_a_blob_whose_bytes_always_arrive_changed()
    {
        using TestDisk disk = Disk();
        await using var proxy = new FaultProxy(Emulated.Endpoint, request => request.IsPageWrite && request.BodyLength > 512 ? Fault.CorruptBody : Fault.None);
        StorageConnection connection = await Emulated.OpenAsync(Token, endpoint: proxy.Endpoint);
        PublishingException exception = await Assert.ThrowsExactlyAsync<PublishingException>(() => Publication.UploadAsync(connection, Publication.Request(disk.Source()), Token));
        Assert.AreEqual("MKT4034", exception.Code);
        await AssertNothingIsCompleteAsync(connection);
    }

    [TestMethod]
    [DataRow(Fault.Forbid, "MKT5004")]
    [DataRow(Fault.NoPageBlobs, "MKT5005")]
    public async Task Names_what_the_service_refuses(Fault fault, string code)
    {
        using TestDisk disk = Disk();
        await using var proxy = new FaultProxy(Emulated.Endpoint, request => request.IsCreatePageBlob ? fault : Fault.None);
        StorageConnection connection = await Emulated.OpenAsync(Token, endpoint: proxy.Endpoint);
        PublishingException exception = await Assert.ThrowsExactlyAsync<PublishingException>(() => Publication.UploadAsync(connection, Publication.Request(disk.Source()), Token));
        Assert.AreEqual(code, exception.Code);
    }

    // Whatever request is the last one that reaches the service, nothing is published and the next run succeeds.
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(5)]
    [DataRow(7)]
    [DataRow(9)]
    [DataRow(11)]
    [DataRow(13)]
    [DataRow(16)]
    public async Task A_publish_that_ends_at_any_request_leaves_nothing_published_and_the_next_one_succeeds(int requests)
    {
        using TestDisk disk = Disk();
        string container = Emulated.NewContainerName();
        StorageConnection direct = await Emulated.OpenAsync(Token, container);
        int left = requests + 1;
        using var killed = new CancellationTokenSource();
        await using (var proxy = new FaultProxy(Emulated.Endpoint, _ =>
        {
            if (Interlocked.Decrement(ref left) >= 0)
            {
                return Fault.None;
            }

            // The client library would try again for minutes; a killed process does not.
            killed.Cancel();
            return Fault.CutAll;
        }))
        {
            StorageConnection connection = await Emulated.OpenAsync(Token, container, proxy.Endpoint);
            await Assert.ThrowsAsync<OperationCanceledException>(() => Publication.UploadAsync(connection, Publication.Request(disk.Source()), killed.Token));
        }

        await AssertNothingIsCompleteAsync(direct);
        Assert.IsNull(await VersionCatalog.FindAsync(direct, Publication.Identity(), Token));
        // The lease of the killed one lasts 15 s here; breaking it stands for waiting.
        await BreakLeasesAsync(direct);
        UploadResult result = await Publication.PublishAsync(direct, Publication.Request(disk.Source()), Token);
        await PublishingPathTests.AssertEqualAsync(direct, disk, result.Disks[0]);
    }

    [TestMethod]
    public async Task Stops_within_two_seconds_when_it_is_cancelled()
    {
        using TestDisk disk = Disk();
        using var cancel = new CancellationTokenSource();
        await using var proxy = new FaultProxy(Emulated.Endpoint, request =>
        {
            if (request.IsPageWrite)
            {
                cancel.CancelAfter(100);
                return Fault.Hang;
            }

            return Fault.None;
        });
        StorageConnection connection = await Emulated.OpenAsync(Token, endpoint: proxy.Endpoint);
        Task<UploadResult> upload = Publication.UploadAsync(connection, Publication.Request(disk.Source()), cancel.Token);
        while (!cancel.IsCancellationRequested)
        {
            await Task.Delay(10, Token);
        }

        long cancelled = Stopwatch.GetTimestamp();
        await Assert.ThrowsAsync<OperationCanceledException>(() => upload);
        Assert.IsLessThan(2, Stopwatch.GetElapsedTime(cancelled).TotalSeconds);
    }

    private static TestDisk Disk() => new TestDisk(20 * TestDisk.Mebibyte)
        .Fill(0, 8192, 1).Fill(3 * TestDisk.Mebibyte, 2 * TestDisk.Mebibyte, 2).Fill(17 * TestDisk.Mebibyte, 100_000, 3);

    private async Task AssertNothingIsCompleteAsync(StorageConnection connection)
    {
        await foreach (BlobItem blob in Emulated.Look(connection).GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, null, Token))
        {
            Assert.AreEqual("uploading", blob.Metadata["vhd_state"]);
        }
    }

    private async Task BreakLeasesAsync(StorageConnection connection)
    {
        await foreach (BlobItem blob in Emulated.Look(connection).GetBlobsAsync(BlobTraits.None, BlobStates.None, null, Token))
        {
            if (blob.Properties.LeaseState == LeaseState.Leased)
            {
                await new Azure.Storage.Blobs.Specialized.BlobLeaseClient(Emulated.Look(connection).GetBlobClient(blob.Name)).BreakAsync(TimeSpan.Zero, cancellationToken: Token);
            }
        }
    }
}
