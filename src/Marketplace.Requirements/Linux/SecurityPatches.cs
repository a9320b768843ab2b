using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Software;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2026: what the disk proves of the security patches: the kernel that starts, and updates that were broken off.</summary>
internal sealed class SecurityPatches : LinuxRequirement
{
    private const string NotLookedAt = "whether patches are missing in other packages was not looked at: that takes a scan of a running machine";

    public override string Id => "MKT2026";

    public override string Title => "Security patches, as far as the disk proves them";

    public override string Section => "2.8";

    public override CheckStages Stages => CheckStages.Build | CheckStages.Live;

    public override Criterion Guide { get; } = new(Severity.Warning, "the latest security patches are installed; on the disk, no update was broken off and the kernel has the fixes of 2019 that certification names", "Guide, 2.8");

    public override Criterion Current { get; } = new(Severity.Error, "the kernel is at or above the one certification names for the distribution (error), and no update was broken off (warning); certification scans a running machine for the rest", "VM certification FAQ (2022): SACK patch verification; certification policy 200.5.8");

    public override string Why => "Certification refuses kernels that a remote machine can stop (CVE-2019-11477 and its kin) and scans for known weaknesses. Most of that scan cannot be done on a disk, so a pass here is not a pass there";

    public override string Remedy => "install all updates (apt-get dist-upgrade, dnf upgrade, zypper update or tdnf update), restart, and capture the image again";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        List<Observation> observations = [];
        if (system.Packages is { Unfinished: [var first, ..] unfinished })
        {
            observations.Add(new Observation(disk, $"{(unfinished.Count == 1 ? "a package was" : $"{unfinished.Count} packages were")} left half installed by an update that was broken off, the first is {Evidence.Quote(first.Name)}")
            {
                PathInDisk = first.Database,
                Current = Severity.Warning,
                Remedy = "dpkg --configure -a, then apt-get -f install",
                Repair = new Repair(RepairStage.Software, "finish_packages"),
            });
        }

        string release = (observations.Count > 0 ? system.Kernel : system.RequireKernel()).Release;
        if (SackFixes.Judge(release, () => system.OsRelease, () => system.Packages) is not { } judgement)
        {
            // Nothing the disk could prove; what was found besides is still told.
            return observations.Count > 0 ? CheckResult.From(observations) : CheckResult.NotChecked(
                $"certification names no kernel for {Evidence.Quote(system.OsRelease.PrettyName)} with Linux {Evidence.Quote(release)}; {NotLookedAt}");
        }

        observations.Add(judgement.IsFixed
            ? new Observation(disk, $"the kernel that starts, {Evidence.Quote(release)}, is at or above {judgement.Floor}; {NotLookedAt}") { Guide = Severity.Info, Current = Severity.Info }
            : new Observation(disk, $"the kernel that starts, {Evidence.Quote(release)}, is older than {judgement.Floor}, which has the fixes of CVE-2019-11477, CVE-2019-11478 and CVE-2019-11479")
            {
                Repair = new Repair(RepairStage.Software, "upgrade_packages"),
            });
        return CheckResult.From(observations);
    }
}
