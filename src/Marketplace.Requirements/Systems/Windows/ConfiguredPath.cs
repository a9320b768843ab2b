using Marketplace.DiskImages;
using Marketplace.DiskImages.Registry;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>A place in the configuration that names files.</summary>
/// <param name="Where">The place, as people write it.</param>
/// <param name="PathInDisk">The file it stands in.</param>
/// <param name="Text">The words there.</param>
internal sealed record ConfiguredPath(string Where, string PathInDisk, string Text)
{
    private const uint Disabled = 4;
    private const int MaxServices = 1 << 14; // Windows has some 700 with its drivers

    private static readonly string[] RunKeys =
    [
        @"Microsoft\Windows\CurrentVersion\Run",
        @"Microsoft\Windows\CurrentVersion\RunOnce",
        @"WOW6432Node\Microsoft\Windows\CurrentVersion\Run",
        @"WOW6432Node\Microsoft\Windows\CurrentVersion\RunOnce",
    ];

    /// <summary>
    /// What starts by itself or is used by the system: tasks, services, drivers, Run keys, page files, shared folders and the environment.
    /// MountedDevices is left out: it remembers drives, nothing uses them by it.
    /// </summary>
    public static IEnumerable<ConfiguredPath> ReadAll(WindowsSystem system) =>
    [
        .. system.Tasks.Where(task => task.IsEnabled).SelectMany(task => task.Actions.Select(action => new ConfiguredPath($"the task {task.Path[ScheduledTask.Directory.Length..].Replace('/', '\\')}", task.Path, action))),
        .. ReadServices(system),
        .. RunKeys.SelectMany(path => ReadValues(system.FindSoftware(path), @"HKLM\SOFTWARE\" + path, WindowsSystem.SoftwarePath)),
        .. ReadPageFiles(system),
        .. ReadValues(system.FindControl(@"Services\LanmanServer\Shares"), "the shared folders", WindowsSystem.SystemPath),
        .. ReadValues(system.FindControl(@"Control\Session Manager\Environment"), "the system environment", WindowsSystem.SystemPath),
    ];

    private static IEnumerable<ConfiguredPath> ReadPageFiles(WindowsSystem system) =>
        (system.FindControl(@"Control\Session Manager\Memory Management").Texts("PagingFiles") ?? []).Select(text => new ConfiguredPath("PagingFiles", WindowsSystem.SystemPath, text));

    private static IEnumerable<ConfiguredPath> ReadServices(WindowsSystem system)
    {
        int count = 0;
        foreach (RegistryKey service in system.FindControl("Services")?.EnumerateSubkeys() ?? [])
        {
            if (++count > MaxServices)
            {
                throw new DiskFormatException(DiskFormatErrorKind.Unsupported, WindowsSystem.SystemPath, -1, $"there are more than {MaxServices} services");
            }

            if (service.Number("Start") == Disabled)
            {
                continue;
            }

            string where = $"the service {Engine.Evidence.Quote(service.Name)}";
            string?[] texts = [service.Text("ImagePath"), service.FindSubkey("Parameters").Text("ServiceDll")];
            foreach (string text in texts.OfType<string>())
            {
                yield return new ConfiguredPath(where, WindowsSystem.SystemPath, text);
            }
        }
    }

    private static IEnumerable<ConfiguredPath> ReadValues(RegistryKey? key, string where, string path)
    {
        foreach (RegistryValue value in key?.EnumerateValues() ?? [])
        {
            foreach (string text in value.ReadStrings() ?? (value.ReadString() is { } single ? [single] : []))
            {
                yield return new ConfiguredPath($"{where}, value {Engine.Evidence.Quote(value.Name)}", path, text);
            }
        }
    }
}
