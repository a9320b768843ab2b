using System.Runtime.ExceptionServices;
using Marketplace.DiskImages;
using Marketplace.DiskImages.Volumes;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Reports;
using Marketplace.Requirements.Systems.Windows;

namespace Marketplace.Requirements.Windows;

/// <summary>MKT3009: none of the roles and features that Azure does not support is in the image.</summary>
internal sealed class NoUnsupportedFeatures : Requirement
{
    public override string Id => "MKT3009";

    public override string Title => "No unsupported roles and features";

    public override string Section => "5.1";

    public override Criterion Guide { get; } = new(Severity.Error, "no role or feature is installed that the certification tool refuses: those of today's list, and Hyper-V", "Guide, 5.1; VM certification FAQ until 2021: Windows test cases");

    public override Criterion Current { get; } = new(Severity.Error, "none of these is installed: Failover Clustering, DHCP Server, Remote Access, Rights Management Services, Windows Deployment Services, BitLocker on the OS disk, Internet Storage Name Server, Multipath I/O, Network Load Balancing, PNRP, SNMP, WINS, Wireless LAN", "VM certification FAQ (2022): Windows test cases");

    /// <summary>Hyper-V was taken off the list.</summary>
    public override bool NewestWins => true;

    public override string Why => "Azure does not support these roles and features, so an application that depends on them does not work for customers; the certification tool looks for each of them";

    public override string Remedy => "Uninstall-WindowsFeature -Name NAME (Windows Server 2008 R2: Remove-WindowsFeature), then restart";

    public override CheckResult Check(ImageContext context)
    {
        if (context.RequireFamily() != OSFamily.Windows)
        {
            return CheckResult.NotApplicable("the image is not a Windows image");
        }

        DiskUnderCheck disk = context.RequireOSDisk();
        Observation[] encrypted = [.. context.RequireOSLayout().Volumes.Where(volume => volume.Kind == VolumeKind.BitLocker).Select(volume => Encrypted(disk, volume))];
        if (encrypted.Length == 0)
        {
            return CheckSystem(disk.Path, context.RequireWindows());
        }

        try
        {
            return CheckResult.From([.. encrypted, .. CheckSystem(disk.Path, context.RequireWindows()).Observations]);
        }
        catch (Exception exception) when (exception is CannotCheckException or DiskFormatException)
        {
            // What is encrypted cannot be read, and that is the fault that was found.
            return CheckResult.From(encrypted);
        }
    }

    /// <summary>Checks the roles and features of the system.</summary>
    /// <param name="disk">Path of the OS disk, for observations.</param>
    /// <param name="system">The system.</param>
    internal static CheckResult CheckSystem(string disk, WindowsSystem system)
    {
        // Either hive is enough to find a fault; a pass needs both.
        List<Observation> observations = [];
        HashSet<UnsupportedFeature> found = [];
        Exception? blocked = null;
        UnsupportedFeature[] features = [.. UnsupportedFeature.All, UnsupportedFeature.HyperV, UnsupportedFeature.BitLocker];
        Collect(ServerFeatures.FindInstalled, (feature, state) => $"the feature {feature.Title} ({state.Key[(state.Key.LastIndexOf('\\') + 1)..]}) is installed");
        Collect(ServerFeatures.FindService, (feature, _) => $"the feature {feature.Title} is installed: its service {feature.Service} is there and not disabled");
        if (observations.Count == 0 && blocked is not null)
        {
            ExceptionDispatchInfo.Throw(blocked);
        }

        return CheckResult.From(observations);

        void Collect(Func<WindowsSystem, UnsupportedFeature, RegistryFact?> find, Func<UnsupportedFeature, RegistryFact, string> say)
        {
            try
            {
                foreach (UnsupportedFeature feature in features)
                {
                    if (!found.Contains(feature) && find(system, feature) is { } fact)
                    {
                        found.Add(feature);
                        observations.Add(Weigh(feature, RegistryObservation.About(disk, fact, say(feature, fact)) with { Repair = Uninstall(feature) }));
                    }
                }
            }
            catch (Exception exception) when (exception is CannotCheckException or DiskFormatException)
            {
                blocked = exception;
            }
        }
    }

    private static Observation Weigh(UnsupportedFeature feature, Observation observation) =>
        feature == UnsupportedFeature.HyperV ? observation with { Current = Severity.None }
        : feature == UnsupportedFeature.BitLocker ? observation with { Guide = Severity.Info, Current = Severity.Info, Repair = null, Asked = "BitLocker is used on data disks only", Remedy = "leave the OS disk unencrypted" }
        : observation;

    // Names that a version of Windows does not know are passed over; removing the whole removes its parts.
    private static Repair Uninstall(UnsupportedFeature feature) => new(RepairStage.Software, string.Join('\n',
        "Import-Module ServerManager",
        $"Get-WindowsFeature -Name {string.Join(',', feature.Names.Select(ShellText.QuotePowerShell))} | Where-Object {{ $_.Installed }} | ForEach-Object {{ Remove-WindowsFeature -Name $_.Name | Out-Null }}"));

    private static Observation Encrypted(DiskUnderCheck disk, Volume volume) =>
        new(disk.Path, $"{volume.DisplayName} of the OS disk is encrypted with BitLocker")
        {
            Evidence = "-FVE-FS-",
            Asked = "BitLocker is not used on the OS disk",
            Remedy = "manage-bde -off C: and wait until manage-bde -status says that the volume is fully decrypted",
            Repair = new Repair(RepairStage.Configuration, string.Join('\n',
                "manage-bde.exe -off $env:SystemDrive | Out-Null",
                "while ((Get-BitLockerVolume -MountPoint $env:SystemDrive).VolumeStatus -ne 'FullyDecrypted') { Start-Sleep -Seconds 10 }")),
        };
}
