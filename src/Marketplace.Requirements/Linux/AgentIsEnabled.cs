using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Agent;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2002: the agent starts at boot.</summary>
internal sealed class AgentIsEnabled : LinuxRequirement
{
    public override string Id => "MKT2002";

    public override string Title => "Azure Linux Agent starts at boot";

    public override string Section => "2.2";

    public override Criterion Current { get; } = new(Severity.Error, "the service of the agent (walinuxagent or waagent) is enabled", "Prepare Linux for imaging in Azure (2022)");

    public override string Why => "An agent that does not start does nothing";

    public override string Remedy => "systemctl enable walinuxagent (Debian, Ubuntu) or systemctl enable waagent";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        system.RequireAgent();

        if (system.Services.FindEnablement(AgentFacts.ServiceNames, [".service"]) is not null)
        {
            return CheckResult.Passed;
        }

        string? mask = AgentFacts.ServiceNames.Select(name => system.Services.MaskOf(name + ".service")).FirstOrDefault(path => path is not null);
        Repair repair = RepairCommands.Of(RepairStage.Configuration, "enable_first", AgentFacts.ServiceNames);
        return CheckResult.From((mask is null
            ? new Observation(disk, "no systemd wants link, System V start link or Upstart job starts the agent at boot")
            : new Observation(disk, "the service of the agent is masked") { PathInDisk = mask, Remedy = "systemctl unmask the service, then systemctl enable it" }) with
        { Repair = repair });
    }
}
