using Azure;
using Azure.Storage;
using Marketplace.Publishing.Emulator;

namespace Marketplace.Publishing.Storage;

/// <summary>What opens the account: its key, or a SAS token of the container. Never printed.</summary>
internal sealed class StorageCredential
{
    // Published with Azurite and its predecessor: it opens emulators only.
    private const string EmulatorKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private StorageCredential(StorageSharedKeyCredential? key, SasToken? token, Uri? endpoint, string source)
    {
        Key = key;
        Token = token;
        Endpoint = endpoint;
        Source = source;
    }

    /// <summary>The account key; null when there is a token only.</summary>
    public StorageSharedKeyCredential? Key { get; }

    /// <summary>The SAS token; null when there is a key.</summary>
    public SasToken? Token { get; }

    /// <summary>The blob endpoint a connection string names; null when it names none.</summary>
    public Uri? Endpoint { get; }

    /// <summary>Where it was found, for messages.</summary>
    public string Source { get; }

    /// <summary>The token as the client library takes it; null when there is a key.</summary>
    public AzureSasCredential? SasCredential => Token is null ? null : new AzureSasCredential(Token.Value);

    /// <summary>The environment variables a credential is looked for in.</summary>
    public static IReadOnlyList<string> Variables { get; } = ["AZURE_STORAGE_CONNECTION_STRING", "AZURE_STORAGE_KEY", "AZURE_STORAGE_SAS_TOKEN"];

    /// <summary>Finds the credential of a target in the order the documentation states.</summary>
    /// <param name="target">The target.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <exception cref="PublishingException">MKT4020 when there is none, MKT4022 when it is of another account, MKT4023 when it is not readable.</exception>
    public static StorageCredential Find(StorageTarget target, Func<string, string?> environment)
    {
        if (target.IsEmulator)
        {
            return new StorageCredential(new StorageSharedKeyCredential(StorageEmulator.AccountName, EmulatorKey), null, null, "the emulator");
        }

        if (environment("AZURE_STORAGE_CONNECTION_STRING") is { Length: > 0 } connectionString)
        {
            return FromConnectionString(target, connectionString);
        }

        if (environment("AZURE_STORAGE_KEY") is { Length: > 0 } key)
        {
            return new StorageCredential(CreateKey(target.Account, key, "AZURE_STORAGE_KEY"), null, null, "AZURE_STORAGE_KEY");
        }

        if (environment("AZURE_STORAGE_SAS_TOKEN") is { Length: > 0 } token)
        {
            return new StorageCredential(null, SasToken.Parse(token, "AZURE_STORAGE_SAS_TOKEN"), null, "AZURE_STORAGE_SAS_TOKEN");
        }

        throw new PublishingException(
            "MKT4020",
            $"There is no credential for the storage account '{target.Account}'. Set one of the environment variables AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_KEY (a key of the account; needed to sign) or AZURE_STORAGE_SAS_TOKEN (a SAS of the container). Signing in with Microsoft Entra ID is not supported yet. To try without an account, set VmImageUseStorageEmulator to true.");
    }

    private static StorageCredential FromConnectionString(StorageTarget target, string text)
    {
        const string Source = "AZURE_STORAGE_CONNECTION_STRING";
        Dictionary<string, string> settings = new(StringComparer.OrdinalIgnoreCase);
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw Unreadable(Source, "it is not a list of name=value separated by semicolons");
            }

            settings[part[..equals].Trim()] = part[(equals + 1)..].Trim();
        }

        if (settings.TryGetValue("AccountName", out string? account) && !string.Equals(account, target.Account, StringComparison.Ordinal))
        {
            throw new PublishingException("MKT4022", $"AZURE_STORAGE_CONNECTION_STRING is for the account '{account}', and the project publishes to '{target.Account}'. Correct VmImageStorageAccount, or set the connection string of that account.");
        }

        Uri? endpoint = null;
        if (settings.TryGetValue("BlobEndpoint", out string? blobEndpoint) && !Uri.TryCreate(blobEndpoint, UriKind.Absolute, out endpoint))
        {
            throw Unreadable(Source, "its BlobEndpoint is not a URI");
        }

        if (endpoint is null && settings.TryGetValue("EndpointSuffix", out string? suffix) && !Uri.TryCreate($"{settings.GetValueOrDefault("DefaultEndpointsProtocol", "https")}://{target.Account}.blob.{suffix}", UriKind.Absolute, out endpoint))
        {
            throw Unreadable(Source, "its EndpointSuffix is not part of a host name");
        }

        if (settings.TryGetValue("AccountKey", out string? key))
        {
            return new StorageCredential(CreateKey(target.Account, key, Source), null, endpoint, Source);
        }

        return settings.TryGetValue("SharedAccessSignature", out string? token)
            ? new StorageCredential(null, SasToken.Parse(token, Source), endpoint, Source)
            : throw Unreadable(Source, "it has neither AccountKey nor SharedAccessSignature");
    }

    private static StorageSharedKeyCredential CreateKey(string account, string key, string source)
    {
        try
        {
            return new StorageSharedKeyCredential(account, key.Trim());
        }
        catch (FormatException)
        {
            throw Unreadable(source, "its key is not base64");
        }
    }

    private static PublishingException Unreadable(string source, string why) =>
        new("MKT4023", $"{source} cannot be used: {why}. Copy it again from the portal (Storage account, Security + networking, Access keys).");
}
