using Marketplace.DiskImages.Registry;
using Marketplace.Requirements.Engine;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>The proxies that every machine made from the image would have: that of services (WinHTTP), that of all users, and that of new users.</summary>
internal static class ProxySettings
{
    /// <summary>The settings of the web of a user or a machine.</summary>
    public const string InternetPath = @"Microsoft\Windows\CurrentVersion\Internet Settings";

    /// <summary>The hive that new users get a copy of.</summary>
    public const string DefaultUserPath = "/Users/Default/NTUSER.DAT";

    private const string PolicyPath = @"Policies\Microsoft\Windows\CurrentVersion\Internet Settings";
    private const string WinHttpName = "WinHttpSettings";

    /// <summary>The proxy of WinHTTP; null when there is none.</summary>
    /// <exception cref="CannotCheckException">The setting is not understood.</exception>
    public static RegistryFact? FindWinHttp(WindowsSystem system)
    {
        string path = InternetPath + @"\Connections";
        if (system.FindSoftware(path)?.FindValue(WinHttpName) is not { Type: RegistryValueType.Binary } value)
        {
            return null;
        }

        WinHttpProxy proxy = WinHttpProxy.Parse(value.ReadBytes()) ?? throw new CannotCheckException($"the proxy settings of WinHTTP are not understood (SOFTWARE, {path}, {WinHttpName})");
        string server = proxy.Server.Length > 0 ? proxy.Server : proxy.ScriptUrl;
        return server.Length == 0 ? null : new RegistryFact(WindowsSystem.SoftwarePath, path, WinHttpName, RegistryValueType.Binary, null, WithoutUser(server));
    }

    /// <summary>The proxy of all users, which counts when a policy takes the setting away from them; null when there is none.</summary>
    public static RegistryFact? FindOfAllUsers(WindowsSystem system) =>
        system.FindSoftware(PolicyPath).Number("ProxySettingsPerUser") == 0 ? Find(WindowsSystem.SoftwarePath, system.FindSoftware(InternetPath)) : null;

    /// <summary>The proxy of new users; null when there is none.</summary>
    public static RegistryFact? FindOfNewUsers(WindowsSystem system) =>
        RegistryHive.Open(system.Tree, DefaultUserPath) is { } hive ? Find(DefaultUserPath, hive.FindKey(@"Software\" + InternetPath)) : null;

    private static RegistryFact? Find(string hive, RegistryKey? key) =>
        key.Number("ProxyEnable") is > 0 && key.Text("ProxyServer") is { Length: > 0 } server ? new RegistryFact(hive, key!.Path, "ProxyServer", RegistryValueType.String, null, WithoutUser(server))
        : key.Text("AutoConfigURL") is { Length: > 0 } url ? new RegistryFact(hive, key!.Path, "AutoConfigURL", RegistryValueType.String, null, WithoutUser(url))
        : null;

    // A proxy may be given with user and password.
    private static string WithoutUser(string server) => server[(server.LastIndexOf('@') + 1)..];
}
