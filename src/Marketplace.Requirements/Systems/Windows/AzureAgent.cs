using System.Text.RegularExpressions;
using Marketplace.DiskImages.Executables;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>The Azure VM agent for Windows, which is two services.</summary>
/// <param name="Services">Their names with what the registry says of them; those that are not installed are missing.</param>
/// <param name="Version">Version of WindowsAzureGuestAgent; null when it cannot be seen.</param>
/// <param name="VersionSource">Where the version stands.</param>
internal sealed partial record AzureAgent(IReadOnlyList<AzureAgent.Service> Services, Version? Version, string VersionSource)
{
    /// <summary>The service that the agent installs first, and that keeps the other one alive.</summary>
    public const string RemoteAgent = "RdAgent";

    /// <summary>The service that does the work.</summary>
    public const string GuestAgent = "WindowsAzureGuestAgent";

    private const string Root = "/WindowsAzure";
    private const uint Disabled = 4;

    /// <summary>The service of that name; null when it is not installed.</summary>
    public Service? Find(string name) => Services.FirstOrDefault(service => service.Name == name);

    /// <summary>Reads the services, and the version from the program, the name of its directory, or the newest directory of the agent.</summary>
    public static AzureAgent Read(WindowsSystem system)
    {
        Service[] services = [.. new[] { RemoteAgent, GuestAgent }.Select(name => ReadService(system, name)).OfType<Service>()];
        (Version? version, string source) = services.FirstOrDefault(service => service.Name == GuestAgent) is { } agent ? ReadVersion(system, agent) : (null, "");
        return new AzureAgent(services, version, source);
    }

    private static Service? ReadService(WindowsSystem system, string name)
    {
        if (system.FindService(name) is not { } key)
        {
            return null;
        }

        string image = key.Text("ImagePath") ?? "";
        string? path = WindowsPath.ToTreePath(image);
        return new Service(name, key.Number("Start") != Disabled, image, path, path is not null && system.Tree.FileExists(path));
    }

    private static (Version?, string) ReadVersion(WindowsSystem system, Service agent)
    {
        if (agent.Program is { } path && agent.HasProgram && IsProgram(system, path) && PortableExecutable.Open(system.Tree, path)?.ReadFileVersion() is { } version)
        {
            return (version, path);
        }

        if (DirectoryVersion(agent.ImagePath) is { } named)
        {
            return (named, WindowsSystem.SystemPath);
        }

        // Each update of the agent gets a directory of its own, and the newest one runs.
        string? newest = system.Tree.List(Root).Where(name => DirectoryVersion(name) is not null).MaxBy(DirectoryVersion);
        return newest is null ? (null, "") : (DirectoryVersion(newest), Root + "/" + newest);
    }

    private static Version? DirectoryVersion(string text) =>
        DirectoryName().Match(text) is { Success: true } match && global::System.Version.TryParse(match.Groups[1].ValueSpan, out Version? version) ? version : null;

    // A file that only has the name tells no version; one whose headers are damaged is an error.
    private static bool IsProgram(WindowsSystem system, string path)
    {
        byte[] start = new byte[64];
        return system.Tree.Read(path, 0, start) == start.Length && start[0] == 'M' && start[1] == 'Z';
    }

    [GeneratedRegex(@"(?:^|\\)GuestAgent_(\d{1,9}\.\d{1,9}\.\d{1,9}\.\d{1,9})(?:[_\\]|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DirectoryName();

    /// <summary>A service of the agent.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="IsEnabled">Whether it can start.</param>
    /// <param name="ImagePath">Its command line.</param>
    /// <param name="Program">Its program as a path in the tree; null when it is not on the drive C:.</param>
    /// <param name="HasProgram">Whether the program is there.</param>
    internal sealed record Service(string Name, bool IsEnabled, string ImagePath, string? Program, bool HasProgram);
}
