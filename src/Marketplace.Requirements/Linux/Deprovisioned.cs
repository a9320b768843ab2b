using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2030: the image is generalised: nothing of a provisioned machine is left.</summary>
internal sealed class Deprovisioned : LinuxRequirement
{
    public override string Id => "MKT2030";

    public override string Title => "The image is deprovisioned";

    public override string Section => "2.9";

    public override Criterion Guide { get; } = new(Severity.Error, "waagent -deprovision was run: no state of the agent, no DHCP leases, host name localhost.localdomain", "Guide, 2.9");

    public override Criterion Current { get; } = new(Severity.Error, "waagent -deprovision+user was run, and cloud-init clean where cloud-init provisions", "VM certification FAQ (2022); Use an approved base (2021)");

    public override string Why => "Machines made from an image that was not generalised all take themselves for the machine it was made on";

    public override string Remedy => "as the last step: cloud-init clean --logs --machine-id (where cloud-init is used), then waagent -deprovision+user -force";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system) =>
        CheckResult.From([.. ProvisioningResidue.Find(disk, system)]);
}
