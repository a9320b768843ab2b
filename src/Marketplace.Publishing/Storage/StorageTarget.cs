namespace Marketplace.Publishing.Storage;

/// <summary>Where a version is published. Holds no secret: the credential is found when a connection is opened.</summary>
public sealed record StorageTarget
{
    /// <summary><c>VmImageStorageAccount</c>: the name of the account.</summary>
    public required string Account { get; init; }

    /// <summary><c>VmImageContainer</c>: the container.</summary>
    public required string Container { get; init; }

    /// <summary><c>VmImageStorageEndpointSuffix</c>: <c>core.windows.net</c> unless a sovereign cloud.</summary>
    public string EndpointSuffix { get; init; } = "core.windows.net";

    /// <summary><c>VmImageStorageEndpoint</c>: the whole blob endpoint, for private endpoints and emulators; null for the usual one.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Whether the target is the local emulator, whose account and key are public constants.</summary>
    public bool IsEmulator { get; init; }
}
