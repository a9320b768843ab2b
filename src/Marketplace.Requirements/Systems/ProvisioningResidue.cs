using System.Text;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Systems;

/// <summary>What a machine that was provisioned and not deprovisioned leaves behind. What the agent's own deprovisioning would not remove is a warning at most.</summary>
internal static class ProvisioningResidue
{
    private const string UsualAgentDirectory = "/var/lib/waagent";
    private const string BusId = "/var/lib/dbus/machine-id";
    private const string AgentLog = "/var/log/waagent.log";

    /// <summary>A log of this size or less, in bytes, can come from the deprovisioning itself.</summary>
    private const int SmallLog = 8192;

    // Certificates, keys and state the agent gets from the platform (WALinuxAgent, pa/deprovision and protocol files).
    private static readonly string[] AgentState =
    [
        "provisioned", "*.prv", "*.crt", "*.pem", "*.p7m", "*.xml", "*.agentsManifest", "Incarnation", "published_hostname",
        "WireServerEndpoint", "Protocol", "partition", "CustomData", "WALinuxAgent-*", "initial_goal_state", "fast_track.json",
        "*.*-[0-9]*.[0-9]*", // an extension: publisher, name and version
    ];

    private static readonly string[] CloudInitState = ["/var/lib/cloud/instances", "/var/lib/cloud/instance", "/var/lib/cloud/data", "/var/lib/cloud/sem"];

    private static readonly string[] LeaseDirectories = ["/var/lib/dhclient", "/var/lib/dhcpcd", "/var/lib/dhcpcd5", "/var/lib/dhcp", "/var/lib/dhcp3"];

    /// <summary>Finds everything that is left.</summary>
    /// <param name="disk">Path of the OS disk, for observations.</param>
    /// <param name="system">The system.</param>
    public static IEnumerable<Observation> Find(string disk, LinuxSystem system) =>
        AgentFiles(disk, system)
            .Concat(CloudInitInstances(disk, system.Tree))
            .Concat(Leases(disk, system.Tree))
            .Concat(MachineId(disk, system.Tree))
            .Concat(HostName(disk, system))
            .Concat(Sudoers(disk, system.Tree));

    private static IEnumerable<Observation> AgentFiles(string disk, LinuxSystem system)
    {
        FileTree tree = system.Tree;
        string directory = system.Agent.Configuration?.Get("Lib.Dir") is { Length: > 1 } configured && configured.StartsWith('/') ? configured.TrimEnd('/') : UsualAgentDirectory;
        IReadOnlyList<string> names = tree.List(directory);
        string[] state = [.. names.Where(name => AgentState.Any(pattern => Glob.IsMatch(name, pattern)))];
        if (state.Length > 0)
        {
            yield return new Observation(disk, $"the agent's state of a provisioned machine is left: {Some(state)}")
            {
                PathInDisk = Evidence.Quote(directory),
                Repair = Remove(directory == UsualAgentDirectory ? [directory] : state.Select(name => directory + "/" + name)),
            };
        }
        else if (names.Count > 0)
        {
            yield return Minor(disk, $"the agent's directory is not empty: {Some(names)}", Evidence.Quote(directory)) with { Repair = directory == UsualAgentDirectory ? Remove([directory]) : null };
        }

        if (tree.Stat(AgentLog) is { Kind: FileKind.Regular, Size: > 0 } log)
        {
            Observation observation = Minor(disk, $"the agent's log of {log.Size} bytes is left", AgentLog) with { Repair = Remove([AgentLog]) };
            yield return log.Size > SmallLog ? observation : observation with { Guide = Severity.Info, Current = Severity.Info };
        }

        if (tree.List("/var/log/azure") is { Count: > 0 } logs)
        {
            yield return Minor(disk, $"logs of extensions are left: {Some(logs)}", "/var/log/azure") with { Repair = Remove(["/var/log/azure"]) };
        }
    }

    private static IEnumerable<Observation> CloudInitInstances(string disk, FileTree tree)
    {
        IReadOnlyList<string> instances = tree.List("/var/lib/cloud/instances");
        if (instances.Count > 0 || tree.LinkStat("/var/lib/cloud/instance") is not null)
        {
            yield return new Observation(disk, "cloud-init's data of a provisioned machine is left" + (instances.Count > 0 ? $": {Some(instances)}" : ""))
            {
                PathInDisk = instances.Count > 0 ? "/var/lib/cloud/instances" : "/var/lib/cloud/instance",
                Remedy = "cloud-init clean --logs --machine-id",
                Repair = Remove(CloudInitState),
            };
        }
        else if (tree.FileExists("/var/lib/cloud/data/instance-id"))
        {
            yield return Minor(disk, "cloud-init remembers the machine it provisioned", "/var/lib/cloud/data/instance-id") with { Remedy = "cloud-init clean --logs", Repair = Remove(CloudInitState) };
        }
        else if (tree.List("/var/lib/cloud/sem") is { Count: > 0 } semaphores)
        {
            yield return Minor(disk, $"cloud-init's marks of finished work are left: {Some(semaphores)}", "/var/lib/cloud/sem") with { Remedy = "cloud-init clean --logs", Repair = Remove(CloudInitState) };
        }
    }

    private static IEnumerable<Observation> Leases(string disk, FileTree tree)
    {
        foreach (string directory in LeaseDirectories)
        {
            foreach (string name in tree.List(directory).Where(name => name.Contains("lease", StringComparison.Ordinal)))
            {
                if (tree.Stat($"{directory}/{name}") is { Kind: FileKind.Regular, Size: > 0 })
                {
                    yield return new Observation(disk, "a DHCP lease is left") { PathInDisk = Evidence.Quote($"{directory}/{name}"), Remedy = $"rm -f {directory}/*lease*", Repair = new Repair(RepairStage.Cleanup, $"rm -f {directory}/*lease*") };
                    break;
                }
            }
        }

        foreach (string path in tree.List("/var/lib/wicked").Where(name => name.StartsWith("lease-", StringComparison.Ordinal)).Select(name => "/var/lib/wicked/" + name))
        {
            yield return Minor(disk, "a DHCP lease of wicked is left", Evidence.Quote(path)) with { Remedy = "rm -f /var/lib/wicked/lease-*", Repair = new Repair(RepairStage.Cleanup, "rm -f /var/lib/wicked/lease-*") };
        }

        foreach (string name in tree.List("/var/lib/NetworkManager").Where(name => name.EndsWith(".lease", StringComparison.Ordinal)))
        {
            // The agent removes those of dhclient only.
            string path = "/var/lib/NetworkManager/" + name;
            Observation observation = Minor(disk, "a DHCP lease of NetworkManager is left", Evidence.Quote(path)) with { Remedy = "rm -f /var/lib/NetworkManager/*.lease", Repair = new Repair(RepairStage.Cleanup, "rm -f /var/lib/NetworkManager/*.lease") };
            yield return name.StartsWith("dhclient-", StringComparison.Ordinal) ? observation with { Guide = null, Current = null } : observation;
        }
    }

    private static IEnumerable<Observation> MachineId(string disk, FileTree tree)
    {
        if (ReadId("/etc/machine-id") is { Length: > 0 } id && id != "uninitialized")
        {
            yield return Minor(disk, "the machine id is set, so every machine made from the image has the same", "/etc/machine-id") with { Remedy = "truncate -s 0 /etc/machine-id; rm -f /var/lib/dbus/machine-id", Repair = new Repair(RepairStage.Cleanup, "clear_machine_id") };
        }
        else if (tree.LinkStat(BusId) is { Kind: FileKind.Regular } && ReadId(BusId).Length > 0)
        {
            // systemd makes the machine id from it when it has none (machine-id(5), Initialization).
            yield return Minor(disk, "the machine id of D-Bus is set, which the system takes for its own", BusId) with { Guide = Severity.Info, Current = Severity.Info, Remedy = "rm -f /var/lib/dbus/machine-id" };
        }

        string ReadId(string path) =>
            tree.Stat(path) is { Kind: FileKind.Regular, Size: > 0 and < 4096 } ? Encoding.UTF8.GetString(tree.ReadAllBytes(path, 4096) ?? []).Trim() : "";
    }

    private static IEnumerable<Observation> HostName(string disk, LinuxSystem system)
    {
        const string path = "/etc/hostname";
        if (system.CloudInit.Provisions || system.Tree.Stat(path) is not { Kind: FileKind.Regular, Size: < 4096 })
        {
            yield break;
        }

        string name = TextLines.Of(system.Tree.ReadAllText(path, 4096) ?? "").Select(line => line.Text.Trim()).FirstOrDefault(line => line.Length > 0 && line[0] != '#') ?? "";
        if (name.Length > 0 && name != "localhost" && !name.StartsWith("localhost.", StringComparison.Ordinal))
        {
            yield return Minor(disk, "the host name is not localhost.localdomain", path) with { Evidence = name, Remedy = "echo localhost.localdomain > /etc/hostname", Repair = new Repair(RepairStage.Cleanup, "echo localhost.localdomain > /etc/hostname") };
        }
    }

    private static IEnumerable<Observation> Sudoers(string disk, FileTree tree)
    {
        foreach (string path in (string[])["/etc/sudoers.d/waagent", "/etc/sudoers.d/90-cloud-init-users"])
        {
            TextLine rule = TextLines.Of(tree.ReadAllText(path, 1 << 20) ?? "").FirstOrDefault(line => line.Text.Trim() is { Length: > 0 } text && text[0] != '#');
            if (rule.Number > 0)
            {
                yield return Minor(disk, "a sudo rule of a provisioned user is left", path) with { Line = rule.Number, Evidence = rule.Text, Remedy = $"rm {path}", Repair = RepairCommands.Of(RepairStage.Accounts, "remove_path", path) };
            }
        }
    }

    private static Repair Remove(IEnumerable<string> paths) => RepairCommands.Of(RepairStage.Cleanup, "remove_path", paths);

    private static Observation Minor(string disk, string found, string path) =>
        new(disk, found) { PathInDisk = path, Guide = Severity.Warning, Current = Severity.Warning };

    private static string Some(IReadOnlyCollection<string> names) =>
        Evidence.Quote(string.Join(", ", names.Take(5)) + (names.Count > 5 ? $" and {names.Count - 5} more" : ""));
}
