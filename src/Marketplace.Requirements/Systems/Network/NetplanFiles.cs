using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Reports;
using Marketplace.Requirements.Systems.Yaml;

namespace Marketplace.Requirements.Systems.Network;

/// <summary>
/// The YAML files of netplan(5): of /lib, /etc and, on a running machine, /run; one hides those of its name in the directories
/// before; in the order of their names mappings are merged, sequences joined, and the last scalar counts.
/// </summary>
internal static class NetplanFiles
{
    /// <summary>What cloud-init writes at the first boot of a machine.</summary>
    public const string WrittenByCloudInit = "50-cloud-init.yaml";

    // /run is empty at boot: what stands there on a disk is hidden.
    private static readonly string[] Directories = ["/etc/netplan", "/usr/lib/netplan", "/lib/netplan"];

    private static readonly string[] HardwareKinds = ["ethernets", "wifis", "bonds", "vlans"];

    /// <summary>Finds the faults.</summary>
    /// <exception cref="DiskImages.DiskFormatException">A file cannot be read or is no YAML.</exception>
    public static IEnumerable<NetworkFault> Find(LinuxSystem system)
    {
        FileTree tree = system.Tree;
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string directory in Directories)
        {
            foreach (string name in tree.List(directory).Where(name => name.EndsWith(".yaml", StringComparison.Ordinal)))
            {
                files.TryAdd(name, $"{directory}/{name}");
            }
        }

        if (files.Count == 0)
        {
            return [];
        }

        YamlMap network = files.Values.Select(path => YamlReader.Read(tree, path)).OfType<YamlMap>()
            .Aggregate(YamlMap.Empty, (merged, file) => merged.With(file, joinLists: true)).Map("network");
        string unread = NetworkReaders.HasNetplan(system) ? "" : "netplan is not installed";
        bool rewritten = system.CloudInit.Provisions && WritesNetwork(system);
        return [.. HardwareKinds.SelectMany(kind => network.Map(kind).Entries)
            .Where(entry => !DeviceNames.IsVirtual(entry.Key))
            .Select(entry => (entry.Key, Value: entry.Value as YamlMap))
            .Concat(network.Map("bridges").Entries.Select(entry => (entry.Key, Value: entry.Value as YamlMap)).Where(entry => entry.Value?.List("interfaces").Count > 0))
            .Where(entry => entry.Value is not null)
            .SelectMany(entry => Judge(entry.Key, entry.Value!))
            .Select(fault => fault with { Unread = unread, IsRewritten = rewritten && fault.Path.EndsWith("/" + WrittenByCloudInit, StringComparison.Ordinal) })];
    }

    /// <summary>Whether nothing tells cloud-init to leave the network alone (<c>network: {config: disabled}</c>).</summary>
    private static bool WritesNetwork(LinuxSystem system) =>
        CloudInitConfiguration.Read(system.Tree).Map("network").Text("config") != "disabled";

    private static IEnumerable<NetworkFault> Judge(string device, YamlMap definition)
    {
        if (DeviceNames.IsVirtual(definition.Map("match").Text("name")))
        {
            yield break;
        }

        if (definition.List("addresses").FirstOrDefault(IsGlobal) is { } address)
        {
            yield return Fault(NetworkFaultKind.StaticAddress, address, address switch { YamlText text => "addresses: " + text.Value, YamlMap map => "addresses: " + map.Entries.Keys.FirstOrDefault(), _ => "addresses" });
        }

        if (definition.Map("match").Get("macaddress") is YamlText { Value.Length: > 0 } mac)
        {
            yield return Fault(NetworkFaultKind.HardwareAddress, mac, "macaddress: " + mac.Value);
        }

        if (definition.Get("macaddress") is YamlText { Value.Length: > 0 } own && own.Value.Contains(':', StringComparison.Ordinal))
        {
            yield return Fault(NetworkFaultKind.HardwareAddress, own, "macaddress: " + own.Value);
        }

        NetworkFault Fault(NetworkFaultKind kind, YamlNode node, string text) => new(kind, device, node.Path, node.Line, text, "netplan")
        {
            Repair = $"printf 'network:\\n  version: 2\\n  ethernets:\\n    first:\\n      match:\\n        name: \"e*\"\\n      dhcp4: true\\n' > {ShellText.Quote(node.Path)}",
        };
    }

    private static bool IsGlobal(YamlNode node)
    {
        string text = node switch { YamlText scalar => scalar.Value, YamlMap map => map.Entries.Keys.FirstOrDefault() ?? "", _ => "" };
        return text.Length > 0 && !text.StartsWith("127.", StringComparison.Ordinal) && !text.StartsWith("::1", StringComparison.Ordinal) && !text.StartsWith("fe80:", StringComparison.OrdinalIgnoreCase);
    }
}
