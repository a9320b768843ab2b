using System.Text;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Windows;
using Marketplace.Requirements.Windows;

namespace Marketplace.Requirements.Tests.Support;

/// <summary>A Windows system in memory: files and the two hives, good but for what a test changes.</summary>
internal sealed class WindowsMachine
{
    /// <summary>The control set in use.</summary>
    public const string ControlSet = @"ControlSet001\";

    /// <summary>The drive C:.</summary>
    public MemoryTree Files { get; } = new(StringComparison.OrdinalIgnoreCase);

    /// <summary>HKEY_LOCAL_MACHINE\SOFTWARE.</summary>
    public HiveBuilder Software { get; } = new();

    /// <summary>HKEY_LOCAL_MACHINE\SYSTEM.</summary>
    public HiveBuilder System { get; } = new();

    /// <summary>Changes the files.</summary>
    public WindowsMachine WithFiles(Action<MemoryTree> change)
    {
        change(Files);
        return this;
    }

    /// <summary>Changes HKEY_LOCAL_MACHINE\SOFTWARE.</summary>
    public WindowsMachine WithSoftware(Action<HiveBuilder> change)
    {
        change(Software);
        return this;
    }

    /// <summary>Changes HKEY_LOCAL_MACHINE\SYSTEM.</summary>
    public WindowsMachine WithSystem(Action<HiveBuilder> change)
    {
        change(System);
        return this;
    }

    /// <summary>A file of UTF-16 text with a byte order mark, as Windows writes it.</summary>
    public WindowsMachine AddUnicode(string path, string text)
    {
        Files.Add(path, [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text.ReplaceLineEndings("\r\n"))]);
        return this;
    }

    /// <summary>The files with the hives among them; a hive a test has put there itself stays.</summary>
    public WindowsSystem ToSystem()
    {
        AddHive(WindowsSystem.SoftwarePath, Software);
        AddHive(WindowsSystem.SystemPath, System);
        return new WindowsSystem(Files);
    }

    /// <summary>Checks one requirement.</summary>
    public CheckResult Check<T>()
        where T : WindowsRequirement, new() => new T().CheckSystem("/images/os.vhd", ToSystem());

    /// <summary>The severities the observations have when both levels are asked for and count; empty for a pass.</summary>
    public string Severities<T>()
        where T : WindowsRequirement, new()
    {
        T requirement = new();
        RequirementsLevel[] levels = [RequirementsLevel.Guide201510, RequirementsLevel.Current];
        return string.Join(' ', Check<T>().Observations.Select(observation =>
            SeverityPolicy.Counting(requirement, levels).Max(level => SeverityPolicy.At(requirement, observation, level))));
    }

    private void AddHive(string path, HiveBuilder hive)
    {
        if (!Files.FileExists(path))
        {
            Files.Add(path, hive.ToBytes());
        }
    }
}
