using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Marketplace.Publishing.Emulator;

namespace Marketplace.Build.Sdk.Tests.Harness;

/// <summary>A real Azurite that tests treat as a storage account: reached by an endpoint, opened by a key.</summary>
internal sealed class Azurite : IDisposable
{
    /// <summary>The key of the emulator's account, as its documentation prints it.</summary>
    public const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly StorageEmulator _emulator;

    private Azurite(StorageEmulator emulator) => _emulator = emulator;

    public Uri Endpoint => _emulator.Endpoint;

    /// <summary>What makes a project publish here. The level of 2015 alone: the current one asks for https.</summary>
    public string[] Properties => ["-p:VmImageRequirements=2015-10", $"-p:VmImageStorageAccount={StorageEmulator.AccountName}", $"-p:VmImageStorageEndpoint={Endpoint}"];

    public static async Task<Azurite> StartAsync(CancellationToken cancellationToken)
    {
        var data = Path.Combine(PackedSdk.RunFolder, $"azurite-{Guid.NewGuid():N}");
        return new Azurite(await StorageEmulator.StartAsync(StorageEmulator.DefaultInstallDirectory, data, _ => { }, Environment.GetEnvironmentVariable, cancellationToken));
    }

    /// <summary>A container, through a client that is not the product's.</summary>
    public BlobContainerClient Container(string name) =>
        new(new Uri($"{Endpoint}/{name}"), new StorageSharedKeyCredential(StorageEmulator.AccountName, Key), new BlobClientOptions(BlobClientOptions.ServiceVersion.V2023_11_03));

    /// <summary>The blobs of a container with their metadata; none when there is no container.</summary>
    public async Task<IReadOnlyList<BlobItem>> BlobsAsync(string name, CancellationToken cancellationToken)
    {
        var container = Container(name);
        if (!await container.ExistsAsync(cancellationToken))
        {
            return [];
        }

        List<BlobItem> blobs = [];
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, null, cancellationToken))
        {
            blobs.Add(blob);
        }

        return blobs;
    }

    public void Dispose() => _emulator.Dispose();
}
