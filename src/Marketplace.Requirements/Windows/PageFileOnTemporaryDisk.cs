using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Windows;

namespace Marketplace.Requirements.Windows;

/// <summary>MKT3012: the page file is on the temporary disk.</summary>
internal sealed class PageFileOnTemporaryDisk : WindowsRequirement
{
    private const string Key = @"Control\Session Manager\Memory Management";

    public override string Id => "MKT3012";

    public override string Title => "Page file on the temporary disk";

    public override Criterion Current { get; } = new(Severity.Info, "the page file is on D:, the temporary disk", "Prepare a Windows VHD for Azure");

    public override string Why => "The temporary disk is local and free of charge; a page file on the OS disk is read and written over the network";

    public override string Remedy => "Set-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management' PagingFiles 'D:\\pagefile.sys' -Type MultiString";

    internal override CheckResult CheckSystem(string disk, WindowsSystem system)
    {
        RegistryFact fact = RegistryFact.InControl(system, Key, "PagingFiles");
        string[] files = [.. (system.FindControl(Key).Texts("PagingFiles") ?? []).Where(file => file.Trim().Length > 0)];
        return files.Length > 0 && files.All(file => file.TrimStart().StartsWith("D:", StringComparison.OrdinalIgnoreCase))
            ? CheckResult.Passed
            : CheckResult.From(RegistryObservation.About(disk, fact, files.Length == 0 ? "no page file is set" : "the page file is not on D: only") with
            {
                Repair = RegistryObservation.Configure($"Set-ItemProperty -LiteralPath 'HKLM:\\SYSTEM\\CurrentControlSet\\{Key}' -Name PagingFiles -Value 'D:\\pagefile.sys' -Type MultiString"),
            });
    }
}
