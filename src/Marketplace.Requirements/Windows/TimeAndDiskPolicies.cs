using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Windows;

namespace Marketplace.Requirements.Windows;

/// <summary>MKT3013: the clock is UTC, the time service starts, new disks come online, the power plan is High performance.</summary>
internal sealed class TimeAndDiskPolicies : WindowsRequirement
{
    private const uint Automatic = 2;

    /// <summary>VDS_SP_ONLINE: new disks are brought online and made writable (VDS_SAN_POLICY).</summary>
    private const uint OnlineAll = 1;

    private const string HighPerformance = "8c5e7fda-e8bf-4a96-9a85-a6e23a8c635c";

    public override string Id => "MKT3013";

    public override string Title => "Clock, time service, SAN policy and power plan";

    public override Criterion Current { get; } = new(Severity.Info, "the hardware clock is UTC, the service W32Time starts automatically, the SAN policy is OnlineAll, the power plan is High performance", "Prepare a Windows VHD for Azure");

    public override string Why => "The clock of a machine in Azure is UTC, and a data disk that stays offline is missed by the application";

    public override string Remedy => "set RealTimeIsUniversal to 1, start W32Time automatically, diskpart: san policy=OnlineAll, powercfg /setactive SCHEME_MIN";

    internal override CheckResult CheckSystem(string disk, WindowsSystem system) => CheckResult.From(
    [
        .. Number(disk, system, @"Control\TimeZoneInformation", "RealTimeIsUniversal", 1, "the hardware clock is not read as UTC"),
        .. Number(disk, system, @"Services\W32Time", "Start", Automatic, "the service W32Time (Windows Time) does not start automatically"),
        .. Number(disk, system, @"Services\partmgr\Parameters", "SanPolicy", OnlineAll, "the SAN policy is not OnlineAll, so new disks may stay offline"),
        .. PowerPlan(disk, system),
    ]);

    private static IEnumerable<Observation> Number(string disk, WindowsSystem system, string key, string name, uint wanted, string found)
    {
        RegistryFact fact = RegistryFact.InControl(system, key, name);
        if (fact.Number != wanted)
        {
            yield return RegistryObservation.About(disk, fact, found) with
            {
                Repair = RegistryObservation.Configure(RegistryObservation.SetNumber(@"SYSTEM\CurrentControlSet\" + key, name, wanted)),
            };
        }
    }

    private static IEnumerable<Observation> PowerPlan(string disk, WindowsSystem system)
    {
        RegistryFact fact = RegistryFact.InControl(system, @"Control\Power\User\PowerSchemes", "ActivePowerScheme");
        if (!fact.Text.Equals(HighPerformance, StringComparison.OrdinalIgnoreCase))
        {
            yield return RegistryObservation.About(disk, fact, "the power plan is not High performance") with
            {
                Repair = RegistryObservation.Configure("powercfg.exe /setactive SCHEME_MIN"),
            };
        }
    }
}
