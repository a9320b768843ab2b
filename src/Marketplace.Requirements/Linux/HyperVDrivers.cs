using System.Runtime.ExceptionServices;
using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Reports;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Boot;
using Marketplace.Requirements.Systems.Kernels;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2004: the kernel that starts has the drivers of Hyper-V, and finds its disk with them.</summary>
internal sealed class HyperVDrivers : LinuxRequirement
{
    public override string Id => "MKT2004";

    public override string Title => "Hyper-V drivers (Linux Integration Services)";

    public override string Section => "2.3";

    public override Criterion Guide { get; } = new(Severity.Error, "the kernel has the Linux Integration Services, version 3.0 or later: hv_vmbus, hv_storvsc, hv_netvsc and hv_utils", "Guide, 2.3");

    public override Criterion Current { get; } = new(Severity.Error, "the kernel has hv_vmbus, hv_storvsc, hv_netvsc, hv_utils, udf and vfat, built in or as modules that are not blocked; as modules hv_vmbus and hv_storvsc are in the initial RAM disk", "Prepare Linux for imaging in Azure");

    public override string Why => "Without the drivers of Hyper-V the system finds neither its disk nor its network on Azure. The settings of a new machine come on a DVD with UDF";

    public override string Remedy => "install the kernel of the distribution for clouds; put the modules into the initial RAM disk: /etc/initramfs-tools/modules and update-initramfs -u -k all (Debian, Ubuntu), or add_drivers in /etc/dracut.conf.d and dracut -f --regenerate-all";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        BootKernel kernel = system.Kernel;
        if (kernel is { Modules: null, Config: null })
        {
            throw new CannotCheckException($"neither the modules nor the configuration of the kernel {Evidence.Quote(kernel.Release)} are on the disk");
        }

        // What is found weighs whether or not the rest can be answered.
        List<Observation> observations = [];
        Exception? blocked = null;
        Dictionary<string, DriverForm> forms = [];
        foreach (KernelDriver driver in KernelDriver.All)
        {
            Collect(() => forms[driver.Name] = driver.FormIn(system.Tree, kernel));
        }

        observations.AddRange(KernelDriver.All.Where(driver => forms.GetValueOrDefault(driver.Name) == DriverForm.Missing).Select(driver => Missing(disk, kernel, driver)));
        KernelDriver[] modules = [.. KernelDriver.All.Where(driver => forms.GetValueOrDefault(driver.Name) == DriverForm.Module)];
        foreach (KernelDriver driver in modules)
        {
            Collect(() => AddBlock(disk, system, driver, observations));
        }

        Observation? note = null;
        string[] early = [.. modules.Where(driver => driver.IsNeededForRoot).Select(driver => driver.Name)];
        if (early.Length > 0)
        {
            Collect(() => note = CheckInitialRamDisk(disk, system, early, observations));
        }

        Collect(() => system.RequireKernel());
        if (observations.Count == 0 && blocked is not null)
        {
            ExceptionDispatchInfo.Throw(blocked);
        }

        return observations.Count == 0 && note is not null ? CheckResult.NotApplicable(note.Found, note) : CheckResult.From(observations);

        void Collect(Action check)
        {
            try
            {
                check();
            }
            catch (Exception exception) when (exception is CannotCheckException or DiskFormatException)
            {
                blocked ??= exception;
            }
        }
    }

    private static Observation Missing(string disk, BootKernel kernel, KernelDriver driver) =>
        new(disk, $"the kernel {Evidence.Quote(kernel.Release)} of the default boot entry has no driver {driver.Name}, neither built in nor as a module")
        {
            PathInDisk = kernel.Modules?.Directory ?? kernel.Config!.Path,
            Guide = driver.IsFileSystem ? Severity.None : null,
        };

    private static void AddBlock(string disk, LinuxSystem system, KernelDriver driver, List<Observation> observations)
    {
        BootEntry? entry = system.Kernel.Entry;
        if (system.Kernel.Arguments.FirstOrDefault(argument => Names(argument, driver.Name)) is { } argument)
        {
            observations.Add(new Observation(disk, $"{Evidence.Quote(argument)} on the kernel line keeps the module {driver.Name} from being loaded")
            {
                PathInDisk = entry!.Path,
                Line = entry.Line,
                Evidence = entry.CommandLine,
                Guide = driver.IsFileSystem ? Severity.None : null,
                Remedy = "remove the argument from the kernel line",
                Repair = new Repair(RepairStage.Configuration, $"kernel_remove {ShellText.Quote(argument)}"),
            });
        }

        if (system.Modprobe.FindBlock(driver.Name, "fs-" + driver.Name) is { } block)
        {
            if (block.IsUncertain)
            {
                throw new CannotCheckException($"{Evidence.Quote(block.Path)} runs a command of its own to load {driver.Name}: {Evidence.Quote(block.Text)}");
            }

            observations.Add(new Observation(disk, $"the module {driver.Name} is kept from being loaded")
            {
                PathInDisk = block.Path,
                Line = block.Line,
                Evidence = block.Text,
                Guide = driver.IsFileSystem ? Severity.None : null,
                Remedy = "remove the line, and make the initial RAM disk anew",
                Repair = block.IsWholeLine ? new Repair(RepairStage.Configuration, $"comment_out {ShellText.Quote(block.Path)} {ShellText.Quote(block.Text)}") : null,
            });
        }
    }

    private static bool Names(string argument, string module) =>
        ((string[])["module_blacklist=", "modprobe.blacklist="]).Any(name => argument.StartsWith(name, StringComparison.Ordinal)
            && argument[name.Length..].Split(',').Select(KernelModules.Normalize).Contains(module));

    /// <summary>Looks for the modules in the initial RAM disk; what is given back is only worth telling.</summary>
    private static Observation? CheckInitialRamDisk(string disk, LinuxSystem system, string[] modules, List<Observation> observations)
    {
        BootKernel kernel = system.Kernel;
        string names = string.Join(" and ", modules);
        if (kernel.Entry is not { } entry)
        {
            throw new CannotCheckException($"{names} are modules, and no boot entry tells which initial RAM disk the kernel {Evidence.Quote(kernel.Release)} has");
        }

        if (kernel.Config?["INITRAMFS_SOURCE"] is { } source && source.Trim('"').Length > 0)
        {
            throw new CannotCheckException($"the kernel {Evidence.Quote(kernel.Release)} has an initial RAM disk built in, which is not read");
        }

        InitialRamDiskFile? absent = kernel.InitialRamDisks.FirstOrDefault(file => file.Path is null);
        if (kernel.Path is null && (absent is not null || kernel.InitialRamDisks.Count == 0))
        {
            return new Observation(disk, $"the kernel {Evidence.Quote(entry.Kernel)} of the default boot entry and its initial RAM disk are not on the disk, so only its modules were looked at")
            {
                PathInDisk = entry.Path,
                Line = entry.Line,
                Guide = Severity.Info,
                Current = Severity.Info,
            };
        }

        if (absent is not null || kernel.InitialRamDisks.Count == 0)
        {
            observations.Add(InitialRamDisk(disk, system, modules, entry.Path, entry.Line, absent is null
                ? $"{names} are modules, and the default boot entry \"{Evidence.Quote(entry.Title)}\" has no initial RAM disk"
                : $"the initial RAM disk {Evidence.Quote(absent.Name)} of the default boot entry \"{Evidence.Quote(entry.Title)}\" is not on the disk"));
            return null;
        }

        InitialRamDiskModules found = InitialRamDiskModules.Find(system.Tree, kernel.InitialRamDisks, kernel.Release, modules);
        if (found.Missing.Count == 0)
        {
            return null;
        }

        if (found.Nested is not null)
        {
            throw new CannotCheckException($"the initial RAM disk has {Evidence.Quote(found.Nested)} inside, which is not read and may hold {names}");
        }

        string path = kernel.InitialRamDisks[^1].Path!;
        string missing = string.Join(" and ", modules.Where(found.Missing.Contains));
        observations.Add(InitialRamDisk(disk, system, modules, path, 0, found.OtherReleases.Count == 0
            ? $"the initial RAM disk of the kernel {Evidence.Quote(kernel.Release)} does not have {missing}, which the kernel has as modules"
            : $"the initial RAM disk has {missing} for {Evidence.Quote(string.Join(", ", found.OtherReleases))}, not for the kernel {Evidence.Quote(kernel.Release)} that starts"));
        return null;
    }

    private static Observation InitialRamDisk(string disk, LinuxSystem system, string[] modules, string path, int line, string found)
    {
        string names = string.Join(' ', modules);
        bool isDracut = ((string[])["/usr/bin/dracut", "/usr/sbin/dracut", "/sbin/dracut"]).Any(system.Tree.FileExists);
        string? commands =
            ((string[])["/usr/sbin/update-initramfs", "/sbin/update-initramfs"]).Any(system.Tree.FileExists) && !isDracut
                ? $"for module in {names}; do\n  grep -qx \"$module\" /etc/initramfs-tools/modules || printf '%s\\n' \"$module\" >> /etc/initramfs-tools/modules\ndone\nupdate-initramfs -u -k all"
            : isDracut
                ? $"printf 'add_drivers+=\" %s \"\\n' '{names}' > /etc/dracut.conf.d/90-hyper-v.conf\ndracut -f --regenerate-all"
            : null;
        return new Observation(disk, found)
        {
            PathInDisk = path,
            Line = line,
            Repair = commands is null ? null : new Repair(RepairStage.BootMenu, commands),
        };
    }
}
