namespace Marketplace.Requirements.Systems.Network;

/// <summary>Names of network devices that no hardware is behind: they are part of a system, not of the network it is on.</summary>
internal static class DeviceNames
{
    private static readonly string[] VirtualPrefixes =
    [
        "br-", "docker", "podman", "cni", "flannel", "cali", "cilium", "lxc", "lxd", "virbr", "vnet", "veth", "ve-", "vb-", "vz-", "vt-",
        "tun", "tap", "wg", "dummy", "ifb", "sit", "host0", "nm-",
    ];

    /// <summary>Whether it is the loopback device or a virtual one: <c>lo</c>, <c>docker0</c>, <c>br-…</c>.</summary>
    public static bool IsVirtual(string name) =>
        name == "lo" || name.StartsWith("lo:", StringComparison.Ordinal) || VirtualPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Whether it is the first Ethernet device, which every machine in Azure has.</summary>
    public static bool IsFirst(string name) => name == "eth0";
}
