using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Reports;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Ssh;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2017: an SSH server is installed and starts at boot.</summary>
internal sealed class SshServerIsEnabled : LinuxRequirement
{
    private const string Enable = "systemctl enable ssh.service || systemctl enable sshd.service";

    public override string Id => "MKT2017";

    public override string Title => "SSH server by default";

    public override string Section => "2.6";

    public override Criterion Guide { get; } = new(Severity.Warning, "an SSH server is included and enabled (strongly recommended)", "Guide, 2.6");

    public override Criterion Current { get; } = new(Severity.Warning, "an SSH server is enabled, unless the plan says that SSH is not supported", "VM plan technical configuration (2022)");

    public override string Why => "The guide recommends SSH strongly. An image without it should say so in its plan";

    public override string Remedy => "apt-get install openssh-server (Debian, Ubuntu) or dnf install openssh-server, then systemctl enable ssh (or sshd)";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        SshServer server = system.SshServer;
        if (server.ProgramPath.Length == 0)
        {
            return CheckResult.From(new Observation(disk, "no SSH server is installed: there is no /usr/sbin/sshd")
            {
                Repair = new Repair(RepairStage.Software, "install_package openssh-server openssh\nsystemctl enable ssh.service || systemctl enable sshd.service\nset_sshd ClientAliveInterval 180"),
            });
        }

        if (server.Blocked.Length > 0)
        {
            return CheckResult.From(new Observation(disk, "the SSH server is kept from starting")
            {
                PathInDisk = server.Blocked,
                Remedy = "systemctl unmask ssh (or sshd), then systemctl enable it",
                Repair = new Repair(RepairStage.Configuration, $"remove_path {ShellText.Quote(server.Blocked)}\n{Enable}"),
            });
        }

        return server.EnabledBy.Length > 0
            ? CheckResult.Passed
            : CheckResult.From(new Observation(disk, "the SSH server is installed, but nothing starts it at boot") { PathInDisk = server.ProgramPath, Repair = new Repair(RepairStage.Configuration, Enable) });
    }
}
