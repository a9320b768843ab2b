using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Reports;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Agent;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2003: the agent updates itself.</summary>
internal sealed class AgentUpdatesItself : LinuxRequirement
{
    private const string Old = "AutoUpdate.Enabled";
    private const string New = "AutoUpdate.UpdateToLatestVersion";

    /// <summary>Agents before this one were released before the newer option was there, and do not read it.</summary>
    private static readonly Version KnowsNew = new(2, 9);

    public override string Id => "MKT2003";

    public override string Title => "Azure Linux Agent updates itself";

    public override Criterion Current { get; } = new(Severity.Warning, "neither AutoUpdate.Enabled nor AutoUpdate.UpdateToLatestVersion switches the updates of the agent off; on is the default", "Self-test 51; Azure Linux Agent configuration");

    public override string Why => "Machines live longer than images: an agent that does not update itself falls behind the oldest version Azure supports. Some distributions switch it off in the waagent.conf they ship";

    public override string Remedy => "set AutoUpdate.Enabled=y and AutoUpdate.UpdateToLatestVersion=y in /etc/waagent.conf, or remove both lines";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        AgentFacts agent = system.RequireAgent();

        if (agent.Configuration is not { } configuration || FindSwitch(configuration, agent.Version) is not { } key)
        {
            return CheckResult.Passed;
        }

        return CheckResult.From(new Observation(disk, key == Old && configuration.Get(New).Length > 0
            ? $"{Old} is n: the agent does not update itself, and this version of it does not know {New}"
            : $"{key} is n: the agent does not update itself")
        {
            PathInDisk = configuration.Path,
            Line = configuration.LineOf(key),
            Evidence = $"{key}={configuration.Get(key)}",
            Repair = new Repair(RepairStage.Configuration, $"set_conf {ShellText.Quote(configuration.Path)} {ShellText.Quote(key)} y"),
        });
    }

    /// <summary>The option that switches the updates off: the newer one counts when it is set and the agent knows it; null when they are on.</summary>
    private static string? FindSwitch(AgentConfiguration configuration, Version? version)
    {
        bool old = configuration.GetSwitch(Old, defaultValue: true);
        bool knowsNew = version is null || version >= KnowsNew;
        return knowsNew && !configuration.GetSwitch(New, old)
            ? configuration.GetSwitch(New, defaultValue: true) ? Old : New
            : !knowsNew && !old ? Old : null;
    }
}
