namespace Marketplace.Requirements.Systems.Network;

/// <summary>Which programs that read network configuration are on a system.</summary>
internal static class NetworkReaders
{
    /// <summary>Names of the service of NetworkManager.</summary>
    public static readonly string[] NetworkManagerServices = ["NetworkManager", "network-manager"];

    /// <summary>Whether NetworkManager is installed.</summary>
    public static bool HasNetworkManager(LinuxSystem system) =>
        system.Tree.FileExists("/usr/sbin/NetworkManager") || NetworkManagerServices.Any(name => system.Services.FindUnit(name + ".service") is not null)
        || IsPackageInstalled(system, "NetworkManager", "network-manager");

    /// <summary>Whether ifupdown, in one of its forms, is installed.</summary>
    public static bool HasIfupdown(LinuxSystem system) =>
        system.Tree.FileExists("/usr/sbin/ifup") || system.Tree.FileExists("/sbin/ifup") || system.Services.FindUnit("networking.service") is not null
        || system.Tree.FileExists("/etc/init.d/networking") || IsPackageInstalled(system, "ifupdown", "ifupdown2", "ifupdown-ng");

    /// <summary>Whether netplan is installed.</summary>
    public static bool HasNetplan(LinuxSystem system) =>
        system.Tree.FileExists("/usr/sbin/netplan") || system.Tree.FileExists("/usr/lib/netplan/generate") || system.Tree.FileExists("/usr/libexec/netplan/generate")
        || IsPackageInstalled(system, "netplan.io", "netplan");

    /// <summary>Whether systemd-networkd starts at boot. netplan starts it for what it renders.</summary>
    public static bool StartsNetworkd(LinuxSystem system) =>
        system.Services.FindEnablement(["systemd-networkd"], [".service", ".socket"]) is not null;

    /// <summary>Whether one of the packages is installed.</summary>
    public static bool IsPackageInstalled(LinuxSystem system, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (system.Packages?.Find(name) is { Count: > 0 })
            {
                return true;
            }
        }

        return false;
    }
}
