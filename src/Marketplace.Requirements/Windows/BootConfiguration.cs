using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Windows.Boot;

namespace Marketplace.Requirements.Windows;

/// <summary>MKT3014: the boot configuration is the one for machines in Azure.</summary>
internal sealed class BootConfiguration : Requirement
{
    public override string Id => "MKT3014";

    public override string Title => "Boot configuration";

    public override Criterion Current { get; } = new(Severity.Info, "bcdedit: integrityservices enable, recoveryenabled Off, bootstatuspolicy IgnoreAllFailures, device a partition", "Prepare a Windows VHD for Azure");

    public override string Why => "Nobody sees the screen of a machine in Azure: recovery that waits for a key keeps it from starting";

    public override string Remedy => "bcdedit /set {bootmgr} integrityservices enable; bcdedit /set {default} integrityservices enable; bcdedit /set {default} recoveryenabled Off; bcdedit /set {default} bootstatuspolicy IgnoreAllFailures; bcdedit /set {default} device partition=C:";

    public override CheckResult Check(ImageContext context) => context.RequireFamily() != OSFamily.Windows
        ? CheckResult.NotApplicable("the image is not a Windows image")
        : CheckStores(context.RequireOSDisk().Path, BcdStore.FindAll(context.RequireOSLayout()));

    /// <summary>Checks the stores of a disk.</summary>
    /// <param name="disk">Path of the OS disk, for observations.</param>
    /// <param name="stores">The stores.</param>
    internal static CheckResult CheckStores(string disk, IReadOnlyList<BcdStore> stores) => stores.Count == 0
        ? throw new CannotCheckException("no volume that could be read has boot configuration data (\\Boot\\BCD or \\EFI\\Microsoft\\Boot\\BCD)")
        : CheckResult.From([.. stores.SelectMany(store => Find(disk, store))]);

    private static IEnumerable<Observation> Find(string disk, BcdStore store)
    {
        if (store.BootManager is not { } manager || store.Loader is not { } loader)
        {
            yield return new Observation(disk, store.BootManager is null ? "the boot configuration has no boot manager" : "the boot configuration has no default entry") { PathInDisk = store.Path };
            yield break;
        }

        foreach ((BcdObject found, string name) in ((BcdObject, string)[])[(manager, "bootmgr"), (loader, "default")])
        {
            if (found.Integer(BcdFormat.IntegrityServices) != BcdFormat.IntegrityServicesEnable)
            {
                yield return About($"integrityservices of {{{name}}} is not enable", found, BcdFormat.IntegrityServices, $"bcdedit.exe /set '{{{name}}}' integrityservices enable | Out-Null");
            }
        }

        // Both are on when nothing is said.
        if (loader.Boolean(BcdFormat.AutoRecoveryEnabled) != false)
        {
            yield return About("recoveryenabled of {default} is not Off", loader, BcdFormat.AutoRecoveryEnabled, "bcdedit.exe /set '{default}' recoveryenabled Off | Out-Null");
        }

        if (loader.Integer(BcdFormat.BootStatusPolicy) != BcdFormat.IgnoreAllFailures)
        {
            yield return About("bootstatuspolicy of {default} is not IgnoreAllFailures", loader, BcdFormat.BootStatusPolicy, "bcdedit.exe /set '{default}' bootstatuspolicy IgnoreAllFailures | Out-Null");
        }

        if (loader.DeviceKind(BcdFormat.ApplicationDevice) is not { } kind || !BcdFormat.PartitionKinds.Contains(kind))
        {
            yield return About("the device of {default} is not a partition", loader, BcdFormat.ApplicationDevice, "bcdedit.exe /set '{default}' device partition=$env:SystemDrive | Out-Null");
        }

        Observation About(string text, BcdObject found, string element, string command) => new(disk, text)
        {
            PathInDisk = store.Path,
            Evidence = $@"{BcdFormat.ObjectsKey}\{found.Id}\{BcdFormat.ElementsKey}\{element}",
            Repair = RegistryObservation.Configure(command),
        };
    }
}
