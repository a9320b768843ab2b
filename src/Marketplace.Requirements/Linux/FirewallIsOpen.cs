using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Firewall;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2029: firewall software is included, and no rules are enabled.</summary>
internal sealed class FirewallIsOpen : LinuxRequirement
{
    public override string Id => "MKT2029";

    public override string Title => "Firewall software without rules";

    public override string Section => "2.8";

    public override Criterion Guide { get; } = new(Severity.Warning, "iptables (or nftables) is included and no rules are enabled; a firewall that the distribution enables itself is only noted", "Guide, 2.8");

    public override Criterion Current { get; } = new(Severity.Warning, "firewall rules are disabled, unless the application relies on them; a firewall that the distribution enables itself is only noted", "Security recommendations for Marketplace images (2019)");

    public override string Why => "Customers get the same behaviour from every image and set rules themselves. Rules they do not know of look like a broken network";

    public override string Remedy => "apt-get install iptables where it is missing; disable the service that loads the rules, or say with a justification that the application needs them";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        List<Observation> observations = [];
        if (!FirewallFacts.IsInstalled(system))
        {
            observations.Add(new Observation(disk, "neither iptables nor nftables is installed")
            {
                Current = Severity.None,
                Repair = new Repair(RepairStage.Software, "install_package iptables iptables-nft nftables"),
            });
        }

        observations.AddRange(FirewallFacts.Find(system).Select(rules => new Observation(disk, rules.Program switch
        {
            "ufw" => "ufw is enabled, which denies what comes in unless a rule allows it",
            "firewalld.service" => "firewalld starts at boot" + (rules.IsDefault ? ", as the distribution has it" : ""),
            _ => $"{rules.Program} loads firewall rules at boot" + (rules.IsDefault ? ", those that the distribution brings" : ""),
        })
        {
            PathInDisk = Evidence.Quote(rules.Path),
            Line = rules.Line,
            Evidence = rules.Text,
            Guide = rules.IsDefault ? Severity.Info : null,
            Current = rules.IsDefault ? Severity.Info : null,
            Repair = rules.IsDefault ? null : new Repair(RepairStage.Configuration, rules.Repair),
        }));
        return CheckResult.From(observations);
    }
}
