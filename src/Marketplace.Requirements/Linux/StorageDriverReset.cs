using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Kernels;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2005: the kernel is new enough to have the fix of the storage driver for resets.</summary>
internal sealed class StorageDriverReset : LinuxRequirement
{
    /// <summary>The first version of kernel.org with commit 5c1b10ab7f93.</summary>
    private static readonly Version Fixed = new(3, 17);

    public override string Id => "MKT2005";

    public override string Title => "Storage driver with the fix for resets";

    public override string Section => "2.3";

    public override Criterion Guide { get; } = new(Severity.Warning, "the kernel has the fix 5c1b10ab7f93 of storvsc: Linux 3.17 or later, or a distribution that took it over", "Guide, 2.3");

    public override Criterion Current { get; } = new(Severity.Warning, "the kernel has the fix 5c1b10ab7f93 of storvsc: Linux 3.17 or later, or a distribution that took it over", "Prepare Linux for imaging in Azure");

    public override string Why => "Without it the disk driver does not recover when the host resets a disk, and the system loses its disk under load";

    public override string Remedy => "update the kernel to 3.17 or later, or to one whose changelog names the fix";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        BootKernel kernel = system.RequireKernel();
        KernelVersion version = KernelVersion.Parse(kernel.Release)
            ?? throw new CannotCheckException($"the release {Evidence.Quote(kernel.Release)} of the kernel does not start with a version");
        if (version.Upstream >= Fixed)
        {
            return CheckResult.Passed;
        }

        return CheckResult.From(new Observation(disk, version.IsRedHat
            ? $"the kernel {Evidence.Quote(kernel.Release)} is older than 3.17; Red Hat takes fixes of later versions over, so its changelog tells whether it has this one"
            : $"the kernel {Evidence.Quote(kernel.Release)} is older than 3.17, and whether it has the fix cannot be told from its release")
        {
            PathInDisk = kernel.Path ?? "",
            Guide = version.IsRedHat ? Severity.Info : null,
            Current = version.IsRedHat ? Severity.Info : null,
        });
    }
}
