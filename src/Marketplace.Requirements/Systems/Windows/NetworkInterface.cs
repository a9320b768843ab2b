using Marketplace.DiskImages.Registry;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>The settings of a network interface for IPv4 (Microsoft, "TCP/IP and NetBT configuration parameters", KB 314053).</summary>
/// <param name="Id">The interface, a GUID in braces.</param>
/// <param name="Key">The key below the root of the hive SYSTEM.</param>
/// <param name="Adapter">What stands behind it.</param>
/// <param name="UsesDhcp">Whether DHCP is on; null when the registry does not say it, as for interfaces that never had an address.</param>
/// <param name="Addresses">The fixed addresses.</param>
/// <param name="NameServers">The fixed name servers; empty when there are none.</param>
internal sealed record NetworkInterface(string Id, string Key, NetworkAdapterKind Adapter, bool? UsesDhcp, IReadOnlyList<string> Addresses, string NameServers)
{
    /// <summary>The key of the interfaces below CurrentControlSet.</summary>
    public const string InterfacesPath = @"Services\Tcpip\Parameters\Interfaces";

    /// <summary>Reads the interfaces.</summary>
    public static IEnumerable<NetworkInterface> ReadAll(WindowsSystem system)
    {
        NetworkAdapters adapters = NetworkAdapters.Read(system);
        foreach (RegistryKey key in system.FindControl(InterfacesPath)?.EnumerateSubkeys() ?? [])
        {
            yield return new NetworkInterface(
                key.Name,
                key.Path,
                adapters.KindOf(key.Name),
                key.Number("EnableDHCP") is { } uses ? uses != 0 : null,
                [.. (key.Texts("IPAddress") ?? []).Where(IsAddress)],
                (key.Text("NameServer") ?? "").Trim(' ', ','));
        }
    }

    // 0.0.0.0 stands where there is no address.
    private static bool IsAddress(string text) => text.Trim() is not ("" or "0.0.0.0");
}
