using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Accounts;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2032: root has no password.</summary>
internal sealed class RootPassword : LinuxRequirement
{
    private const string Key = "Provisioning.DeleteRootPassword";

    public override string Id => "MKT2032";

    public override string Title => "The password of root is deleted";

    public override string Section => "2.9";

    public override Criterion Guide { get; } = new(Severity.Warning, "Provisioning.DeleteRootPassword=y in /etc/waagent.conf; an error when root has a password", "Guide, 2.9");

    public override Criterion Current { get; } = new(Severity.Warning, "Provisioning.DeleteRootPassword=y in /etc/waagent.conf; an error when root has a password", "Azure Linux Agent configuration; LISA verify_no_pre_exist_users");

    public override string Why => "A root password would be the same on every machine";

    public override string Remedy => "passwd -l root, and set Provisioning.DeleteRootPassword=y in /etc/waagent.conf";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        if (system.Accounts.FirstOrDefault(account => account.IsRoot && account.Password == PasswordState.Usable) is { } root)
        {
            return CheckResult.From(new Observation(disk, "root has a password")
            {
                PathInDisk = root.PasswordPath,
                Line = root.PasswordLine,
                Guide = Severity.Error,
                Current = Severity.Error,
                Repair = new Repair(RepairStage.Accounts, RepairCommands.Call("lock_password", root.Name) + "\n" + DeleteAtProvisioning(system.Agent.Configuration?.Path)),
            });
        }

        if (system.Agent.Configuration is not { } configuration)
        {
            // Without a configuration there is nothing to set; root has no password, which is what is asked.
            return CheckResult.Passed;
        }

        return configuration.GetSwitch(Key, defaultValue: false)
            ? CheckResult.Passed
            : CheckResult.From(new Observation(disk, $"{Key} is not y") { PathInDisk = configuration.Path, Line = configuration.LineOf(Key), Remedy = "set Provisioning.DeleteRootPassword=y in /etc/waagent.conf", Repair = new Repair(RepairStage.Configuration, DeleteAtProvisioning(configuration.Path)) });
    }

    private static string DeleteAtProvisioning(string? path) => path is null ? "" : RepairCommands.Call("set_conf", path, Key, "y");
}
