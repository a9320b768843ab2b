using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Windows;

namespace Marketplace.Requirements.Windows;

/// <summary>MKT3008: a machine made from the image takes remote desktop connections.</summary>
internal sealed class RemoteDesktopIsOn : WindowsRequirement
{
    private const uint Disabled = 4;
    private const string CurrentControlSet = @"SYSTEM\CurrentControlSet\";

    public override string Id => "MKT3008";

    public override string Title => "Remote desktop is on";

    public override Criterion Current { get; } = new(Severity.Error, "remote desktop connections are taken on port 3389, unless the plan says that remote desktop is not supported", "VM certification FAQ (2022): remote access issue; Prepare a Windows VHD for Azure");

    public override string Why => "Customers reach a Windows machine by remote desktop, and so do those who test the image";

    public override string Remedy => "Set-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server' fDenyTSConnections 0; when the plan says that remote desktop is not supported: <VmImageRequirement Update=\"MKT3008\" Severity=\"None\" Justification=\"…\" />";

    internal override CheckResult CheckSystem(string disk, WindowsSystem system)
    {
        RemoteDesktop remote = RemoteDesktop.Read(system);
        List<Observation> observations = [.. Denied(disk, remote), .. Listener(disk, remote), .. Service(disk, remote)];
        if (observations.All(observation => observation.Current == Severity.Info) && InboundFirewall.WhyClosed(system, RemoteDesktop.DefaultPort) is { } closed)
        {
            observations.Add(new Observation(disk, closed)
            {
                PathInDisk = WindowsSystem.SystemPath,
                Evidence = $@"{system.ControlSet}\{InboundFirewall.SettingsPath}\FirewallRules",
                Current = Severity.Warning,
                Asked = "the Windows firewall lets remote desktop connections in",
                Remedy = "netsh advfirewall firewall set rule group=\"remote desktop\" new enable=yes",
                Repair = RegistryObservation.Configure("netsh.exe advfirewall firewall set rule group='@FirewallAPI.dll,-28752' new enable=yes"),
            });
        }

        return CheckResult.From(observations);
    }

    private static IEnumerable<Observation> Denied(string disk, RemoteDesktop remote)
    {
        RegistryFact deciding = remote.Deciding;
        if (deciding.Number == 0)
        {
            yield break;
        }

        string found = ReferenceEquals(deciding, remote.Policy) ? "a policy turns remote desktop connections off (fDenyTSConnections)"
            : !deciding.Exists ? "fDenyTSConnections is not set, so remote desktop connections are refused"
            : deciding.Number is null ? "fDenyTSConnections is not a REG_DWORD, so remote desktop connections are refused"
            : "remote desktop connections are refused (fDenyTSConnections)";
        yield return RegistryObservation.About(disk, deciding, found) with
        {
            Repair = RegistryObservation.Configure(
                $"Remove-ItemProperty -LiteralPath 'HKLM:\\SOFTWARE\\{RemoteDesktop.PolicyPath}' -Name fDenyTSConnections -ErrorAction SilentlyContinue",
                RegistryObservation.SetNumber(CurrentControlSet + RemoteDesktop.SettingPath, "fDenyTSConnections", 0)),
        };
    }

    private static Observation Missing(string disk, RemoteDesktop remote, RegistryFact fact, string found) => remote.IsWholeRegistry
        ? RegistryObservation.About(disk, fact, found)
        : RegistryObservation.About(disk, fact, found + "; the registry lacks what every Windows has (the service RpcSs), so that tells nothing") with { Current = Severity.Info };

    private static IEnumerable<Observation> Listener(string disk, RemoteDesktop remote)
    {
        if (!remote.HasListener)
        {
            yield return Missing(disk, remote, remote.Port, "there is no RDP-Tcp listener for remote desktop connections") with
            {
                Remedy = "import the key WinStations\\RDP-Tcp from a machine with the same version of Windows",
            };
            yield break;
        }

        if (remote.ListenerIsOn.Number == 0)
        {
            yield return RegistryObservation.About(disk, remote.ListenerIsOn, "the RDP-Tcp listener is off (fEnableWinStation)") with
            {
                Remedy = "set fEnableWinStation of WinStations\\RDP-Tcp to 1",
                Repair = RegistryObservation.Configure(RegistryObservation.SetNumber(CurrentControlSet + RemoteDesktop.ListenerPath, "fEnableWinStation", 1)),
            };
        }

        if (remote.Port.Exists && remote.Port.Number != RemoteDesktop.DefaultPort)
        {
            yield return RegistryObservation.About(disk, remote.Port, remote.Port.Number is { } port ? $"remote desktop listens on port {port}" : "the port of remote desktop is not a REG_DWORD") with
            {
                Remedy = "set PortNumber of WinStations\\RDP-Tcp to 3389",
                Repair = RegistryObservation.Configure(RegistryObservation.SetNumber(CurrentControlSet + RemoteDesktop.ListenerPath, "PortNumber", RemoteDesktop.DefaultPort)),
            };
        }
    }

    private static IEnumerable<Observation> Service(string disk, RemoteDesktop remote)
    {
        if (remote.ServiceStart.Number is < Disabled)
        {
            yield break;
        }

        yield return remote.ServiceStart.Exists
            ? RegistryObservation.About(disk, remote.ServiceStart, "the service TermService (Remote Desktop Services) is disabled") with
            {
                Remedy = "Set-Service -Name TermService -StartupType Manual",
                Repair = RegistryObservation.Configure("Set-Service -Name TermService -StartupType Manual"),
            }
            : Missing(disk, remote, remote.ServiceStart, "there is no service TermService (Remote Desktop Services)") with
            {
                Remedy = "import the key Services\\TermService from a machine with the same version of Windows",
            };
    }
}
