using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Windows;

namespace Marketplace.Requirements.Windows;

/// <summary>MKT3018: the application does not depend on the account Administrator.</summary>
internal sealed class NoAdministratorDependency : WindowsRequirement
{
    public override string Id => "MKT3018";

    public override string Title => "No dependency on the account Administrator";

    public override string Section => "5.1";

    public override Criterion Guide { get; } = new(Severity.Error, "the application does not need the account Administrator", "Guide, 5.1: certification tool");

    public override Criterion Current { get; } = new(Severity.Error, "the application does not need the account Administrator", "VM certification FAQ (2022): Windows test case 2, user account dependency");

    public override CheckStages Stages => CheckStages.Live;

    public override string Why => "Customers choose the name of the first account when they make a machine, and the account Administrator is renamed or disabled";

    public override string Remedy => "let services run as LocalService, NetworkService or a virtual account, and find accounts by their SID";

    internal override CheckResult CheckSystem(string disk, WindowsSystem system) =>
        CheckResult.NotChecked("what the application needs shows on a running machine without the account Administrator; the certification tool asks for it");
}
