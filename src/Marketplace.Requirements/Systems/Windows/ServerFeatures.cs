namespace Marketplace.Requirements.Systems.Windows;

/// <summary>
/// Which roles and features of Windows Server are installed. Server Manager keeps their state in
/// <c>ServerComponentCache\NAME\InstallState</c> (1: installed); where a feature was added behind its back, by DISM, a service that
/// is only there with the feature tells. Management tools (RSAT) are features of their own and do not count.
/// </summary>
internal static class ServerFeatures
{
    private const string CachePath = @"Microsoft\ServerManager\ServicingStorage\ServerComponentCache";
    private const string VersionPath = @"Microsoft\Windows NT\CurrentVersion";
    private const uint Installed = 1;
    private const uint Disabled = 4;

    /// <summary>The value by which Server Manager knows that the feature is installed; null when it does not.</summary>
    public static RegistryFact? FindInstalled(WindowsSystem system, UnsupportedFeature feature) => feature.Names
        .Select(name => RegistryFact.InSoftware(system, CachePath + "\\" + name, "InstallState"))
        .FirstOrDefault(state => state.Number == Installed);

    /// <summary>The start type of the service by which the feature is known, unless it is disabled; null when there is none. Clients have some of the services without any feature.</summary>
    public static RegistryFact? FindService(WindowsSystem system, UnsupportedFeature feature) =>
        feature.Service.Length == 0 || IsClient(system) ? null
        : RegistryFact.InControl(system, @"Services\" + feature.Service, "Start") is { Number: < Disabled } start ? start
        : null;

    private static bool IsClient(WindowsSystem system) =>
        string.Equals(system.FindSoftware(VersionPath).Text("InstallationType"), "Client", StringComparison.OrdinalIgnoreCase);
}
