using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Reports;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Boot;

namespace Marketplace.Requirements.Linux;

/// <summary>A requirement about the arguments the default boot entry gives the kernel.</summary>
internal abstract class KernelLineRequirement : LinuxRequirement
{
    public sealed override string Section => "2.5";

    public override string Remedy =>
        $"add {Parameter} to GRUB_CMDLINE_LINUX in /etc/default/grub, then update-grub (Debian, Ubuntu) or grub2-mkconfig -o /boot/grub2/grub.cfg; with Boot Loader Specification entries: grubby --update-kernel=ALL --args=\"{Parameter}\"";

    /// <summary>The parameter as the guide writes it.</summary>
    protected abstract string Parameter { get; }

    internal sealed override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        BootMenu menu = system.BootMenu;
        Observation[] observations = [.. menu.Defaults
            .Where(entry => !IsSatisfied(KernelArguments.Split(entry.CommandLine), system.IsX64))
            .Select(entry => Lacks(disk, entry, menu, system))];
        return observations.Length == 0 && menu.Undecided.FirstOrDefault(entry => !IsSatisfied(KernelArguments.Split(entry.CommandLine), system.IsX64)) is { } undecided
            ? throw new CannotCheckException($"{Evidence.Quote(undecided.Path)} does not have {Parameter}, and whether UEFI firmware starts this menu of GRUB or another on the EFI system partition cannot be told")
            : CheckResult.From(observations);
    }

    private Observation Lacks(string disk, BootEntry entry, BootMenu menu, LinuxSystem system)
    {
        BootEntry? other = menu.Others.FirstOrDefault(one => IsSatisfied(KernelArguments.Split(one.CommandLine), system.IsX64));
        string found = $"the default boot entry \"{Evidence.Quote(entry.Title)}\" {(entry == menu.UefiDefault ? "of the menu on the EFI system partition " : "")}does not have {Parameter}" +
            (other is null ? "" : $"; the entry \"{Evidence.Quote(other.Title)}\" has it, but does not start by itself");
        return new Observation(disk, found)
        {
            PathInDisk = entry.Path,
            Line = entry.Line,
            Evidence = entry.CommandLine,
            Repair = new Repair(RepairStage.Configuration, $"kernel_add {ShellText.Quote(Parameter)}"),
        };
    }

    /// <summary>Whether the arguments are as asked.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="isX64">Whether the system is known to be for x86-64, which has no port ttyAMA0.</param>
    protected abstract bool IsSatisfied(IReadOnlyList<string> arguments, bool isX64);
}
