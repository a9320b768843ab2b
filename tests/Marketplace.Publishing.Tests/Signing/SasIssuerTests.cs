using System.Text.Json;
using Marketplace.Publishing.Signing;
using Marketplace.Publishing.Storage;
using Marketplace.Publishing.Upload;

namespace Marketplace.Publishing.Tests.Signing;

[TestClass]
public sealed class SasIssuerTests
{
    public required TestContext TestContext { get; set; }

    private CancellationToken Token => TestContext.CancellationToken;

    [TestMethod]
    [DataRow("2015-10")]
    [DataRow("current")]
    public async Task A_signature_reads_and_lists_and_cannot_write(string levels)
    {
        (StorageConnection connection, UploadResult result) = await UploadAsync();
        SignedDisk signed = (await SignAsync(connection, result, levels)).Single();
        Assert.IsEmpty(SigningTerms.Judge(signed.Uri, levels));
        StringAssert.EndsWith(signed.Uri.AbsolutePath, "/os-os.vhd");

        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        string container = signed.Uri.AbsoluteUri.Replace("/contoso/appliance/standard/1.0.0/os-os.vhd", "", StringComparison.Ordinal);
        StringAssert.Contains(await client.GetStringAsync($"{container}&restype=container&comp=list", Token), "os-os.vhd");
        using HttpResponseMessage refused = await client.DeleteAsync(signed.Uri, Token);
        Assert.AreEqual(System.Net.HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [TestMethod]
    public async Task A_token_cannot_sign()
    {
        (StorageConnection connection, UploadResult result) = await UploadAsync();
        string token = Emulated.Look(connection).GenerateSasUri(Azure.Storage.Sas.BlobContainerSasPermissions.All, DateTimeOffset.UtcNow.AddHours(1)).Query;
        StorageConnection withToken = await StorageConnection.OpenAsync(
            connection.Target with { IsEmulator = false }, name => name == "AZURE_STORAGE_SAS_TOKEN" ? token : null, Token);
        PublishingException exception = await Assert.ThrowsExactlyAsync<PublishingException>(() => SignAsync(withToken, result, "current"));
        Assert.AreEqual("MKT4011", exception.Code);

        using TestDisk disk = new TestDisk(20 * TestDisk.Mebibyte).Fill(0, 100);
        UploadRequest request = Publication.Request(disk.Source()) with { Identity = Publication.Identity("1.0.1") };
        UploadResult uploaded = await Publication.PublishAsync(withToken, request, Token);
        await PublishingPathTests.AssertEqualAsync(connection, disk, uploaded.Disks[0]);
        Assert.AreEqual("", uploaded.Disks[0].BlobUri.Query);
    }

    [TestMethod]
    public async Task An_endpoint_without_https_cannot_give_the_URIs_the_current_level_asks_for()
    {
        (StorageConnection connection, UploadResult result) = await UploadAsync();
        StorageConnection account = await StorageConnection.OpenAsync(
            connection.Target with { IsEmulator = false }, name => name == "AZURE_STORAGE_KEY" ? Emulated.Key : null, Token);
        PublishingException exception = await Assert.ThrowsExactlyAsync<PublishingException>(() => SignAsync(account, result, "current"));
        Assert.AreEqual("MKT4007", exception.Code);
    }

    [TestMethod]
    public async Task A_signature_that_does_not_open_the_disk_is_not_given_out()
    {
        (StorageConnection connection, UploadResult result) = await UploadAsync();
        // A reader without the account key is refused: what a firewall does.
        await using var proxy = new FaultProxy(Emulated.Endpoint, request => request.Headers.ContainsKey("Authorization") ? Fault.None : Fault.Forbid);
        StorageConnection behind = await Emulated.OpenAsync(Token, connection.Target.Container, proxy.Endpoint);
        PublishingException exception = await Assert.ThrowsExactlyAsync<PublishingException>(() => SignAsync(behind, result, "current"));
        Assert.AreEqual("MKT4010", exception.Code);
        StringAssert.Contains(exception.Message, "HTTP 403 KeyBasedAuthenticationNotPermitted");
        Assert.DoesNotContain("sig=", exception.Message);
    }

    [TestMethod]
    public async Task The_text_of_a_signed_disk_has_no_signature()
    {
        (StorageConnection connection, UploadResult result) = await UploadAsync();
        SignedDisk signed = (await SignAsync(connection, result, "current")).Single();
        Assert.DoesNotContain("sig=", signed.ToString());
        StringAssert.Contains(signed.ToString(), "os-os.vhd");
    }

    [TestMethod]
    public async Task Writes_the_URIs_to_a_file_only_its_owner_can_read_even_when_it_was_there_with_wider_permissions()
    {
        (StorageConnection connection, UploadResult result) = await UploadAsync();
        IReadOnlyList<SignedDisk> signed = await SignAsync(connection, result, "current");
        string directory = Directory.CreateTempSubdirectory("mkt-sas-").FullName;
        string path = Path.Combine(directory, "publish", "sas.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "old", Token);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        SasIssuer.WriteFile(path, signed);
        if (!OperatingSystem.IsWindows())
        {
            Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }

        string text = await File.ReadAllTextAsync(path, Token);
        StringAssert.Contains(text, signed[0].Uri.AbsoluteUri);
        using var json = JsonDocument.Parse(text);
        Assert.AreEqual(signed[0].Uri.AbsoluteUri, json.RootElement.GetProperty("disks")[0].GetProperty("uri").GetString());
        Assert.HasCount(1, Directory.GetFiles(Path.GetDirectoryName(path)!));
        Directory.Delete(directory, recursive: true);
    }

    [TestMethod]
    public void Replaces_a_link_by_the_file_and_leaves_what_it_led_to_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string directory = Directory.CreateTempSubdirectory("mkt-sas-").FullName;
        string target = Path.Combine(directory, "target");
        string path = Path.Combine(directory, "sas.json");
        File.WriteAllText(target, "mine");
        File.CreateSymbolicLink(path, target);
        SasIssuer.WriteFile(path, []);
        Assert.AreEqual("mine", File.ReadAllText(target));
        Assert.IsNull(new FileInfo(path).LinkTarget);
        Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Directory.Delete(directory, recursive: true);
    }

    [TestMethod]
    public void What_stops_the_signing_is_known_without_a_request()
    {
        string directory = Directory.CreateTempSubdirectory("mkt-sas-").FullName;
        string path = Path.Combine(directory, "publish", "sas.json");
        Assert.IsNull(Refusal("AZURE_STORAGE_KEY", "AAAA", "https", path));
        Assert.IsEmpty(Directory.GetFiles(directory, "*", SearchOption.AllDirectories));
        Assert.AreEqual("MKT4007", Refusal("AZURE_STORAGE_KEY", "AAAA", "http", path));
        Assert.AreEqual("MKT4011", Refusal("AZURE_STORAGE_SAS_TOKEN", "sv=2023-11-03&sp=rwl&se=2999-01-01T00:00:00Z&sig=AAAA", "https", path));
        Assert.AreEqual("MKT4013", Refusal("AZURE_STORAGE_KEY", "AAAA", "https", directory));
        Directory.Delete(directory, recursive: true);
    }

    private static string? Refusal(string variable, string value, string scheme, string path)
    {
        var target = new StorageTarget { Account = "contoso", Container = "images", Endpoint = new Uri($"{scheme}://contoso.example") };
        try
        {
            SasIssuer.CheckBeforeUpload(target, name => name == variable ? value : null, SigningTerms.PolicyFor("current"), path, TimeProvider.System);
            return null;
        }
        catch (PublishingException exception)
        {
            return exception.Code;
        }
    }

    [TestMethod]
    public void Says_that_the_file_cannot_be_written()
    {
        string file = Path.GetTempFileName();
        PublishingException exception = Assert.ThrowsExactly<PublishingException>(() => SasIssuer.WriteFile(Path.Combine(file, "sas.json"), []));
        Assert.AreEqual("MKT4013", exception.Code);
        File.Delete(file);
    }

    private static Task<IReadOnlyList<SignedDisk>> SignAsync(StorageConnection connection, UploadResult result, string levels) =>
        SasIssuer.IssueAsync(connection, result.Disks, SigningTerms.PolicyFor(levels), TimeProvider.System, CancellationToken.None);

    private async Task<(StorageConnection Connection, UploadResult Result)> UploadAsync()
    {
        using TestDisk disk = new TestDisk(20 * TestDisk.Mebibyte).Fill(0, 4096);
        StorageConnection connection = await Emulated.OpenAsync(Token);
        return (connection, await Publication.UploadAsync(connection, Publication.Request(disk.Source()), Token));
    }
}
