using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems;

/// <summary>Whether cloud-init provisions the machine.</summary>
/// <param name="IsInstalled">Whether the program is there.</param>
/// <param name="IsDisabled">Whether /etc/cloud/cloud-init.disabled or the state of its services switches it off.</param>
/// <param name="KeepsHostKeys">Whether <c>ssh_deletekeys: false</c> makes it keep the SSH host keys that it finds.</param>
internal sealed record CloudInit(bool IsInstalled, bool IsDisabled, bool KeepsHostKeys)
{
    private const string Configuration = "/etc/cloud/cloud.cfg";
    private const int MaxBytes = 1 << 20;

    /// <summary>The unit that runs the modules: <c>cloud-init.service</c>, since 24.3 <c>cloud-init-network.service</c>.</summary>
    private static readonly string[] Units = ["cloud-init", "cloud-init-network"];

    /// <summary>Whether it provisions.</summary>
    public bool Provisions => IsInstalled && !IsDisabled;

    /// <summary>Looks for cloud-init.</summary>
    public static CloudInit Read(FileTree tree, ServiceFacts services) => new(
        ((string[])["/usr/bin/cloud-init", "/usr/local/bin/cloud-init", "/usr/sbin/cloud-init"]).Any(tree.FileExists),
        tree.LinkStat("/etc/cloud/cloud-init.disabled") is not null || AreUnitsOff(services),
        KeepsKeys(tree));

    // A system without any of the units starts it by other means.
    private static bool AreUnitsOff(ServiceFacts services) =>
        services.MaskOf("cloud-init.target") is not null
        || (Units.Any(unit => services.FindUnit(unit + ".service") is not null) && services.FindEnablement(Units, [".service"]) is null);

    /// <summary>The last top-level assignment counts, drop-ins after the main file in the order of their names (cloud-init, util.read_conf_with_confd).</summary>
    private static bool KeepsKeys(FileTree tree)
    {
        const string key = "ssh_deletekeys:";
        string? value = ((IEnumerable<string>)[Configuration])
            .Concat(tree.List(Configuration + ".d").Where(name => name.EndsWith(".cfg", StringComparison.Ordinal)).Select(name => $"{Configuration}.d/{name}"))
            .SelectMany(path => TextLines.Of(tree.ReadAllText(path, MaxBytes) ?? ""))
            .LastOrDefault(line => line.Text.StartsWith(key, StringComparison.Ordinal)).Text;
        return value is not null && value[key.Length..].Split('#')[0].Trim().ToUpperInvariant() is "FALSE" or "NO" or "OFF" or "0";
    }
}
