using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Windows;

namespace Marketplace.Requirements.Windows;

/// <summary>MKT3006: a task that finishes the configuration at the first start deletes itself.</summary>
internal sealed class StartupTasks : WindowsRequirement
{
    public override string Id => "MKT3006";

    public override string Title => "Startup tasks delete themselves";

    public override string Section => "3.6";

    public override Criterion Guide { get; } = new(Severity.Info, "a scheduled task that configures the machine at its start deletes itself when it has succeeded", "Guide, 3.6");

    public override Criterion Current { get; } = new(Severity.Info, "a scheduled task that configures the machine at its start deletes itself when it has succeeded", "Create a VM from an approved base (2021)");

    public override string Why => "A task for the first start that stays does its work again at every start";

    public override string Remedy => "end the task with: schtasks /delete /tn NAME /f; a task that is meant to run at every start may stay";

    internal override CheckResult CheckSystem(string disk, WindowsSystem system) => CheckResult.From([.. system.Tasks
        .Where(task => task is { IsEnabled: true, StartsAtBoot: true, IsOfWindows: false, DeletesItself: false })
        .Select(task => new Observation(disk, "a task runs at every start and does not delete itself")
        {
            PathInDisk = task.Path,
            Evidence = string.Join(' ', task.Actions),
        })]);
}
