using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Windows;

namespace Marketplace.Requirements.Windows;

/// <summary>MKT3004: updates are installed, and none waits for a restart.</summary>
internal sealed class WindowsUpdates : WindowsRequirement
{
    // A release without any cumulative update has revision 0 or 1.
    private const uint ReleaseRevision = 1;

    private const string UpdateCommands = """
        $session = New-Object -ComObject Microsoft.Update.Session
        $found = $session.CreateUpdateSearcher().Search("IsInstalled=0 and IsHidden=0 and Type='Software'").Updates
        if ($found.Count -gt 0) {
            foreach ($update in $found) { $update.AcceptEula() }
            $downloader = $session.CreateUpdateDownloader(); $downloader.Updates = $found; [void]$downloader.Download()
            $installer = $session.CreateUpdateInstaller(); $installer.Updates = $found; $result = $installer.Install()
            if ($result.ResultCode -ne 2) { throw "not every update was installed (result $($result.ResultCode)): run Windows Update" }
            if ($result.RebootRequired) { Write-Warning 'Restart the machine, then run this script again: sysprep refuses to run before.' }
        }
        """;

    public override string Id => "MKT3004";

    public override string Title => "Updates of Windows are installed";

    public override string Section => "3.5";

    public override Criterion Guide { get; } = new(Severity.Error, "Windows Update was run, and the latest critical and important updates are installed", "Guide, 3.5");

    public override Criterion Current { get; } = new(Severity.Error, "updates are installed, at least those of MS17-010 (WannaCry): srv.sys or srv2.sys 6.1.7601.23689, 6.2.9200.22099, 6.3.9600.18604, 10.0.14393.953", "VM certification FAQ (2022): WannaCry patch verification");

    public override string Why => "An image without the updates is open to known attacks from the moment it starts. An update that waits for a restart is not installed, and sysprep refuses to run";

    public override string Remedy => "run Windows Update and restart until it finds nothing, then run sysprep again";

    internal override CheckResult CheckSystem(string disk, WindowsSystem system)
    {
        List<Observation> observations = [];
        WindowsVersion version = system.Version;
        if (SmbDriver.FloorOf(version.Build) is { } floor)
        {
            observations.AddRange(WannaCry(disk, version, floor, SmbDriver.Read(system)));
        }

        AddWaiting(observations, disk, system.Updates);
        if (observations.All(observation => observation.Current == Severity.Info) && HasNoUpdates(version, system.Updates))
        {
            observations.Add(Light(new Observation(disk, $"no cumulative update is installed on {version.Text}")
            {
                PathInDisk = WindowsSystem.SoftwarePath,
                Repair = new Repair(RepairStage.Software, UpdateCommands),
            }, Severity.Warning));
        }

        observations.Add(Light(new Observation(disk, $"the build is {version.BuildText}; whether it is the latest cannot be seen on the disk") { PathInDisk = WindowsSystem.SoftwarePath }, Severity.Info));
        return CheckResult.From(observations);
    }

    private static IEnumerable<Observation> WannaCry(string disk, WindowsVersion version, Version floor, SmbDriver? driver)
    {
        // Of 2016 the revision tells it too: updates are cumulative, and MS17-010 came with 14393.953.
        string? old = driver?.Version is { } found
            ? found < floor ? $"the driver of the SMB server has version {found}, older than {floor}" : null
            : version is { Build: WindowsBuilds.Server2016, Revision: { } revision } && revision < floor.Revision ? $"the build is {version.BuildText}, older than {floor.Build}.{floor.Revision}" : null;
        if (old is not null)
        {
            yield return new Observation(disk, "the update MS17-010 against WannaCry is missing: " + old)
            {
                PathInDisk = driver?.Version is null ? WindowsSystem.SoftwarePath : driver.Path,
                Repair = new Repair(RepairStage.Software, UpdateCommands),
            };
        }
        else if (driver?.Version is null && version is not { Build: WindowsBuilds.Server2016, Revision: not null })
        {
            yield return driver is null
                ? Light(new Observation(disk, "there is no driver of the SMB server (srv.sys, srv2.sys), in which the hole of WannaCry would be; whether MS17-010 is installed cannot be seen otherwise"), Severity.Info)
                : throw new CannotCheckException($"{driver.Path.Replace('/', '\\')} has no version, so whether MS17-010 is installed could not be seen");
        }
    }

    private static void AddWaiting(List<Observation> observations, string disk, UpdateFacts updates)
    {
        string found = updates.Waiting.Count > 0 ? "updates wait for a restart: " + string.Join(", ", updates.Waiting)
            : updates.WaitingPackages.Count > 0 ? $"the installation or removal of {updates.WaitingPackages.Count} updates is not finished"
            : "";
        if (found.Length > 0)
        {
            observations.Add(Light(new Observation(disk, found)
            {
                PathInDisk = WindowsSystem.SoftwarePath,
                Evidence = updates.WaitingPackages.Count > 0 ? updates.WaitingPackages[0] : "",
                Remedy = "restart the machine until nothing waits, then run sysprep again",
            }, Severity.Warning));
        }

        if (updates.HasPendingRenames)
        {
            observations.Add(Light(new Observation(disk, "files are renamed or deleted at the next start; programs ask for that, not updates alone")
            {
                PathInDisk = WindowsSystem.SystemPath,
                Evidence = @"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\PendingFileRenameOperations",
            }, Severity.Info));
        }
    }

    private static bool HasNoUpdates(WindowsVersion version, UpdateFacts updates) =>
        (version.Build >= WindowsBuilds.Server2016 && version.Revision <= ReleaseRevision) || updates is { HasPackages: true, InstalledUpdates: 0 };

    private static Observation Light(Observation observation, Severity severity) => observation with { Guide = severity, Current = severity };
}
