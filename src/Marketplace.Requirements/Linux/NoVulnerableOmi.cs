using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Software;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2034: Open Management Infrastructure is absent or has the fixes of 2021.</summary>
internal sealed class NoVulnerableOmi : LinuxRequirement
{
    private static readonly Version Minimum = new(1, 6, 8, 1);

    public override string Id => "MKT2034";

    public override string Title => "No vulnerable OMI";

    public override Criterion Current { get; } = new(Severity.Error, "Open Management Infrastructure (OMI) is not installed, or has version 1.6.8.1 or later", "LISA verify_omi_version");

    public override string Why => "Anyone who reaches the ports of an older OMI runs commands as root (CVE-2021-38647 and its kin, OMIGOD)";

    public override string Remedy => "remove the package omi and what needs it, or upgrade it to 1.6.8.1 or later";

    private const string Removal = """
        if dpkg-query -W omi > /dev/null 2>&1; then apt purge omi
        elif rpm -q omi > /dev/null 2>&1; then
          if command -v dnf > /dev/null 2>&1; then dnf -y -q remove omi
          elif command -v yum > /dev/null 2>&1; then yum -y -q remove omi
          elif command -v zypper > /dev/null 2>&1; then zypper --non-interactive remove omi
          elif command -v tdnf > /dev/null 2>&1; then tdnf -y -q remove omi
          fi
        fi
        remove_path /opt/omi
        """;

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        if (OmiFacts.Read(system.Tree, system.Packages) is not { } omi)
        {
            return CheckResult.Passed;
        }

        if (omi.Version is not { } version)
        {
            throw new CannotCheckException($"OMI is installed, but its version was not found in {Evidence.Quote(omi.Path)}");
        }

        return version >= Minimum ? CheckResult.Passed : CheckResult.From(new Observation(disk, $"OMI is {version}, older than {Minimum}")
        {
            PathInDisk = omi.Path,
            Repair = new Repair(RepairStage.Software, Removal),
        });
    }
}
