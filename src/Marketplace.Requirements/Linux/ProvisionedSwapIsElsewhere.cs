using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2012: swap that is made at the first boot is not made on the OS disk.</summary>
internal sealed class ProvisionedSwapIsElsewhere : LinuxRequirement
{
    public override string Id => "MKT2012";

    public override string Title => "Swap made at the first boot";

    public override string Section => "2.4";

    public override Criterion Guide { get; } = new(Severity.Warning, "swap is made by the agent, on the resource disk only", "Guide, 2.4");

    public override Criterion Current { get; } = new(Severity.Warning, "no swap is made on the OS disk; the agent can make it on the resource disk", "Certification policy 200.3.3; LISA verify_no_swap_on_osdisk");

    public override string Why => "Certification looks for swap after the first boot, when cloud-init has made what its configuration asks for";

    public override string Remedy => "remove swap and the entries of type swap in mounts from /etc/cloud/cloud.cfg and /etc/cloud/cloud.cfg.d; to have swap on the resource disk set ResourceDisk.Format=y, ResourceDisk.EnableSwap=y and ResourceDisk.SwapSizeMB in /etc/waagent.conf";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system) => CheckResult.From([.. ProvisionedSwap.Find(disk, system)]);
}
