using System.Globalization;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Yaml;

namespace Marketplace.Requirements.Systems;

/// <summary>Swap that the agent or cloud-init make at the first boot, and swap of fstab on the resource disk.</summary>
internal static class ProvisionedSwap
{
    // cloud-init writes the file of an entry without a name there (cc_mounts).
    private const string DefaultSwapFile = "/swap.img";

    /// <summary>Names of the resource disk in <c>mounts</c>, which the data source translates.</summary>
    private static readonly string[] EphemeralNames = ["ephemeral", "/dev/ephemeral"];

    /// <summary>Finds it.</summary>
    /// <param name="disk">Path of the OS disk, for observations.</param>
    /// <param name="system">The system.</param>
    public static IEnumerable<Observation> Find(string disk, LinuxSystem system) =>
        OfAgent(disk, system).Concat(system.CloudInit.Provisions ? OfCloudInit(disk, system) : []).Concat(OfFstab(disk, system));

    /// <summary>The agent makes swap when it formats the resource disk, is told to, and a size is given (its ResourceDiskHandler).</summary>
    private static IEnumerable<Observation> OfAgent(string disk, LinuxSystem system)
    {
        if (!system.Agent.IsPresent || system.Agent.Configuration is not { } configuration || !configuration.GetSwitch("ResourceDisk.EnableSwap", defaultValue: false))
        {
            yield break;
        }

        bool formats = configuration.GetSwitch("ResourceDisk.Format", defaultValue: false);
        string size = configuration.Get("ResourceDisk.SwapSizeMB");
        bool hasSize = int.TryParse(size, NumberStyles.Integer, CultureInfo.InvariantCulture, out int megabytes) && megabytes > 0;
        string found = !formats ? "the agent is told to make swap but not to format the resource disk, so it makes none"
            : !hasSize ? "the agent is told to make swap of no size, so it makes none"
            : $"the agent makes {megabytes} MB of swap on the resource disk, where the guide allows it; a size without a resource disk gets none";
        yield return Note(disk, found, configuration.Path) with { Line = configuration.LineOf("ResourceDisk.EnableSwap") };
    }

    private static IEnumerable<Observation> OfCloudInit(string disk, LinuxSystem system)
    {
        YamlMap configuration = CloudInitConfiguration.Read(system.Tree);
        if (!CloudInitConfiguration.MayRun(configuration, "mounts"))
        {
            yield break;
        }

        if (configuration.Get("swap") is YamlMap swap && HasSize(swap.Text("size")))
        {
            string file = swap.Get("filename") is YamlText name ? name.Value : DefaultSwapFile;
            Observation observation = At(disk, $"cloud-init makes the swap file {Evidence.Quote(file)} at the first boot", swap.Get("size") ?? swap);
            if (file.Length > 0)
            {
                yield return SwapFacts.IsElsewhere(system, file) || IsEphemeralMount(configuration, file)
                    ? observation with { Guide = Severity.Info, Current = Severity.Info }
                    : observation with { Repair = new Repair(RepairStage.Configuration, "printf 'swap:\\n  size: 0\\n' > /etc/cloud/cloud.cfg.d/zz-no-swap.cfg") };
            }
        }

        foreach (YamlNode entry in configuration.List("mounts"))
        {
            // Source, mount point, type and options, as in fstab; a source without a mount point takes one back.
            if (entry is YamlList { Items: [YamlText { Value.Length: > 0 } source, YamlText { Value.Length: > 0 }, YamlText { Value: "swap" }, ..] })
            {
                bool elsewhere = SwapFacts.IsElsewhere(system, source.Value) || EphemeralNames.Any(prefix => source.Value.StartsWith(prefix, StringComparison.Ordinal));
                Observation observation = At(disk, $"cloud-init switches on swap on {Evidence.Quote(source.Value)}", source);
                yield return elsewhere ? observation with { Guide = Severity.Info, Current = Severity.Info } : observation;
            }
        }
    }

    private static IEnumerable<Observation> OfFstab(string disk, LinuxSystem system) => system.Fstab
        .Where(entry => entry.IsSwap && !entry.HasOption("noauto") && SwapFacts.IsElsewhere(system, entry.Source) && !entry.Source.Contains("zram", StringComparison.Ordinal))
        .Select(entry => Note(disk, $"/etc/fstab switches on swap on the resource disk, {Evidence.Quote(entry.Source)}; the guide leaves that to the agent", "/etc/fstab") with { Line = entry.LineNumber });

    private static bool IsEphemeralMount(YamlMap configuration, string file) => configuration.List("mounts").OfType<YamlList>().Any(entry =>
        entry.Items is [YamlText source, YamlText { Value.Length: > 1 } mountPoint, ..]
        && EphemeralNames.Any(prefix => source.Value.StartsWith(prefix, StringComparison.Ordinal))
        && file.StartsWith(mountPoint.Value.TrimEnd('/') + "/", StringComparison.Ordinal));

    // "auto" lets cloud-init choose by the memory; it may come to nothing, but not on every machine.
    private static bool HasSize(string size) => size.Trim().TrimStart('0').Length > 0 && size.Trim().ToUpperInvariant() is not ("0B" or "0K" or "0M" or "0G" or "FALSE");

    private static Observation At(string disk, string found, YamlNode node) => new(disk, found) { PathInDisk = Evidence.Quote(node.Path), Line = node.Line };

    private static Observation Note(string disk, string found, string path) => new(disk, found) { PathInDisk = path, Guide = Severity.Info, Current = Severity.Info };
}
