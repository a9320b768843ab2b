using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Kernels;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2036: the kernel has the options Azure asks for.</summary>
internal sealed class KernelOptions : LinuxRequirement
{
    public override string Id => "MKT2036";

    public override string Title => "Kernel with watchdog and CIFS";

    public override Criterion Current { get; } = new(Severity.Warning, "the kernel was built with CONFIG_WATCHDOG and CONFIG_CIFS, as part of it or as modules", "LISA verify_essential_kernel_modules");

    public override string Why => "Azure Files is mounted with CIFS, and a watchdog restarts a machine that hangs";

    public override string Remedy => "install the kernel of the distribution for clouds, or build yours with CONFIG_WATCHDOG=y and CONFIG_CIFS=m";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        BootKernel kernel = system.RequireKernel();
        KernelModules? modules = kernel.Modules;
        bool? watchdog = IsEnabled(kernel, "WATCHDOG", modules?.Paths.Any(path => path.Contains("/drivers/watchdog/", StringComparison.Ordinal)) == true || modules?.IsBuiltIn("watchdog") == true);
        bool? cifs = IsEnabled(kernel, "CIFS", modules?.PathOf("cifs") is not null || modules?.IsBuiltIn("cifs") == true);
        if (watchdog is null || cifs is null)
        {
            throw new CannotCheckException($"what the kernel {Evidence.Quote(kernel.Release)} was built with is not on the disk (looked at /boot/config-{Evidence.Quote(kernel.Release)} and /lib/modules)");
        }

        List<Observation> observations = [];
        Add(watchdog.Value, "CONFIG_WATCHDOG");
        Add(cifs.Value, "CONFIG_CIFS");
        return CheckResult.From(observations);

        void Add(bool isEnabled, string option)
        {
            if (!isEnabled)
            {
                observations.Add(new Observation(disk, $"the kernel {Evidence.Quote(kernel.Release)} of the default boot entry was built without {option}") { PathInDisk = kernel.Config!.Path });
            }
        }
    }

    // Without the configuration a driver that is there proves its option; one that is not there proves nothing.
    private static bool? IsEnabled(BootKernel kernel, string option, bool hasDriver) =>
        kernel.Config is { } config ? config.IsEnabled(option) : hasDriver ? true : null;
}
