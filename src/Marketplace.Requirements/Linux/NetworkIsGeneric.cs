using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Network;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2022: the network is configured by DHCP, on whatever hardware.</summary>
internal sealed class NetworkIsGeneric : LinuxRequirement
{
    public override string Id => "MKT2022";

    public override string Title => "No network configuration of one machine";

    public override string Section => "2.7";

    public override Criterion Guide { get; } = new(Severity.Error, "network devices have no address of their own (error), come up at boot, use DHCP and are not bound to a hardware address (warning)", "Guide, 2.7");

    public override Criterion Current { get; } = new(Severity.Error, "network devices have no address of their own (error), come up at boot, use DHCP and are not bound to a hardware address (warning)", "Security recommendations for Marketplace images (2019); LISA verify_ifcfg_eth0");

    public override string Why => "Every machine gets another address and another network card. With those of the build machine it cannot be reached";

    public override string Remedy => "use DHCP (BOOTPROTO=dhcp, iface eth0 inet dhcp, dhcp4: true, method=auto, DHCP=yes) and remove addresses and hardware addresses";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system) => CheckResult.From([.. IfcfgFiles.Find(system)
        .Concat(InterfacesFile.Find(system))
        .Concat(NetplanFiles.Find(system))
        .Concat(ConnectionFiles.Find(system))
        .Concat(NetworkdFiles.Find(system))
        .Select(fault => ToObservation(disk, fault))]);

    private static Observation ToObservation(string disk, NetworkFault fault)
    {
        string device = Evidence.Quote(fault.Device);
        string found = fault.Kind switch
        {
            NetworkFaultKind.StaticAddress => $"the network device {device} has an address of its own",
            NetworkFaultKind.HardwareAddress => $"the network device {device} is bound to the hardware address of one machine",
            NetworkFaultKind.NoDhcp => $"the network device {device} does not use DHCP",
            _ => $"the network device {device} does not come up at boot",
        };
        found += fault.Unread.Length > 0 ? $"; {fault.Unread}, so {fault.Reader} does not use it here"
            : fault.IsRewritten ? "; cloud-init writes the file anew at the first boot"
            : "";
        Severity severity = fault.Kind == NetworkFaultKind.StaticAddress && fault.Unread.Length == 0 && !fault.IsRewritten ? Severity.Error : Severity.Warning;
        return new Observation(disk, found)
        {
            PathInDisk = Evidence.Quote(fault.Path),
            Line = fault.Line,
            Evidence = fault.Text,
            Guide = severity,
            Current = severity,
            Repair = fault.IsRewritten ? new Repair(RepairStage.Configuration, $"remove_path {Reports.ShellText.Quote(fault.Path)}")
                : fault.Repair.Length > 0 ? new Repair(RepairStage.Configuration, fault.Repair)
                : null,
        };
    }
}
