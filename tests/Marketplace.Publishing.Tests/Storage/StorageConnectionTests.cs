using System.Diagnostics;
using Marketplace.Publishing.Storage;

namespace Marketplace.Publishing.Tests.Storage;

[TestClass]
public sealed class StorageConnectionTests
{
    private const string OtherKey = "AAAAAAAA2xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public async Task Creates_a_missing_container()
    {
        StorageConnection connection = await Emulated.OpenAsync(TestContext.CancellationToken);
        Assert.IsTrue((await Emulated.Look(connection).ExistsAsync(TestContext.CancellationToken)).Value);
        Assert.AreEqual("", connection.ContainerUri.Query);
    }

    [TestMethod]
    [DataRow("AZURE_STORAGE_KEY", Emulated.Key)]
    [DataRow("AZURE_STORAGE_CONNECTION_STRING", "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=" + Emulated.Key)]
    public async Task Opens_with_the_credential_of_the_environment(string variable, string value)
    {
        StorageConnection connection = await OpenAsync(variable, value);
        Assert.AreEqual(variable, connection.CredentialSource);
    }

    [TestMethod]
    public async Task Says_that_there_is_no_credential()
    {
        PublishingException exception = await FailAsync(Account(), _ => null);
        Assert.AreEqual("MKT4020", exception.Code);
        StringAssert.Contains(exception.Message, "AZURE_STORAGE_KEY");
        StringAssert.Contains(exception.Message, "Entra ID is not supported yet");
    }

    [TestMethod]
    [DataRow("Contoso", "images")]
    [DataRow("co", "images")]
    [DataRow("contoso-images", "images")]
    [DataRow("contosocontosocontosoconto", "images")]
    [DataRow("contoso", "Images")]
    [DataRow("contoso", "im")]
    [DataRow("contoso", "a--b")]
    [DataRow("contoso", "-ab")]
    [DataRow("contoso", "ab-")]
    [DataRow("contoso", "a_b")]
    [DataRow("contoso", "")]
    public async Task Refuses_a_name_the_service_would_refuse(string account, string container)
    {
        PublishingException exception = await FailAsync(new StorageTarget { Account = account, Container = container }, _ => null);
        Assert.AreEqual("MKT4021", exception.Code);
    }

    [TestMethod]
    public async Task Refuses_a_connection_string_of_another_account()
    {
        PublishingException exception = await FailAsync("AZURE_STORAGE_CONNECTION_STRING", "AccountName=other;AccountKey=" + Emulated.Key);
        Assert.AreEqual("MKT4022", exception.Code);
        StringAssert.Contains(exception.Message, "'other'");
    }

    [TestMethod]
    public async Task Uses_the_endpoint_of_the_connection_string_when_the_project_names_none()
    {
        var target = new StorageTarget { Account = "contoso", Container = "images" };
        PublishingException exception = await FailAsync(target, name => name == "AZURE_STORAGE_CONNECTION_STRING" ? "AccountName=contoso;EndpointSuffix=core.invalid;AccountKey=" + Emulated.Key : null);
        StringAssert.Contains(exception.Message, "contoso.blob.core.invalid");
    }

    [TestMethod]
    [DataRow("AZURE_STORAGE_KEY", "not base64 at all")]
    [DataRow("AZURE_STORAGE_CONNECTION_STRING", "nonsense")]
    [DataRow("AZURE_STORAGE_CONNECTION_STRING", "AccountName=devstoreaccount1")]
    [DataRow("AZURE_STORAGE_CONNECTION_STRING", "AccountName=devstoreaccount1;AccountKey=%%%")]
    [DataRow("AZURE_STORAGE_SAS_TOKEN", "hello")]
    [DataRow("AZURE_STORAGE_SAS_TOKEN", "https://contoso.blob.core.windows.net/c?sv=2023-11-03&sig=abc")]
    public async Task Refuses_a_credential_it_cannot_read(string variable, string value)
    {
        PublishingException exception = await FailAsync(variable, value);
        Assert.AreEqual("MKT4023", exception.Code);
        StringAssert.Contains(exception.Message, variable);
    }

    [TestMethod]
    public async Task Says_that_the_key_is_refused()
    {
        PublishingException exception = await FailAsync("AZURE_STORAGE_KEY", OtherKey);
        Assert.AreEqual("MKT5002", exception.Code);
        Assert.DoesNotContain(OtherKey, exception.Message);
    }

    [TestMethod]
    public async Task Says_that_a_token_has_expired_without_calling_the_service()
    {
        var target = new StorageTarget { Account = "contoso", Container = "images", Endpoint = new Uri("http://127.0.0.1:1") };
        PublishingException exception = await FailAsync(target, name => name == "AZURE_STORAGE_SAS_TOKEN" ? "?sv=2023-11-03&se=2020-01-02T03%3A04%3A05Z&sr=c&sp=rwl&sig=abc%2Fdef" : null);
        Assert.AreEqual("MKT5003", exception.Code);
        StringAssert.Contains(exception.Message, "2020-01-02T03:04:05Z");
        Assert.DoesNotContain("abc", exception.Message);
    }

    [TestMethod]
    public async Task Says_that_a_token_lacks_a_permission()
    {
        PublishingException exception = await FailAsync("AZURE_STORAGE_SAS_TOKEN", "sv=2023-11-03&se=2099-01-02T03%3A04%3A05Z&sr=c&sp=rl&sig=abc");
        Assert.AreEqual("MKT5004", exception.Code);
    }

    [TestMethod]
    [DataRow("http://127.0.0.1:1")]
    [DataRow("https://contoso.blob.core.invalid")]
    public async Task Fails_soon_when_the_service_cannot_be_reached(string endpoint)
    {
        long started = Stopwatch.GetTimestamp();
        var target = new StorageTarget { Account = "contoso", Container = "images", Endpoint = new Uri(endpoint) };
        PublishingException exception = await FailAsync(target, name => name == "AZURE_STORAGE_KEY" ? Emulated.Key : null);
        Assert.AreEqual("MKT5001", exception.Code);
        Assert.IsLessThan(15, Stopwatch.GetElapsedTime(started).TotalSeconds);
        StringAssert.Contains(exception.Message, new Uri(endpoint).Host);
    }

    private static StorageTarget Account() => Emulated.Target() with { IsEmulator = false };

    private Task<StorageConnection> OpenAsync(string variable, string value) =>
        StorageConnection.OpenAsync(Account(), name => name == variable ? value : null, TestContext.CancellationToken);

    private Task<PublishingException> FailAsync(string variable, string value) =>
        FailAsync(Account(), name => name == variable ? value : null);

    private Task<PublishingException> FailAsync(StorageTarget target, Func<string, string?> environment) =>
        Assert.ThrowsExactlyAsync<PublishingException>(() => StorageConnection.OpenAsync(target, environment, TestContext.CancellationToken));
}
