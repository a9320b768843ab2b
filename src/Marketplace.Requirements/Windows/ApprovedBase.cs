using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Windows;

namespace Marketplace.Requirements.Windows;

/// <summary>MKT3001: the system is an edition and a build of the platform's base images.</summary>
internal sealed class ApprovedBase : WindowsRequirement
{
    public override string Id => "MKT3001";

    public override string Title => "Approved Windows base";

    public override string Section => "3.1";

    public override Criterion Guide { get; } = new(Severity.Error, "the system is Windows Server 2008 R2 SP1, 2012 Datacenter or 2012 R2 Datacenter from the platform's base images", "Guide, 3.1");

    public override Criterion Current { get; } = new(Severity.Error, "the system is Windows Server Datacenter, 2008 R2 SP1 to 2025, from the platform's base images", "Create a VM from an approved base (2021); Partner Center schema: types of operating systems");

    public override string Why => "Only base images the platform approved are licensed for the Marketplace and known to start in Azure";

    public override string Remedy => "build the image from a Windows Server Datacenter image of the Marketplace; when Microsoft approved another base, say so with a VmImageRequirement and its justification";

    public override bool NewestWins => true;

    internal override CheckResult CheckSystem(string disk, WindowsSystem system)
    {
        WindowsVersion version = system.Version;
        string? everywhere = WhyNotApproved(version);
        bool guide = everywhere is null && WindowsBuilds.Guide.Contains(version.Build);
        bool current = everywhere is null && WindowsBuilds.Current.Contains(version.Build);
        return guide && current ? CheckResult.Passed : CheckResult.From(new Observation(disk, $"the system is {version.Text}, {everywhere ?? "a build that is not among the approved ones"}")
        {
            PathInDisk = WindowsSystem.SoftwarePath,
            Evidence = $"EditionID {version.EditionId}, InstallationType {version.InstallationType}, CurrentBuild {version.BuildText}",
            Guide = guide ? Severity.None : Severity.Error,
            Current = current ? Severity.None : Severity.Error,
        });
    }

    private static string? WhyNotApproved(WindowsVersion version)
    {
        // Where the edition is not said the name of the product says it.
        string edition = version.EditionId.Length > 0 ? version.EditionId : version.ProductName;
        return !version.IsServer ? "which is no Windows Server"
            : edition.Contains("Eval", StringComparison.OrdinalIgnoreCase) ? "an evaluation, which stops after its time"
            : version.Build != WindowsBuilds.Server2008R2 && !IsDatacenter(edition) ? "which is not the Datacenter edition"
            : null;
    }

    // ServerTurbine is Datacenter: Azure Edition; the suffixes Core, Cor and ACor mark installations without desktop.
    private static bool IsDatacenter(string edition) =>
        edition.Contains("Datacenter", StringComparison.OrdinalIgnoreCase) || edition.StartsWith("ServerTurbine", StringComparison.OrdinalIgnoreCase);
}
