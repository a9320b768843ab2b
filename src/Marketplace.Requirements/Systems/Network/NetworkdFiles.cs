using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Reports;

namespace Marketplace.Requirements.Systems.Network;

/// <summary>
/// Files of systemd-networkd (systemd.network(5)): of one name the first directory decides, an empty file or a link to /dev/null
/// masks, drop-ins in <c>NAME.network.d</c> follow.
/// </summary>
internal static class NetworkdFiles
{
    private const int MaxBytes = 256 * 1024;
    private const int MaxFiles = 1024;

    private static readonly string[] Directories = ["/etc/systemd/network", "/usr/local/lib/systemd/network", "/usr/lib/systemd/network", "/lib/systemd/network"];

    // Devices of these kinds and types are not those of the machine.
    private static readonly string[] HardwareTypes = ["ether", "wlan", "wwan"];

    private const string FirstDevice = "eth0";

    private static readonly string[] OtherMatches = ["MACAddress", "PermanentMACAddress", "Path", "Driver", "Kind", "Property", "WLANInterfaceType", "SSID", "BSSID", "Host", "Virtualization", "KernelCommandLine", "KernelVersion", "Credential", "Architecture", "Firmware"];

    /// <summary>Finds the faults.</summary>
    public static IEnumerable<NetworkFault> Find(LinuxSystem system)
    {
        FileTree tree = system.Tree;
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string directory in Directories)
        {
            foreach (string name in tree.List(directory).Where(name => name.EndsWith(".network", StringComparison.Ordinal)).Take(MaxFiles))
            {
                files.TryAdd(name, $"{directory}/{name}");
            }
        }

        string? unread = null;
        bool hasFileOfFirst = false;
        foreach ((string name, string path) in files)
        {
            if (tree.Stat(path) is not { Kind: FileKind.Regular, Size: > 0 })
            {
                continue;
            }

            string text = string.Join('\n', DropIns(tree, name).Prepend(path).Select(file => tree.ReadAllText(file, MaxBytes)));
            // The first file that matches a device is the one it gets.
            bool isOfFirst = !hasFileOfFirst && MatchesFirst(text);
            hasFileOfFirst |= isOfFirst;
            foreach (NetworkFault fault in Judge(path, text, tree, isOfFirst))
            {
                unread ??= NetworkReaders.StartsNetworkd(system) ? "" : "systemd-networkd does not start at boot";
                yield return fault with { Unread = unread };
            }
        }
    }

    private static IEnumerable<string> DropIns(FileTree tree, string name)
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string directory in Directories.Select(directory => $"{directory}/{name}.d"))
        {
            foreach (string file in tree.List(directory).Where(file => file.EndsWith(".conf", StringComparison.Ordinal)).Take(MaxFiles))
            {
                files.TryAdd(file, $"{directory}/{file}");
            }
        }

        return files.Values.Where(tree.FileExists);
    }

    /// <summary>Whether a file is for the first Ethernet device by its name alone; what else it may ask of the device cannot be seen.</summary>
    private static bool MatchesFirst(string text) =>
        UnitFile.ValuesOf(text, "Match", "Name").SelectMany(UnitFile.WordsOf).Any(name => Glob.IsMatch(FirstDevice, name))
        && OtherMatches.All(key => UnitFile.ValuesOf(text, "Match", key).Count == 0)
        && UnitFile.ValueOf(text, "Link", "Unmanaged")?.ToUpperInvariant() is not ("YES" or "TRUE" or "ON" or "1" or "Y");

    private static IEnumerable<NetworkFault> Judge(string path, string text, FileTree tree, bool isOfFirst)
    {
        string[] names = [.. UnitFile.ValuesOf(text, "Match", "Name").SelectMany(UnitFile.WordsOf)];
        if (UnitFile.ValuesOf(text, "Match", "Kind").Count > 0
            || UnitFile.ValuesOf(text, "Match", "Virtualization").Any(value => value is "container" or "yes")
            || UnitFile.ValuesOf(text, "Match", "Type").SelectMany(UnitFile.WordsOf).ToArray() is { Length: > 0 } types && !types.Any(HardwareTypes.Contains)
            || (names.Length > 0 && names.All(DeviceNames.IsVirtual)))
        {
            yield break;
        }

        NetworkFault fault = new(NetworkFaultKind.StaticAddress, names.FirstOrDefault() ?? path[(path.LastIndexOf('/') + 1)..], path, 0, "", "systemd-networkd")
        {
            Repair = path.StartsWith(Directories[0], StringComparison.Ordinal)
                ? $"remove_path {ShellText.Quote(path)} {ShellText.Quote(path + ".d")}\nprintf '[Match]\\nName=e*\\n\\n[Network]\\nDHCP=yes\\n' > /etc/systemd/network/90-dhcp.network"
                : "",
        };

        string? address = UnitFile.ValuesOf(text, "Network", "Address").Concat(UnitFile.ValuesOf(text, "Address", "Address")).FirstOrDefault(IsGlobal);
        if (address is not null)
        {
            yield return At(fault, tree, "Address", address);
        }

        if (UnitFile.ValuesOf(text, "Match", "MACAddress").Concat(UnitFile.ValuesOf(text, "Match", "PermanentMACAddress")).Concat(UnitFile.ValuesOf(text, "Link", "MACAddress")).FirstOrDefault() is { } mac)
        {
            yield return At(fault with { Kind = NetworkFaultKind.HardwareAddress }, tree, "MACAddress", mac);
        }

        if (address is null && isOfFirst && UnitFile.ValueOf(text, "Network", "DHCP")?.ToUpperInvariant() is null or "NO" or "FALSE" or "OFF" or "0" or "N")
        {
            yield return fault with { Kind = NetworkFaultKind.NoDhcp, Text = "no DHCP=yes" };
        }
    }

    /// <summary>The line of the file itself that has the value; 0 when a drop-in has it.</summary>
    private static NetworkFault At(NetworkFault fault, FileTree tree, string key, string value)
    {
        TextLine line = TextLines.Of(tree.ReadAllText(fault.Path, MaxBytes) ?? "").FirstOrDefault(line => line.Text.Contains(value, StringComparison.Ordinal) && !line.Text.TrimStart().StartsWith('#'));
        return fault with { Line = line.Number, Text = $"{key}={value}" };
    }

    private static bool IsGlobal(string address) =>
        !address.StartsWith("127.", StringComparison.Ordinal) && !address.StartsWith("0.0.0.0/", StringComparison.Ordinal)
        && !address.StartsWith("169.254.", StringComparison.Ordinal) && !address.StartsWith("::", StringComparison.Ordinal) && !address.StartsWith("fe80:", StringComparison.OrdinalIgnoreCase);
}
