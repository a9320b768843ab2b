using Marketplace.DiskImages.FileSystems;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Agent;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2031: every machine gets its own SSH host keys.</summary>
internal sealed class SshHostKeys : LinuxRequirement
{
    private const string Directory = "/etc/ssh";
    private const string Key = "Provisioning.RegenerateSshHostKeyPair";

    public override string Id => "MKT2031";

    public override string Title => "SSH host keys are made anew";

    public override string Section => "2.9";

    public override Criterion Guide { get; } = new(Severity.Warning, "Provisioning.RegenerateSshHostKeyPair=y in /etc/waagent.conf (or cloud-init provisions), and no host key is left; an error when a key is left and nothing replaces it", "Guide, 2.9");

    public override Criterion Current { get; } = new(Severity.Warning, "Provisioning.RegenerateSshHostKeyPair=y in /etc/waagent.conf (or cloud-init provisions), and no host key is left; an error when a key is left and nothing replaces it", "Azure Linux Agent configuration");

    public override string Why => "Machines with the same host keys cannot be told apart, and anyone who has one can pose as all";

    public override string Remedy => "set Provisioning.RegenerateSshHostKeyPair=y in /etc/waagent.conf, and rm -f /etc/ssh/ssh_host_*_key*";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        string[] keys = [.. system.Tree.List(Directory)
            .Where(name => name.StartsWith("ssh_host_", StringComparison.Ordinal) && name.EndsWith("_key", StringComparison.Ordinal))
            .Where(name => system.Tree.Stat(Directory + "/" + name) is { Kind: FileKind.Regular, Size: > 0 })];
        AgentConfiguration? configuration = system.Agent.Configuration;
        bool agentReplaces = system.Agent.IsPresent && (configuration?.GetSwitch(Key, defaultValue: false) ?? false);
        bool replaced = agentReplaces || (system.CloudInit.Provisions && !(keys.Length > 0 && system.CloudInit.KeepsHostKeys));

        Repair repair = new(RepairStage.Cleanup, "rm -f /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub" + (replaced || configuration is null ? "" : "\n" + RepairCommands.Call("set_conf", configuration.Path, Key, "y")));
        if (FindOtherKey(system) is { } other)
        {
            return CheckResult.From(new Observation(disk, $"the SSH host key {Evidence.Quote(other)} is left, which neither the agent nor cloud-init replaces: every machine has the same key")
            {
                PathInDisk = Evidence.Quote(other),
                Guide = Severity.Error,
                Current = Severity.Error,
                Remedy = $"rm -f {Evidence.Word(other)}, and remove its HostKey line from the configuration of sshd",
                Repair = repair with { Commands = repair.Commands + "\n" + ForgetKey(system, other) },
            });
        }

        if (keys.Length > 0)
        {
            return CheckResult.From(new Observation(disk, replaced
                ? $"SSH host keys are left ({string.Join(", ", keys.Take(4))}); they are replaced at the first boot"
                : $"SSH host keys are left ({string.Join(", ", keys.Take(4))}) and nothing replaces them: every machine has the same keys")
            {
                PathInDisk = Directory + "/" + keys[0],
                Guide = replaced ? Severity.Warning : Severity.Error,
                Current = replaced ? Severity.Warning : Severity.Error,
                Remedy = replaced ? "rm -f /etc/ssh/ssh_host_*_key*" : "",
                Repair = repair,
            });
        }

        return replaced
            ? CheckResult.Passed
            : CheckResult.From(new Observation(disk, configuration is null
                ? "neither the agent nor cloud-init makes SSH host keys: there is no /etc/waagent.conf"
                : $"{Key} is not y, and cloud-init does not provision")
            {
                PathInDisk = configuration?.Path ?? "",
                Line = configuration?.LineOf(Key) ?? 0,
                Repair = configuration is null ? null : repair with { Stage = RepairStage.Configuration },
            });
    }

    private static string ForgetKey(LinuxSystem system, string key) =>
        string.Join('\n', system.Sshd.FindEverywhere("HostKey").Where(option => option.Arguments.Contains(key))
            .Select(option => RepairCommands.CommentOut(system.Tree, option.Path, option.Line)).Append(RepairCommands.Call("remove_private_key", key)));

    // Both delete and make /etc/ssh/ssh_host_*_key only.
    private static string? FindOtherKey(LinuxSystem system) =>
        system.Sshd.FindEverywhere("HostKey").SelectMany(option => option.Arguments).FirstOrDefault(path =>
            path.StartsWith('/') && !path.StartsWith(Directory + "/ssh_host_", StringComparison.Ordinal) && system.Tree.Stat(path) is { Kind: FileKind.Regular, Size: > 0 });
}
