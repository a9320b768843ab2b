using System.Runtime.ExceptionServices;
using Marketplace.DiskImages;
using Marketplace.DiskImages.Registry;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Reports;
using Marketplace.Requirements.Systems.Windows;

namespace Marketplace.Requirements.Windows;

/// <summary>MKT3011: the network is configured by DHCP, without fixed addresses, name servers, routes and proxies.</summary>
internal sealed class NetworkByDhcp : WindowsRequirement
{
    private const string TcpipPath = @"Services\Tcpip\Parameters";
    private const string NetBTPath = @"Services\NetBT\Parameters\Interfaces";
    private const string CurrentControlSet = @"HKLM:\SYSTEM\CurrentControlSet\";

    public override string Id => "MKT3011";

    public override string Title => "Network by DHCP";

    public override string Section => "3.3";

    public override Criterion Guide { get; } = new(Severity.Warning, "every network interface gets its addresses by DHCP", "Guide, 3.3: the machine runs in Azure, where addresses come by DHCP");

    public override Criterion Current { get; } = new(Severity.Warning, "every network interface gets its addresses and name servers by DHCP, and there is no persistent route and no proxy", "Prepare a Windows VHD for Azure");

    public override string Why => "Azure gives each machine its addresses by DHCP; what is fixed in the image belongs to the network it was made in";

    public override string Remedy => "Set-NetIPInterface -Dhcp Enabled, Set-DnsClientServerAddress -ResetServerAddresses, route delete, netsh winhttp reset proxy";

    internal override CheckResult CheckSystem(string disk, WindowsSystem system)
    {
        // Proxies are read from other hives: what was found in one is told whether or not the others can be read.
        List<Observation> observations = [];
        Exception? blocked = null;
        Collect(() => NetworkInterface.ReadAll(system).SelectMany(found => Interface(disk, found)));
        Collect(() => NameServers(disk, system));
        Collect(() => Routes(disk, system));
        Collect(() => WinsServers(disk, system));
        Collect(() => Proxy(disk, ProxySettings.FindWinHttp(system), "services reach the web through a proxy (WinHTTP)", "netsh winhttp reset proxy", "netsh.exe winhttp reset proxy | Out-Null"));
        Collect(() => Proxy(disk, ProxySettings.FindOfAllUsers(system), "a proxy is set for all users", "set ProxyEnable to 0 and remove ProxyServer and AutoConfigURL", ResetProxy("HKLM:\\SOFTWARE\\")));
        Collect(() => Proxy(disk, ProxySettings.FindOfNewUsers(system), "new users get a proxy from the default profile", "load the hive C:\\Users\\Default\\NTUSER.DAT, set ProxyEnable to 0, remove ProxyServer and AutoConfigURL", ResetDefaultUser()));
        if (observations.Count == 0 && blocked is not null)
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
                blocked = exception;
            }
        }
    }

    private static IEnumerable<Observation> Interface(string disk, NetworkInterface found)
    {
        // What is left of an adapter that is gone, and what software has for itself, does not reach the adapter Azure gives.
        bool counts = found.Adapter is NetworkAdapterKind.Device or NetworkAdapterKind.Unknown;
        string name = found.Adapter switch
        {
            NetworkAdapterKind.Removed => "a network interface whose adapter was removed",
            NetworkAdapterKind.Software => "a network interface of software",
            _ => "a network interface",
        };
        if (found.Addresses.Count > 0)
        {
            yield return About($"{name} has a fixed address", "IPAddress = " + string.Join(", ", found.Addresses));
        }
        else if (found.UsesDhcp == false && counts)
        {
            yield return About($"{name} does not use DHCP and has no address", "EnableDHCP = 0");
        }

        if (found.NameServers.Length > 0)
        {
            yield return About($"{name} has fixed name servers", "NameServer = " + found.NameServers) with { Guide = counts ? Severity.None : Severity.Info };
        }

        Observation About(string text, string value) => new(disk, text)
        {
            PathInDisk = WindowsSystem.SystemPath,
            Evidence = $"{found.Key}: {value}",
            Guide = counts ? null : Severity.Info,
            Current = counts ? null : Severity.Info,
            Repair = ResetInterface(found.Id),
        };
    }

    private static IEnumerable<Observation> NameServers(string disk, WindowsSystem system)
    {
        RegistryFact fact = RegistryFact.InControl(system, TcpipPath, "NameServer");
        if (fact.Text.Trim(' ', ',').Length > 0)
        {
            yield return RegistryObservation.About(disk, fact, "the machine has fixed name servers") with
            {
                Guide = Severity.None,
                Repair = RegistryObservation.Configure($"Set-ItemProperty -LiteralPath '{CurrentControlSet}{TcpipPath}' -Name NameServer -Value ''"),
            };
        }
    }

    // The values are named DESTINATION,MASK,GATEWAY,METRIC; their data are empty.
    private static IEnumerable<Observation> Routes(string disk, WindowsSystem system)
    {
        string path = TcpipPath + @"\PersistentRoutes";
        foreach (RegistryValue route in system.FindControl(path)?.EnumerateValues().Where(value => value.Name.Length > 0) ?? [])
        {
            yield return new Observation(disk, "there is a persistent route")
            {
                PathInDisk = WindowsSystem.SystemPath,
                Evidence = $@"{system.ControlSet}\{path}: {route.Name}",
                Guide = Severity.None,
                Repair = RegistryObservation.Configure($"Remove-ItemProperty -LiteralPath '{CurrentControlSet}{path}' -Name {ShellText.QuotePowerShell(WildcardEscape(route.Name))} -ErrorAction SilentlyContinue"),
            };
        }
    }

    private static IEnumerable<Observation> WinsServers(string disk, WindowsSystem system)
    {
        NetworkAdapters adapters = NetworkAdapters.Read(system);
        foreach (RegistryKey key in system.FindControl(NetBTPath)?.EnumerateSubkeys() ?? [])
        {
            bool isGone = adapters.KindOf(key.Name[(key.Name.IndexOf('{', StringComparison.Ordinal) is > 0 and var brace ? brace : 0)..]) is NetworkAdapterKind.Removed;
            string[] servers = [.. (key.Texts("NameServerList") ?? []).Where(server => server.Trim().Length > 0)];
            if (servers.Length > 0)
            {
                yield return new Observation(disk, "a network interface has fixed WINS servers")
                {
                    PathInDisk = WindowsSystem.SystemPath,
                    Evidence = $"{key.Path}: NameServerList = {string.Join(", ", servers)}",
                    Guide = Severity.None,
                    Current = isGone ? Severity.Info : null,
                    Repair = RegistryObservation.Configure($"Set-ItemProperty -LiteralPath {ShellText.QuotePowerShell($@"{CurrentControlSet}{NetBTPath}\{key.Name}")} -Name NameServerList -Value @() -Type MultiString"),
                };
            }
        }
    }

    private static IEnumerable<Observation> Proxy(string disk, RegistryFact? fact, string found, string remedy, string command)
    {
        if (fact is not null)
        {
            yield return RegistryObservation.About(disk, fact, found) with { Guide = Severity.None, Remedy = remedy, Repair = RegistryObservation.Configure(command) };
        }
    }

    private static Repair ResetInterface(string id)
    {
        string key = ShellText.QuotePowerShell($@"{CurrentControlSet}{NetworkInterface.InterfacesPath}\{id}");
        return RegistryObservation.Configure(
            $"Set-ItemProperty -LiteralPath {key} -Name EnableDHCP -Value 1 -Type DWord",
            $"Set-ItemProperty -LiteralPath {key} -Name NameServer -Value ''",
            $"Remove-ItemProperty -LiteralPath {key} -Name IPAddress,SubnetMask,DefaultGateway,DefaultGatewayMetric -ErrorAction SilentlyContinue");
    }

    private static string ResetProxy(string root)
    {
        string key = ShellText.QuotePowerShell(root + ProxySettings.InternetPath);
        return $"Set-ItemProperty -LiteralPath {key} -Name ProxyEnable -Value 0 -Type DWord\nRemove-ItemProperty -LiteralPath {key} -Name ProxyServer,AutoConfigURL -ErrorAction SilentlyContinue";
    }

    private static string ResetDefaultUser() => string.Join('\n',
        @"reg.exe load 'HKLM\MarketplaceDefaultUser' ""$env:SystemDrive\Users\Default\NTUSER.DAT"" | Out-Null",
        ResetProxy("HKLM:\\MarketplaceDefaultUser\\Software\\"),
        "[gc]::Collect()",
        @"reg.exe unload 'HKLM\MarketplaceDefaultUser' | Out-Null");

    // -Name takes wildcards; the backtick takes their meaning away (about_Wildcards).
    private static string WildcardEscape(string name) => string.Concat(name.Select(c => c is '`' or '*' or '?' or '[' or ']' ? "`" + c : c.ToString()));
}
