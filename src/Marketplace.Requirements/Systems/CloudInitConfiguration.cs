using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Systems.Yaml;

namespace Marketplace.Requirements.Systems;

/// <summary>
/// The configuration of cloud-init as its util.read_conf_with_confd merges it: /etc/cloud/cloud.cfg below the files
/// <c>cloud.cfg.d/*.cfg</c> in the order of their names; mappings are merged, anything else is replaced.
/// </summary>
internal static class CloudInitConfiguration
{
    private const string MainFile = "/etc/cloud/cloud.cfg";

    private static readonly string[] ModuleLists = ["cloud_init_modules", "cloud_config_modules", "cloud_final_modules"];

    /// <summary>Reads it; empty when there is none.</summary>
    /// <exception cref="DiskImages.DiskFormatException">A file cannot be read or is no YAML.</exception>
    public static YamlMap Read(FileTree tree)
    {
        YamlMap merged = YamlReader.Read(tree, MainFile) ?? YamlMap.Empty;
        string directory = merged.Text("conf_d") is { Length: > 0 } configured && configured.StartsWith('/') ? configured : MainFile + ".d";
        foreach (string name in tree.List(directory).Where(name => name.EndsWith(".cfg", StringComparison.Ordinal)))
        {
            merged = YamlReader.Read(tree, $"{directory}/{name}") is { } dropIn ? merged.With(dropIn, joinLists: false) : merged;
        }

        return merged;
    }

    /// <summary>Whether a module runs. Without any list of modules that is left to what the data source brings, so it may.</summary>
    /// <param name="configuration">The merged configuration.</param>
    /// <param name="module">Name of the module.</param>
    public static bool MayRun(YamlMap configuration, string module)
    {
        YamlNode[] modules = [.. ModuleLists.SelectMany(configuration.List)];
        return modules.Length == 0 || modules.Select(NameOf).Contains(module);
    }

    // An entry is a name, a list that starts with the name, or a mapping (config/modules.py).
    private static string NameOf(YamlNode entry) => entry switch
    {
        YamlText text => Canonical(text.Value),
        YamlList { Items: [YamlText first, ..] } => Canonical(first.Value),
        YamlMap map => Canonical(map.Text("name").Length > 0 ? map.Text("name") : map.Text("mod")),
        _ => "",
    };

    private static string Canonical(string name)
    {
        string plain = name.Trim().Replace('-', '_');
        plain = plain.EndsWith(".py", StringComparison.Ordinal) ? plain[..^3] : plain;
        return plain.StartsWith("cc_", StringComparison.Ordinal) ? plain[3..] : plain;
    }
}
