using System.Net;
using Marketplace.Publishing.Emulator;

namespace Marketplace.Publishing.Remote;

/// <summary>The address of a disk that is a blob, as the Include of an OSDisk or DataDisk names it. It never holds a secret.</summary>
public sealed class RemoteDiskAddress
{
    private RemoteDiskAddress(Uri uri) => Uri = uri;

    /// <summary>The address, without query, fragment and user.</summary>
    public Uri Uri { get; }

    /// <summary>Whether it is a blob of an emulator on this machine.</summary>
    internal bool IsEmulator => Uri.IsLoopback && Account == StorageEmulator.AccountName;

    /// <summary>The name of the storage account: the first label of the host, or the first part of the path where the host is an IP address.</summary>
    internal string Account => Uri.IsLoopback || IPAddress.TryParse(Uri.Host, out _) ? Uri.Segments.ElementAtOrDefault(1)?.TrimEnd('/') ?? "" : Uri.Host.Split('.')[0];

    /// <summary>Whether a path of a project is an address rather than a file.</summary>
    /// <param name="include">The Include of an item.</param>
    public static bool IsAddress(string include)
    {
        ArgumentNullException.ThrowIfNull(include);
        return include.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || include.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Reads an address.</summary>
    /// <param name="include">The Include of an item.</param>
    /// <exception cref="PublishingException">MKT0024 when it is not one, has a query (where a signature would be), or is not https. The text does not repeat it.</exception>
    public static RemoteDiskAddress Parse(string include)
    {
        if (!IsAddress(include) || !Uri.TryCreate(include, UriKind.Absolute, out Uri? uri) || uri.AbsolutePath.Length < 2)
        {
            throw Bad("it is not the address of a blob");
        }

        // A signature in an item is in every log of the build already.
        return uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0 ? throw Bad("it has a query, a fragment or a user in it, and what is in an item is in every log: if that was a signature, revoke it")
            : uri.Scheme == Uri.UriSchemeHttps || uri.IsLoopback ? new RemoteDiskAddress(uri)
            : throw Bad("it begins with http: the disk and the credential would cross the network in the clear");
    }

    private static PublishingException Bad(string why) =>
        new("MKT0024", $"The address of a disk cannot be used: {why}. Write the plain https address of the blob, such as https://contoso.blob.core.windows.net/images/os.vhd, in the Include; a SAS token for reading it belongs in the environment variable AZURE_STORAGE_SOURCE_SAS_TOKEN.");
}
