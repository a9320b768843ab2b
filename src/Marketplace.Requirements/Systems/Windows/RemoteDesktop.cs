namespace Marketplace.Requirements.Systems.Windows;

/// <summary>
/// What decides whether Windows takes remote desktop connections: the Remote Desktop Services read the policy first, then the
/// setting of the machine, and listen as the key of the listener <c>RDP-Tcp</c> says
/// (Microsoft, "Troubleshoot Remote Desktop connections": check the status of the RDP protocol, check the listener port).
/// </summary>
/// <param name="Policy">The policy <c>fDenyTSConnections</c>, which counts before the setting.</param>
/// <param name="Setting">The setting <c>fDenyTSConnections</c> of the machine.</param>
/// <param name="HasListener">Whether there is the listener <c>RDP-Tcp</c>.</param>
/// <param name="ListenerIsOn"><c>fEnableWinStation</c> of the listener.</param>
/// <param name="Port"><c>PortNumber</c> of the listener.</param>
/// <param name="ServiceStart"><c>Start</c> of the service TermService.</param>
/// <param name="IsWholeRegistry">Whether the registry has RpcSs, without which no Windows runs and which TermService depends on: only then does it tell something that a key is missing.</param>
internal sealed record RemoteDesktop(RegistryFact Policy, RegistryFact Setting, bool HasListener, RegistryFact ListenerIsOn, RegistryFact Port, RegistryFact ServiceStart, bool IsWholeRegistry)
{
    /// <summary>The port that is opened for machines in Azure.</summary>
    public const uint DefaultPort = 3389;

    /// <summary>The key of the listener below CurrentControlSet.</summary>
    public const string ListenerPath = @"Control\Terminal Server\WinStations\RDP-Tcp";

    /// <summary>The key of the setting below CurrentControlSet.</summary>
    public const string SettingPath = @"Control\Terminal Server";

    /// <summary>The key of the policy in SOFTWARE.</summary>
    public const string PolicyPath = @"Policies\Microsoft\Windows NT\Terminal Services";

    private const string DenyName = "fDenyTSConnections";

    /// <summary>The value that decides whether connections are taken: the policy where it is a number, else the setting.</summary>
    public RegistryFact Deciding => Policy.Number is not null ? Policy : Setting;

    /// <summary>Reads the values.</summary>
    public static RemoteDesktop Read(WindowsSystem system) => new(
        RegistryFact.InSoftware(system, PolicyPath, DenyName),
        RegistryFact.InControl(system, SettingPath, DenyName),
        system.FindControl(ListenerPath) is not null,
        RegistryFact.InControl(system, ListenerPath, "fEnableWinStation"),
        RegistryFact.InControl(system, ListenerPath, "PortNumber"),
        RegistryFact.InControl(system, @"Services\TermService", "Start"),
        system.FindService("RpcSs") is not null);
}
