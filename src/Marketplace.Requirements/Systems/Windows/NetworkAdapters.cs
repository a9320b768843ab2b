using Marketplace.DiskImages.Registry;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>
/// The network adapters the system knows: the setup class Net, each instance with the interface (<c>NetCfgInstanceId</c>) and the
/// device it is for (Microsoft, "System-Defined Device Setup Classes"; "INF and registry values for NDIS miniport drivers").
/// </summary>
internal sealed class NetworkAdapters
{
    private const string ClassPath = @"Control\Class\{4d36e972-e325-11ce-bfc1-08002be10318}";

    private readonly Dictionary<string, bool> _isSoftware = new(StringComparer.OrdinalIgnoreCase);

    private NetworkAdapters()
    {
    }

    /// <summary>Reads the list of adapters.</summary>
    public static NetworkAdapters Read(WindowsSystem system)
    {
        NetworkAdapters adapters = new();
        foreach (RegistryKey adapter in system.FindControl(ClassPath)?.EnumerateSubkeys() ?? [])
        {
            if (adapter.Text("NetCfgInstanceId") is { Length: > 0 } id)
            {
                adapters._isSoftware[id] = IsSoftware(adapter.Text("ComponentId") ?? "", adapter.Text("DeviceInstanceID") ?? "");
            }
        }

        return adapters;
    }

    /// <summary>What stands behind the settings of an interface.</summary>
    /// <param name="id">The interface, a GUID in braces.</param>
    public NetworkAdapterKind KindOf(string id) =>
        _isSoftware.Count == 0 ? NetworkAdapterKind.Unknown
        : !_isSoftware.TryGetValue(id, out bool isSoftware) ? NetworkAdapterKind.Removed
        : isSoftware ? NetworkAdapterKind.Software
        : NetworkAdapterKind.Device;

    // Devices that no bus found: those of software are made below ROOT or SWD, and their components are named so.
    private static bool IsSoftware(string component, string device) =>
        StartsWith(device, @"ROOT\") || StartsWith(device, @"SWD\") || StartsWith(component, @"root\") || StartsWith(component, "ms_") || StartsWith(component, "*");

    private static bool StartsWith(string text, string start) => text.StartsWith(start, StringComparison.OrdinalIgnoreCase);
}
