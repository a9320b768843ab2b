using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Ssh;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2019: ClientAliveInterval stands in sshd_config itself.</summary>
internal sealed class SshKeepAliveInMainFile : LinuxRequirement
{
    public override string Id => "MKT2019";

    public override string Title => "ClientAliveInterval in the main file";

    public override string Section => "2.6";

    public override Criterion Current { get; } = new(Severity.Warning, "/etc/ssh/sshd_config itself has ClientAliveInterval, not only a file that it includes", "Findings of publishers (2026): the probe searches the text of /etc/ssh/sshd_config");

    public override string Why => "The test of certification has been seen to look into the main file only. It does not find what a drop-in sets, though the SSH server does";

    public override string Remedy => "write \"ClientAliveInterval 180\" in /etc/ssh/sshd_config as well";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        if (system.SshServer.IsExplicitlyBlocked)
        {
            return CheckResult.NotApplicable("SSH is blocked: there is no SSH server that could start");
        }

        // A value that is missing or wrong is told by MKT2018; where it stands matters only when it is right.
        SshdOption[] inMainFile = [.. system.Sshd.FindEverywhere("ClientAliveInterval").Where(found => found.Path == system.Sshd.Path)];
        if (system.Sshd.Find("ClientAliveInterval") is not { } option || !SshKeepAlive.IsAccepted(option) || inMainFile.Any(SshKeepAlive.IsAccepted))
        {
            return CheckResult.Passed;
        }

        return CheckResult.From(new Observation(disk, $"ClientAliveInterval is set in {Evidence.Quote(option.Path)} only, " + (inMainFile.Length == 0 ? $"not in {system.Sshd.Path}" : $"{system.Sshd.Path} has another value"))
        {
            PathInDisk = Evidence.Quote(option.Path),
            Line = option.Line,
            Evidence = option.Text,
            Repair = new Repair(RepairStage.Configuration, $"set_sshd ClientAliveInterval {SshTime.Parse(option.Arguments[0])}"),
        });
    }
}
