using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Reports;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Network;
using Marketplace.Requirements.Systems.Sudo;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2033: sudo asks for the password of the user, not for that of root.</summary>
internal sealed class NoTargetPassword : LinuxRequirement
{
    private static readonly string[] Programs = ["/usr/bin/sudo", "/bin/sudo", "/usr/local/bin/sudo"];

    public override string Id => "MKT2033";

    public override string Title => "sudo without targetpw";

    public override Criterion Current { get; } = new(Severity.Warning, "/etc/sudoers does not enable Defaults targetpw", "LISA verify_default_targetpw");

    public override string Why => "With targetpw sudo asks for the password of root, which nobody has on a machine in Azure. The provisioned user could not administer it";

    public override string Remedy => "comment out Defaults targetpw, and the rule ALL ALL=(ALL) ALL that goes with it, with visudo";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        SudoersFlag[] flags = [.. SudoersDefaults.Find(system.Tree, "targetpw").Where(flag => flag.IsOn)];
        return flags.Length == 0 || Programs.Any(system.Tree.FileExists) || NetworkReaders.IsPackageInstalled(system, "sudo", "sudo-ldap")
            ? CheckResult.From([.. flags.Select(flag => new Observation(disk, flag.Scope.Length == 0
                ? "sudo asks for the password of the target user, which is root"
                : $"sudo asks for the password of the target user for {Evidence.Quote(flag.Scope)}")
            {
                PathInDisk = Evidence.Quote(flag.Path),
                Line = flag.Line,
                Evidence = flag.Text,
                Repair = flag.IsJoined ? null : new Repair(RepairStage.Configuration, $"sed -i -E '/^[[:space:]]*Defaults/s/(^|[^!_[:alnum:]])targetpw/\\1!targetpw/g' {ShellText.Quote(flag.Path)}"),
            })])
            : CheckResult.NotApplicable("sudo is not installed");
    }
}
