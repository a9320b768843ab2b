using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Windows;

namespace Marketplace.Requirements.Windows;

/// <summary>MKT3010: the application does not depend on IPv6.</summary>
internal sealed class NoIPv6Dependency : WindowsRequirement
{
    /// <summary>Every bit of <c>DisabledComponents</c> that has a meaning: IPv6 is off on all interfaces but the loopback (KB 929852).</summary>
    private const uint AllComponents = 0xFF;

    public override string Id => "MKT3010";

    public override string Title => "No dependency on IPv6";

    public override string Section => "5.1";

    public override Criterion Guide { get; } = new(Severity.Info, "the application does not depend on IPv6, which is not supported", "Guide, 5.1; VM certification FAQ: Windows test cases");

    public override Criterion Current { get; } = new(Severity.Info, "the application does not depend on IPv6, which networks in Azure have only when they are made with it", "VM certification FAQ (2022): Windows test cases");

    public override CheckStages Stages => CheckStages.Build | CheckStages.Live;

    public override string Why => "A machine in a network without IPv6 cannot reach what is known by an IPv6 address only";

    public override string Remedy => "let the application work over IPv4";

    internal override CheckResult CheckSystem(string disk, WindowsSystem system) =>
        RegistryFact.InControl(system, @"Services\Tcpip6\Parameters", "DisabledComponents").Number is { } disabled && (disabled & AllComponents) == AllComponents
            ? CheckResult.Passed
            : CheckResult.NotChecked("IPv6 is on, as Windows has it; whether the application depends on it shows on a machine without IPv6");
}
