using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Reports;

namespace Marketplace.Requirements.Systems.Network;

/// <summary>
/// Connections of NetworkManager (nm-settings-keyfile(5)) in /etc and /usr/lib; a file in /etc hides that of its name in /usr/lib,
/// and one in /etc that others than its owner may read is ignored.
/// </summary>
internal static class ConnectionFiles
{
    private const int MaxBytes = 256 * 1024;
    private const int MaxFiles = 1024;
    private const int GroupAndOthers = 0b000_111_111;

    private static readonly string[] Directories = ["/etc/NetworkManager/system-connections", "/usr/lib/NetworkManager/system-connections"];

    private static readonly string[] HardwareTypes = ["", "ethernet", "802-3-ethernet", "wifi", "802-11-wireless", "bond", "vlan", "team"];

    private static readonly string[] Backups = ["~", ".bak", ".orig", ".old", ".rpmsave", ".rpmnew", ".swp", ".dpkg-dist", ".dpkg-old", ".pem", ".der", ".nmmeta"];

    /// <summary>Finds the faults.</summary>
    public static IEnumerable<NetworkFault> Find(LinuxSystem system)
    {
        FileTree tree = system.Tree;
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string directory in Directories)
        {
            foreach (string name in tree.List(directory).Where(name => name[0] != '.' && !Backups.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal))).Take(MaxFiles))
            {
                files.TryAdd(name, $"{directory}/{name}");
            }
        }

        foreach (string path in files.Values.Order(StringComparer.Ordinal))
        {
            // A link to /dev/null is no regular file: it masks.
            if (tree.Stat(path) is not { Kind: FileKind.Regular, Size: > 0 } stat)
            {
                continue;
            }

            string unread = !NetworkReaders.HasNetworkManager(system) ? "NetworkManager is not installed"
                : path.StartsWith(Directories[0], StringComparison.Ordinal) && ((stat.Mode & GroupAndOthers) != 0 || stat.UserId != 0) ? "NetworkManager ignores a file that others may read or own"
                : "";
            foreach (NetworkFault fault in Judge(path, Keyfile.Parse(tree.ReadAllText(path, MaxBytes) ?? "")))
            {
                yield return fault with { Unread = unread };
            }
        }
    }

    private static IEnumerable<NetworkFault> Judge(string path, Keyfile file)
    {
        string device = file.Get("connection", "interface-name") is { Length: > 0 } name ? name : file.Get("connection", "id");
        if (!HardwareTypes.Contains(file.Get("connection", "type")) || DeviceNames.IsVirtual(file.Get("connection", "interface-name"))
            || file.Get("connection", "autoconnect").ToUpperInvariant() is "FALSE" or "0" or "NO")
        {
            yield break;
        }

        NetworkFault fault = new(NetworkFaultKind.StaticAddress, device, path, 0, "", "NetworkManager") { Repair = $"remove_path {ShellText.Quote(path)}" };
        foreach (string family in (string[])["ipv4", "ipv6"])
        {
            if (file.Get(family, "method") == "manual")
            {
                string key = ((string[])["address1", "addresses", "addresses1", "address"]).FirstOrDefault(key => file.LineOf(family, key) > 0) ?? "method";
                yield return fault with { Line = file.LineOf(family, key), Text = $"{key}={file.Get(family, key)}" };
                break;
            }
        }

        foreach (string group in (string[])["ethernet", "802-3-ethernet", "wifi", "802-11-wireless"])
        {
            string key = file.LineOf(group, "mac-address") > 0 ? "mac-address" : "cloned-mac-address";
            if (file.Get(group, key).Contains(':', StringComparison.Ordinal))
            {
                yield return fault with { Kind = NetworkFaultKind.HardwareAddress, Line = file.LineOf(group, key), Text = $"{key}={file.Get(group, key)}" };
                break;
            }
        }
    }
}
