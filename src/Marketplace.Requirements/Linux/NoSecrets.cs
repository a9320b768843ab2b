using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Reports;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Secrets;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2038: no keys, credentials or records of people are left.</summary>
internal sealed class NoSecrets : LinuxRequirement
{
    private const int MaxListed = 6;

    public override string Id => "MKT2038";

    public override string Title => "No secrets are left";

    public override Criterion Current { get; } = new(Severity.Warning, "private keys, credentials, known hosts and logs of the build are removed; logs without sign-ins are only noted", "Security recommendations for Marketplace images (2019)");

    public override string Why => "Whoever buys the image can read it. Keys and passwords of the people who built it must not be in it, nor their names and addresses";

    public override string Remedy => "rm the file, and replace the key or password that was in it, because it was published";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        List<Observation> observations = [.. SecretFiles.Find(system).Select(secret => new Observation(disk, $"{secret.What} is left".Replace("s is left", "s are left", StringComparison.Ordinal))
        {
            PathInDisk = Evidence.Quote(secret.Path),
            Remedy = $"rm {Evidence.Word(secret.Path)}, and replace what was in it",
            Repair = new Repair(RepairStage.Cleanup, $"remove_path {ShellText.Quote(secret.Path)}"),
        })];

        BuildLog[] logs = [.. BuildLogs.Find(system.Tree)];
        observations.AddRange(logs.Where(log => log.RecordsSignIns).Select(log => new Observation(disk, "a log records who signed in on the build machine")
        {
            PathInDisk = Evidence.Quote(log.Path),
            Remedy = $"truncate -s 0 {Evidence.Word(log.Path)}",
            Repair = new Repair(RepairStage.Cleanup, $": > {ShellText.Quote(log.Path)}"),
        }));

        BuildLog[] others = [.. logs.Where(log => !log.RecordsSignIns)];
        if (others.Length > 0)
        {
            observations.Add(new Observation(disk, $"logs of the build machine are left: {Evidence.Quote(string.Join(", ", others.Take(MaxListed).Select(log => log.Path)))}" + (others.Length > MaxListed ? $" and {others.Length - MaxListed} more" : ""))
            {
                PathInDisk = "/var/log",
                Current = Severity.Info,
                Remedy = "find /var/log -type f -delete",
                Repair = new Repair(RepairStage.Cleanup, "find /var/log -type f -exec truncate -s 0 {} +"),
            });
        }

        return CheckResult.From(observations);
    }
}
