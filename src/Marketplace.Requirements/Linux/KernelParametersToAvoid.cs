using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Reports;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Boot;
using Marketplace.Requirements.Systems.Kernels;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2016: no kernel parameters that do harm on Azure.</summary>
internal sealed class KernelParametersToAvoid : LinuxRequirement
{
    private const string NumaOff = "numa=off";

    /// <summary>The first version whose kernel can do with the NUMA tables of Hyper-V.</summary>
    private static readonly Version NumaUpstream = new(2, 6, 37);

    /// <summary>The same of RHEL 6.6: kernel 2.6.32-504.</summary>
    private static readonly (Version Upstream, int Build) NumaRedHat = (new(2, 6, 32), 504);

    private static readonly string[] Advised = ["rhgb", "quiet", "crashkernel=auto"];

    public override string Id => "MKT2016";

    public override string Title => "Kernel parameters to leave out";

    public override Criterion Current { get; } = new(Severity.Warning, "the kernel line has neither libata.atapi_enabled=0 nor reserve=0x1f0,0x8, and numa=off before kernel 2.6.37 (RHEL 6: 2.6.32-504)", "LISA verify_grub; Prepare Linux for imaging in Azure");

    public override string Why => "Some parameters hide devices of Azure: the agent provisions from an ATAPI DVD. Others hide boot messages from the serial console";

    public override string Remedy => "remove the parameter from GRUB_CMDLINE_LINUX in /etc/default/grub, then update-grub (Debian, Ubuntu) or grub2-mkconfig -o /boot/grub2/grub.cfg; with Boot Loader Specification entries: grubby --update-kernel=ALL --remove-args=\"…\"";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        List<Observation> observations = [];
        foreach (BootEntry entry in system.BootMenu.Defaults)
        {
            AddSurplus(disk, entry, observations);
        }

        BootEntry first = system.BootMenu.Default;
        if (!KernelArguments.Split(first.CommandLine).Contains(NumaOff) && observations.All(one => one.Current == Severity.Info) && NeedsNumaOff(system.Kernel.Release))
        {
            observations.Add(new Observation(disk, $"the kernel {Evidence.Quote(system.Kernel.Release)} starts without {NumaOff}")
            {
                PathInDisk = first.Path,
                Line = first.Line,
                Evidence = first.CommandLine,
                Remedy = $"add {NumaOff} to the kernel line, or update the kernel",
                Repair = new Repair(RepairStage.Configuration, $"kernel_add {NumaOff}"),
            });
        }

        if (observations.All(one => one.Current == Severity.Info)
            && system.BootMenu.Undecided.SelectMany(entry => Harmful(KernelArguments.Split(entry.CommandLine)).Select(argument => (entry, argument))).FirstOrDefault() is (not null, _) undecided)
        {
            throw new CannotCheckException($"{Evidence.Quote(undecided.entry.Path)} has {Evidence.Quote(undecided.argument)}, and whether UEFI firmware starts this menu of GRUB or another on the EFI system partition cannot be told");
        }

        return CheckResult.From(observations);
    }

    private static IEnumerable<string> Harmful(IReadOnlyList<string> arguments) => arguments.Distinct().Where(argument => HidesDevices(argument, arguments));

    private static void AddSurplus(string disk, BootEntry entry, List<Observation> observations)
    {
        IReadOnlyList<string> arguments = KernelArguments.Split(entry.CommandLine);
        foreach (string argument in Harmful(arguments))
        {
            observations.Add(Surplus(disk, entry, argument));
        }

        foreach (string argument in Advised.Where(arguments.Contains))
        {
            observations.Add(Surplus(disk, entry, argument) with
            {
                Current = Severity.Info,
                Asked = $"{argument} is better left out, so that the serial console shows every message and no memory is set aside",
            });
        }
    }

    // The kernel takes a hyphen in the name of a parameter for an underscore, and the last value of one that is given twice.
    private static bool HidesDevices(string argument, IReadOnlyList<string> arguments)
    {
        string normal = argument.Replace('-', '_');
        return (normal == "libata.atapi_enabled=0" && arguments.Select(other => other.Replace('-', '_')).Last(other => other.StartsWith("libata.atapi_enabled=", StringComparison.Ordinal)) == normal)
            || (argument.StartsWith("reserve=", StringComparison.Ordinal) && Reserves(argument["reserve=".Length..]));
    }

    // reserve=BASE,SIZE[,BASE,SIZE…]: the ports of the first IDE channel.
    private static bool Reserves(string ranges)
    {
        string[] numbers = ranges.ToLowerInvariant().Split(',');
        return Enumerable.Range(0, numbers.Length / 2).Any(i => numbers[2 * i] is "0x1f0" or "0x01f0" && numbers[(2 * i) + 1] is "0x8" or "8" or "0x08");
    }

    private static bool NeedsNumaOff(string release) =>
        KernelVersion.Parse(release) is { } version && version.Upstream < NumaUpstream
        && !(version.IsRedHat && version.Upstream == NumaRedHat.Upstream && version.Build >= NumaRedHat.Build);

    private static Observation Surplus(string disk, BootEntry entry, string argument) =>
        new(disk, $"the default boot entry \"{Evidence.Quote(entry.Title)}\" has {Evidence.Quote(argument)}")
        {
            PathInDisk = entry.Path,
            Line = entry.Line,
            Evidence = entry.CommandLine,
            Repair = new Repair(RepairStage.Configuration, $"kernel_remove {ShellText.Quote(argument)}"),
        };
}
