using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Reports;
using Marketplace.Requirements.Systems.Windows;

namespace Marketplace.Requirements.Windows;

/// <summary>Observations about values of the registry, and the commands that mend them.</summary>
internal static class RegistryObservation
{
    /// <summary>An observation that quotes a value, or says where it is missing.</summary>
    public static Observation About(string disk, RegistryFact fact, string found) => new(disk, found) { PathInDisk = fact.Hive, Evidence = fact.Evidence };

    /// <summary>Sets a REG_DWORD; makes the key when there is none and leaves its other values alone.</summary>
    /// <param name="key">The key below HKEY_LOCAL_MACHINE, no word of it from a disk.</param>
    /// <param name="name">The name of the value.</param>
    /// <param name="number">The number.</param>
    public static string SetNumber(string key, string name, uint number) =>
        $"reg.exe add {ShellText.QuotePowerShell(@"HKLM\" + key)} /v {ShellText.QuotePowerShell(name)} /t REG_DWORD /d {number} /f | Out-Null";

    /// <summary>Commands for the stage in which configuration is edited.</summary>
    public static Repair Configure(params string[] commands) => new(RepairStage.Configuration, string.Join('\n', commands));
}
