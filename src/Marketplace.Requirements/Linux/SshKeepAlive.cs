using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Ssh;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2018: ClientAliveInterval is 30 to 235 seconds.</summary>
internal sealed class SshKeepAlive : LinuxRequirement
{
    private const int Minimum = 30;
    private const int Maximum = 235;
    private const int Recommended = 180;

    private static readonly Repair Mend = new(RepairStage.Configuration, "set_sshd ClientAliveInterval 180");

    public override string Id => "MKT2018";

    public override string Title => "ClientAliveInterval of the SSH server";

    public override string Section => "2.6";

    public override Criterion Guide { get; } = new(Severity.Error, "sshd_config sets ClientAliveInterval to 180; 30 to 235 seconds are accepted", "Guide, 2.6");

    public override Criterion Current { get; } = new(Severity.Error, "ClientAliveInterval is 30 to 235 seconds, best 180", "Self-test 46; LISA verify_client_active_interval");

    public override string Why => "The load balancer drops connections that are idle for four minutes";

    public override string Remedy => "write \"ClientAliveInterval 180\" in /etc/ssh/sshd_config, before any Include or Match line";

    /// <summary>Whether an option is one time in the accepted range.</summary>
    public static bool IsAccepted(SshdOption option) =>
        option.Arguments is [var argument] && SshTime.Parse(argument) is >= Minimum and <= Maximum;

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        if (system.SshServer.IsExplicitlyBlocked)
        {
            return CheckResult.NotApplicable("SSH is blocked: there is no SSH server that could start");
        }

        if (system.Sshd.Find("ClientAliveInterval") is not { } option)
        {
            return CheckResult.From(new Observation(disk, system.Sshd.Path.Length == 0
                ? "there is no sshd_config, so ClientAliveInterval is off"
                : "ClientAliveInterval is not set for every connection, so it is off")
            {
                PathInDisk = system.Sshd.Path,
                Repair = Mend,
            });
        }

        Observation observation = new(disk, "") { PathInDisk = option.Path, Line = option.Line, Evidence = option.Text, Repair = IsOnCommandLine(system, option) ? null : Mend };
        if (option.Arguments is not [var argument] || SshTime.Parse(argument) is not { } seconds)
        {
            return CheckResult.From(observation with { Found = "ClientAliveInterval is not one time, so the SSH server does not start" });
        }

        return seconds switch
        {
            Recommended => CheckResult.Passed,
            >= Minimum and <= Maximum => CheckResult.From(observation with { Found = $"ClientAliveInterval is {seconds} seconds, accepted but not the recommended 180", Guide = Severity.Info, Current = Severity.Info, Repair = null }),
            0 => CheckResult.From(observation with { Found = "ClientAliveInterval is 0, which is off" }),
            _ => CheckResult.From(observation with { Found = $"ClientAliveInterval is {seconds} seconds" }),
        };
    }

    // What the service gives counts before every file.
    private static bool IsOnCommandLine(LinuxSystem system, SshdOption option) =>
        SshdCommandLine.Read(system.Tree, system.Services).Options.Any(given => given.Path == option.Path && given.Text == option.Text);
}
