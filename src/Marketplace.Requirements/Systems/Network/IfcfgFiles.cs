using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Reports;

namespace Marketplace.Requirements.Systems.Network;

/// <summary>
/// Files <c>ifcfg-*</c>: of Red Hat's network scripts and NetworkManager in /etc/sysconfig/network-scripts (sysconfig.txt of
/// initscripts), of wicked in /etc/sysconfig/network (ifcfg(5)). Backup copies are no configuration.
/// </summary>
internal static class IfcfgFiles
{
    private const string RedHat = "/etc/sysconfig/network-scripts";
    private const string Suse = "/etc/sysconfig/network";
    private const string Prefix = "ifcfg-";
    private const int MaxFiles = 1024;

    private static readonly string[] Backups = ["~", ".bak", ".old", ".orig", ".rpmnew", ".rpmorig", ".rpmsave", ".template", ".swp"];

    private static readonly string[] SuseReaders = ["wicked.service", "wickedd.service", "network.service"];

    /// <summary>Finds the faults.</summary>
    public static IEnumerable<NetworkFault> Find(LinuxSystem system)
    {
        // Each device of network scripts may be brought up by NetworkManager as well.
        string unreadRedHat = system.Tree.FileExists("/etc/sysconfig/network-scripts/ifup") || system.Tree.FileExists("/usr/sbin/ifup") || NetworkReaders.HasNetworkManager(system) ? "" : "neither network scripts nor NetworkManager are installed";
        string unreadSuse = SuseReaders.Any(unit => system.Services.FindUnit(unit) is not null) || NetworkReaders.IsPackageInstalled(system, "wicked", "sysconfig-network") ? "" : "wicked is not installed";
        return In(system.Tree, RedHat, isSuse: false).Select(fault => fault with { Unread = unreadRedHat })
            .Concat(In(system.Tree, Suse, isSuse: true).Select(fault => fault with { Unread = unreadSuse }));
    }

    private static IEnumerable<NetworkFault> In(FileTree tree, string directory, bool isSuse) => tree.List(directory)
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && !Backups.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal)))
        .Take(MaxFiles)
        .SelectMany(name => ShellAssignments.Read(tree, $"{directory}/{name}") is { } file ? Judge($"{directory}/{name}", name[Prefix.Length..], file, isSuse) : []);

    private static IEnumerable<NetworkFault> Judge(string path, string name, ShellAssignments file, bool isSuse)
    {
        string device = file.Get("DEVICE") is { Length: > 0 } set ? set : name;
        if (DeviceNames.IsVirtual(device) || DeviceNames.IsVirtual(name) || file.Get("TYPE").ToUpperInvariant() is "BRIDGE" or "TUN" or "TAP" or "DUMMY" or "LOOPBACK")
        {
            yield break;
        }

        string quoted = ShellText.Quote(path);
        string protocol = file.Get("BOOTPROTO").ToUpperInvariant();
        string? address = file.Keys.Where(IsAddress).Order(StringComparer.Ordinal).FirstOrDefault(key => file.Get(key).Length > 0 && !IsLoopback(file.Get(key)));
        bool isDhcp = protocol.StartsWith("DHCP", StringComparison.Ordinal) || protocol is "BOOTP" or "AUTOIP" || protocol.Contains("+DHCP", StringComparison.Ordinal);
        string dhcp = $"sed -i -E '/^[[:space:]]*(IPADDR|PREFIX|NETMASK|GATEWAY|NETWORK|BROADCAST)[_0-9]*=/d' {quoted}\nset_conf {quoted} BOOTPROTO dhcp";
        NetworkFault fault = new(NetworkFaultKind.StaticAddress, device, path, 0, "", isSuse ? "wicked" : "network scripts or NetworkManager");
        if (address is not null)
        {
            yield return fault with { Line = file.LineOf(address), Text = file.TextOf(address), Repair = dhcp };
        }
        else if (protocol == "STATIC" || (DeviceNames.IsFirst(device) && !isDhcp))
        {
            yield return fault with { Kind = NetworkFaultKind.NoDhcp, Line = file.LineOf("BOOTPROTO"), Text = file.TextOf("BOOTPROTO"), Repair = dhcp };
        }

        if (!isSuse && (file.Get("HWADDR").Length > 0 ? "HWADDR" : file.Get("MACADDR") is { Length: > 0 } cloned && cloned.Contains(':', StringComparison.Ordinal) ? "MACADDR" : null) is { } key)
        {
            yield return fault with { Kind = NetworkFaultKind.HardwareAddress, Line = file.LineOf(key), Text = file.TextOf(key), Repair = $"sed -i -E '/^[[:space:]]*(HWADDR|MACADDR)=/d' {quoted}" };
        }

        if (isSuse && file.Get("LLADDR").Length > 0)
        {
            yield return fault with { Kind = NetworkFaultKind.HardwareAddress, Line = file.LineOf("LLADDR"), Text = file.TextOf("LLADDR"), Repair = $"sed -i -E '/^[[:space:]]*LLADDR=/d' {quoted}" };
        }

        if (DeviceNames.IsFirst(device) && (isSuse
            ? file.Get("STARTMODE").ToUpperInvariant() is "OFF" or "MANUAL"
            : file.Get("ONBOOT").ToUpperInvariant() is "NO" or "FALSE" or "F" or "N" or "0"))
        {
            string boot = isSuse ? "STARTMODE" : "ONBOOT";
            yield return fault with { Kind = NetworkFaultKind.NotAtBoot, Line = file.LineOf(boot), Text = file.TextOf(boot), Repair = $"set_conf {quoted} {boot} {(isSuse ? "auto" : "yes")}" };
        }
    }

    private static bool IsAddress(string key) =>
        key.StartsWith("IPADDR", StringComparison.Ordinal) && key.AsSpan(6).TrimStart('_').Trim("0123456789").IsEmpty;

    private static bool IsLoopback(string address) => address.StartsWith("127.", StringComparison.Ordinal);
}
