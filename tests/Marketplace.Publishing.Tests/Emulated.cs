using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Text.RegularExpressions;
using Azure.Storage;
using Azure.Storage.Blobs;
using Marketplace.Publishing.Emulator;
using Marketplace.Publishing.Storage;

[assembly: Parallelize(Workers = 4, Scope = ExecutionScope.MethodLevel)]

namespace Marketplace.Publishing.Tests;

/// <summary>The emulator all tests share: a real Azurite; every test has a container of its own.</summary>
[TestClass]
public static partial class Emulated
{
    /// <summary>The key of the emulator's account, as its documentation prints it.</summary>
    public const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    // Every message any test provokes is looked at: none may hold the key or a signature.
    private static readonly ConcurrentBag<string> Leaks = [];

    private static StorageEmulator? _emulator;
    private static string? _data;

    public static Uri Endpoint => _emulator!.Endpoint;

    [AssemblyInitialize]
    public static async Task StartAsync(TestContext context)
    {
        AppDomain.CurrentDomain.FirstChanceException += LookForSecrets;
        _data = Directory.CreateTempSubdirectory("mkt-emulator-").FullName;
        _emulator = await StorageEmulator.StartAsync(StorageEmulator.DefaultInstallDirectory, _data, context.WriteLine, Environment.GetEnvironmentVariable, context.CancellationToken);
    }

    [AssemblyCleanup]
    public static void Stop()
    {
        AppDomain.CurrentDomain.FirstChanceException -= LookForSecrets;
        Assert.IsEmpty(Leaks);
        _emulator?.Dispose();
        if (_data is not null)
        {
            Directory.Delete(_data, recursive: true);
        }
    }

    private static void LookForSecrets(object? sender, FirstChanceExceptionEventArgs arguments)
    {
        if (arguments.Exception is PublishingException exception && (exception.Message.Contains(Key[..20], StringComparison.Ordinal) || SignaturePattern().IsMatch(exception.Message)))
        {
            Leaks.Add(exception.Message);
        }
    }

    [GeneratedRegex("sig=[^'<]")]
    private static partial Regex SignaturePattern();

    public static string NewContainerName() => $"t{Guid.NewGuid():N}";

    public static StorageTarget Target(string? container = null, Uri? endpoint = null) =>
        new() { Account = StorageEmulator.AccountName, Container = container ?? NewContainerName(), Endpoint = endpoint ?? Endpoint, IsEmulator = true };

    public static Task<StorageConnection> OpenAsync(CancellationToken cancellationToken, string? container = null, Uri? endpoint = null) =>
        StorageConnection.OpenAsync(Target(container, endpoint), _ => null, cancellationToken);

    /// <summary>A client that is not the product's, for looking at what the product left.</summary>
    public static BlobContainerClient Look(StorageConnection connection) =>
        new(new Uri($"{Endpoint}/{connection.Target.Container}"), new StorageSharedKeyCredential(StorageEmulator.AccountName, Key), new BlobClientOptions(BlobClientOptions.ServiceVersion.V2023_11_03));
}
