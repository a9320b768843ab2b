using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Windows;

namespace Marketplace.Requirements.Windows;

/// <summary>MKT3007: the system was generalised with sysprep.</summary>
internal sealed class Generalized : WindowsRequirement
{
    // It ends without shutting down, so that the script that runs it can end too. It refuses while updates or features wait for a restart.
    private const string SysprepCommands = """
        $sysprep = Start-Process -FilePath "$env:SystemRoot\System32\Sysprep\sysprep.exe" -ArgumentList '/generalize', '/oobe', '/quit', '/quiet' -Wait -PassThru
        $state = (Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Setup\State').ImageState
        if ($state -ne 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE') {
            throw "sysprep did not generalise the machine (exit code $($sysprep.ExitCode), $state). Read $env:SystemRoot\System32\Sysprep\Panther\setuperr.log; when something waits for a restart, restart and run this script again"
        }
        Write-Warning 'Shut the machine down now, and do not start it again before its disk is taken.'
        """;

    public override string Id => "MKT3007";

    public override string Title => "Generalised with sysprep";

    public override string Section => "3.7";

    public override Criterion Guide { get; } = new(Severity.Error, "the image was prepared with sysprep /generalize /oobe /shutdown", "Guide, 3.7");

    public override Criterion Current { get; } = new(Severity.Error, "the image was prepared with sysprep /generalize /oobe /shutdown, and not started since", "Create a VM from an approved base (2021); Windows Setup states");

    public override string Why => "Machines made from an image that is not generalised share name, identifiers and accounts, and the platform waits in vain for them to be provisioned";

    public override string Remedy => "%windir%\\System32\\Sysprep\\sysprep.exe /generalize /oobe /shutdown, and do not start the machine again";

    internal override CheckResult CheckSystem(string disk, WindowsSystem system)
    {
        SysprepState state = system.Sysprep;
        Observation observation = new(disk, "")
        {
            PathInDisk = WindowsSystem.SoftwarePath,
            Evidence = state.RegistryState is null ? "" : $"{SysprepState.RegistryPath}={state.RegistryState}",
            Repair = new Repair(RepairStage.Generalisation, SysprepCommands),
        };
        if (state.RegistryState != SysprepState.Generalized)
        {
            return CheckResult.From(observation with { Found = Explain(state.RegistryState) });
        }

        if (state.FileState is not null && state.FileState != SysprepState.Generalized)
        {
            return CheckResult.From(observation with
            {
                Found = "the registry says that the system was generalised, State.ini says that it is in another state: one of them was changed by hand, or the machine was started since",
                PathInDisk = SysprepState.FilePath,
                Evidence = "ImageState=" + state.FileState,
            });
        }

        return CheckResult.From([.. FindDoubts(state).Select(doubt => observation with { Found = doubt.Found, PathInDisk = doubt.Path, Evidence = "", Guide = Severity.Warning, Current = Severity.Warning })]);
    }

    private static string Explain(string? state) => state switch
    {
        null or "" => "nothing says that the system was generalised: ImageState is missing",
        "IMAGE_STATE_COMPLETE" => "the system is not generalised: it is set up and in use",
        "IMAGE_STATE_UNDEPLOYABLE" => "the system is not generalised: its setup or sysprep did not end",
        "IMAGE_STATE_GENERALIZE_RESEAL_TO_AUDIT" => "the system was generalised to audit mode, so it does not start with the welcome: sysprep ran with /audit instead of /oobe",
        "IMAGE_STATE_SPECIALIZE_RESEAL_TO_OOBE" => "the system is not generalised: sysprep ran without /generalize",
        "IMAGE_STATE_SPECIALIZE_RESEAL_TO_AUDIT" => "the system is not generalised, and starts in audit mode: sysprep ran with /audit and without /generalize",
        _ => "the system is in a state of setup that is not known",
    };

    private static IEnumerable<(string Found, string Path)> FindDoubts(SysprepState state)
    {
        if (!state.HasTag)
        {
            yield return ("the registry says that the system was generalised, but sysprep did not leave the file that says it succeeded", SysprepState.TagPath);
        }

        if (state.Options.Count > 0 && !state.Options.Contains("GENERALIZE"))
        {
            yield return ("the registry says that the system was generalised, but the last run of sysprep had no option /generalize", SysprepState.LogPath);
        }
        else if (state.Options.Contains("AUDIT"))
        {
            yield return ("the registry says that the system starts with the welcome, but the last run of sysprep had the option /audit", SysprepState.LogPath);
        }
    }
}
