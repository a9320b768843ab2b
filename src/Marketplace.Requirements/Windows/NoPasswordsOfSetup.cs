using System.Runtime.ExceptionServices;
using Marketplace.DiskImages;
using Marketplace.DiskImages.Registry;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Reports;
using Marketplace.Requirements.Systems.Windows;
using Marketplace.Requirements.Systems.Windows.Setup;

namespace Marketplace.Requirements.Windows;

/// <summary>MKT3017: no password is left in an answer file or in the settings of automatic logon.</summary>
internal sealed class NoPasswordsOfSetup : WindowsRequirement
{
    private const string WinlogonPath = @"Microsoft\Windows NT\CurrentVersion\Winlogon";
    private static readonly string[] PasswordNames = ["DefaultPassword", "AltDefaultPassword"];

    public override string Id => "MKT3017";

    public override string Title => "No passwords in answer files";

    public override Criterion Current { get; } = new(Severity.Warning, "no answer file with a password and no password for automatic logon is left in the image", "Create a generalized image: remove the Panther folder and answer files; certification policy 200.4: no test users and artifacts left");

    public override string Why => "Everyone who makes a machine from the image can read the password, and Setup uses a leftover answer file again";

    public override string Remedy => "delete the answer file, and remove DefaultPassword from HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon and set AutoAdminLogon to 0";

    internal override CheckResult CheckSystem(string disk, WindowsSystem system)
    {
        // A password in one place is a fault whether or not the others can be read.
        List<Observation> observations = [];
        Exception? blocked = null;
        Collect(() => AutomaticLogon(disk, system));
        IReadOnlyList<string> paths = [];
        Collect(() =>
        {
            paths = AnswerFileSearch.Paths(system);
            return [];
        });
        foreach (string path in paths)
        {
            Collect(() => AnswerFile.Read(system.Tree, path) is { } file ? InFile(disk, file) : []);
        }

        // A note is no fault: it does not stand for what could not be read.
        if (blocked is not null && !observations.Any(observation => observation.Current is null))
        {
            ExceptionDispatchInfo.Throw(blocked);
        }

        return CheckResult.From(observations);

        void Collect(Func<IEnumerable<Observation>> find)
        {
            try
            {
                observations.AddRange(find());
            }
            catch (Exception exception) when (exception is CannotCheckException or DiskFormatException)
            {
                blocked ??= exception;
            }
        }
    }

    private static IEnumerable<Observation> InFile(string disk, AnswerFile file)
    {
        Repair repair = new(RepairStage.Cleanup, $"Remove-Path {ShellText.QuotePowerShell("C:" + file.Path.Replace('/', '\\'))}");
        foreach (AnswerFilePassword password in file.Passwords)
        {
            yield return new Observation(disk, $"the answer file holds a password ({password.Element})")
            {
                PathInDisk = file.Path,
                Line = password.Line,
                Remedy = "delete the answer file",
                Repair = repair,
            };
        }

        if (file.Passwords.Count == 0 && !AnswerFileSearch.IsKeptCopy(file.Path))
        {
            yield return new Observation(disk, "an answer file without passwords is left, which Setup may use again")
            {
                PathInDisk = file.Path,
                Current = Severity.Info,
                Remedy = "delete the answer file unless it is meant for the machines of customers",
            };
        }
    }

    private static IEnumerable<Observation> AutomaticLogon(string disk, WindowsSystem system)
    {
        RegistryKey? winlogon = system.FindSoftware(WinlogonPath);
        Repair repair = new(RepairStage.Accounts, string.Join('\n',
            $"Set-ItemProperty -LiteralPath 'HKLM:\\SOFTWARE\\{WinlogonPath}' -Name AutoAdminLogon -Value '0'",
            $"Remove-ItemProperty -LiteralPath 'HKLM:\\SOFTWARE\\{WinlogonPath}' -Name {string.Join(',', PasswordNames)} -ErrorAction SilentlyContinue"));
        string[] kept = [.. PasswordNames.Where(name => winlogon.Text(name) is { Length: > 0 })];
        foreach (string name in kept)
        {
            yield return new Observation(disk, $"the password of automatic logon is left in the registry ({name})")
            {
                PathInDisk = WindowsSystem.SoftwarePath,
                Evidence = $"{WinlogonPath}: {name}",
                Repair = repair,
            };
        }

        if (kept.Length == 0 && (winlogon.Text("AutoAdminLogon")?.Trim() == "1" || winlogon.Number("AutoAdminLogon") == 1))
        {
            yield return RegistryObservation.About(disk, RegistryFact.InSoftware(system, WinlogonPath, "AutoAdminLogon"), "automatic logon is on, without a password in the registry") with
            {
                Current = Severity.Info,
                Remedy = "set AutoAdminLogon to 0",
                Repair = repair,
            };
        }
    }
}
