using Marketplace.DiskImages;
using Marketplace.DiskImages.Registry;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>Updates that are installed or waiting for a restart.</summary>
/// <param name="Waiting">Keys that say updates wait for a restart, as people write them.</param>
/// <param name="WaitingPackages">Update packages whose installation is not finished.</param>
/// <param name="HasPackages">Whether the list of packages is there, so that a missing update is known to be missing.</param>
/// <param name="InstalledUpdates">Number of update packages that are installed.</param>
/// <param name="HasPendingRenames">Whether files are renamed or deleted at the next start.</param>
internal sealed record UpdateFacts(IReadOnlyList<string> Waiting, IReadOnlyList<string> WaitingPackages, bool HasPackages, int InstalledUpdates, bool HasPendingRenames)
{
    private const string Servicing = @"Microsoft\Windows\CurrentVersion\Component Based Servicing";
    private const string RestartKey = @"Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired";
    private const uint UninstallPending = 5;
    private const uint InstallPending = 0x60;
    private const uint PartiallyInstalled = 0x65;
    private const uint Installed = 0x70;
    private const uint Permanent = 0x80;
    private const int MaxPackages = 1 << 16; // Windows has some thousand

    private static readonly string[] WaitingKeys = [Servicing + @"\RebootPending", Servicing + @"\PackagesPending", RestartKey];

    /// <summary>Reads all of it.</summary>
    public static UpdateFacts Read(WindowsSystem system)
    {
        List<string> waitingPackages = [];
        RegistryKey? packages = system.FindSoftware(Servicing + @"\Packages");
        int seen = 0;
        int installed = 0;
        foreach (RegistryKey package in packages?.EnumerateSubkeys() ?? [])
        {
            if (++seen > MaxPackages)
            {
                throw new DiskFormatException(DiskFormatErrorKind.Unsupported, WindowsSystem.SoftwarePath, -1, $"there are more than {MaxPackages} packages");
            }

            if (!package.Name.StartsWith("Package_for_", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            uint? state = package.Number("CurrentState");
            installed += state is Installed or Permanent ? 1 : 0;
            if (state is UninstallPending or InstallPending or PartiallyInstalled)
            {
                waitingPackages.Add(package.Name);
            }
        }

        return new UpdateFacts(
            [.. WaitingKeys.Where(path => system.FindSoftware(path) is not null).Select(path => @"HKLM\SOFTWARE\" + path)],
            waitingPackages,
            seen > 0,
            installed,
            system.FindControl(@"Control\Session Manager").Texts("PendingFileRenameOperations") is { Count: > 0 });
    }
}
