using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Network;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2020: NetworkManager is off where the guide and the tests of old systems ask for it.</summary>
internal sealed class NetworkManagerIsOff : LinuxRequirement
{
    private const int FirstMajorWithNetworkManager = 7;

    public override string Id => "MKT2020";

    public override string Title => "NetworkManager";

    public override string Section => "2.7";

    public override Criterion Guide { get; } = new(Severity.Warning, "NetworkManager is disabled, except on CentOS 7 and its kin", "Guide, 2.7");

    public override Criterion Current { get; } = new(Severity.Info, "NetworkManager is fine; on systems of Red Hat's family before version 7 it is not installed (warning)", "LISA verify_network_manager_not_installed");

    public override bool NewestWins => true;

    public override string Why => "In 2015 NetworkManager got in the way of the agent, which restarts the network. Distributions of today use it by default";

    public override string Remedy => "systemctl disable NetworkManager (chkconfig NetworkManager off), after the network is configured by the scripts of the distribution";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        int? major = DistributionFamily.RedHatMajor(system);
        bool isOldRedHat = major < FirstMajorWithNetworkManager;
        string? enabledBy = system.Services.FindEnablement(NetworkReaders.NetworkManagerServices, [".service"]);
        if (enabledBy is null && !(isOldRedHat && NetworkReaders.HasNetworkManager(system)))
        {
            return CheckResult.Passed;
        }

        return CheckResult.From(new Observation(disk, enabledBy is null ? "NetworkManager is installed" : "NetworkManager starts at boot")
        {
            PathInDisk = enabledBy ?? "",
            Guide = major >= FirstMajorWithNetworkManager ? Severity.Info : enabledBy is null ? Severity.None : null,
            Current = isOldRedHat ? Severity.Warning : null,
            Repair = isOldRedHat ? new Repair(RepairStage.Configuration, "disable_service NetworkManager") : null,
        });
    }
}
