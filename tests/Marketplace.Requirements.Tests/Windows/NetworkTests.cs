using System.Text;
using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Systems.Windows;
using Marketplace.Requirements.Tests.Support;
using Marketplace.Requirements.Windows;

namespace Marketplace.Requirements.Tests.Windows;

/// <summary>MKT3011.</summary>
[TestClass]
public sealed class NetworkTests
{
    private const string Tcpip = WindowsMachine.ControlSet + @"Services\Tcpip\Parameters";
    private const string Id = "{2f2c6b5d-8f27-4d0f-9c0b-3a4f6f0b7a11}";
    private const string Adapter = WindowsMachine.ControlSet + @"Control\Class\{4d36e972-e325-11ce-bfc1-08002be10318}\000";
    private const string Internet = @"Microsoft\Windows\CurrentVersion\Internet Settings";
    private static readonly byte[] Direct = [0x18, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    [TestMethod]
    public void A_machine_with_DHCP_passes() => Assert.AreEqual("", WindowsTrees.Server2022().Severities<NetworkByDhcp>());

    [TestMethod]
    public void What_DHCP_gave_and_empty_lists_do_not_count() => Assert.AreEqual("", WindowsTrees.Server2022()
        .WithSystem(hive => hive
            .Set(WindowsTrees.Interface, "DhcpIPAddress", "10.0.0.4").Set(WindowsTrees.Interface, "DhcpNameServer", "168.63.129.16")
            .SetMulti(WindowsTrees.Interface, "IPAddress", "").SetMulti(WindowsTrees.Interface, "SubnetMask", "")
            .Set(Tcpip, "DhcpNameServer", "168.63.129.16").Set(Tcpip, "NameServer", "")
            .SetMulti(Tcpip + @"\Interfaces\{00000000-0000-0000-0000-000000000001}", "IPAddress", "0.0.0.0")
            .SetMulti(WindowsMachine.ControlSet + @"Services\NetBT\Parameters\Interfaces\Tcpip_" + Id, "NameServerList", "")
            .SetMulti(@"ControlSet002\Services\Tcpip\Parameters\Interfaces\" + Id, "IPAddress", "10.1.2.3"))
        .WithSoftware(hive => hive.Set(Internet + @"\Connections", "WinHttpSettings", Direct))
        .Severities<NetworkByDhcp>());

    [TestMethod]
    public void A_fixed_address_warns_and_is_mended()
    {
        Observation found = WindowsTrees.Server2022().WithSystem(hive => hive.Set(WindowsTrees.Interface, "EnableDHCP", 0u).SetMulti(WindowsTrees.Interface, "IPAddress", "10.1.2.3")).Check<NetworkByDhcp>().Observations.Single();

        Assert.Contains("IPAddress = 10.1.2.3", found.Evidence);
        Assert.IsNull(found.Guide);
        Assert.Contains(@"Interfaces\{2f2c6b5d-8f27-4d0f-9c0b-3a4f6f0b7a11}' -Name EnableDHCP -Value 1", found.Repair!.Commands);
    }

    [TestMethod]
    public void DHCP_off_warns() => Assert.AreEqual("Warning", WindowsTrees.Server2022().WithSystem(hive => hive.Set(WindowsTrees.Interface, "EnableDHCP", 0u)).Severities<NetworkByDhcp>());

    [TestMethod]
    public void Fixed_name_servers_warn()
    {
        Assert.AreEqual("Warning", WindowsTrees.Server2022().WithSystem(hive => hive.Set(WindowsTrees.Interface, "NameServer", "10.0.0.10,10.0.0.11")).Severities<NetworkByDhcp>());
        Assert.AreEqual("Warning", WindowsTrees.Server2022().WithSystem(hive => hive.Set(Tcpip, "NameServer", "10.0.0.10")).Severities<NetworkByDhcp>());
        Assert.AreEqual("Warning", WindowsTrees.Server2022().WithSystem(hive => hive.SetMulti(WindowsMachine.ControlSet + @"Services\NetBT\Parameters\Interfaces\Tcpip_" + Id, "NameServerList", "10.0.0.12")).Severities<NetworkByDhcp>());
    }

    [TestMethod]
    [DataRow(Id, @"VMBUS\{f8615163-df3e-46c5-913f-f2d2f965ed0e}", "Warning")]
    [DataRow(Id, "*msloop", "Info")]
    [DataRow("{99999999-8f27-4d0f-9c0b-3a4f6f0b7a11}", @"VMBUS\{f8615163-df3e-46c5-913f-f2d2f965ed0e}", "Info")]
    public void The_settings_of_a_removed_adapter_are_a_note(string adapter, string component, string expected) => Assert.AreEqual(expected, WindowsTrees.Server2022()
        .WithSystem(hive => hive
            .Set(WindowsTrees.Interface, "EnableDHCP", 0u).SetMulti(WindowsTrees.Interface, "IPAddress", "10.1.2.3")
            .Set(Adapter + "1", "NetCfgInstanceId", adapter).Set(Adapter + "1", "ComponentId", component))
        .Severities<NetworkByDhcp>());

    [TestMethod]
    public void Tunnels_without_addresses_are_as_Windows_makes_them() => Assert.AreEqual("", WindowsTrees.Server2022()
        .WithSystem(hive => hive
            .Set(Adapter + "1", "NetCfgInstanceId", "{00000000-0000-0000-0000-000000000001}").Set(Adapter + "1", "ComponentId", "*isatap")
            .Set(Tcpip + @"\Interfaces\{00000000-0000-0000-0000-000000000001}", "EnableDHCP", 0u))
        .Severities<NetworkByDhcp>());

    [TestMethod]
    public void A_persistent_route_warns_and_its_name_stays_a_word()
    {
        Observation found = WindowsTrees.Server2022().WithSystem(hive => hive.Set(Tcpip + @"\PersistentRoutes", "10.0.0.0,255.0.0.0,10.1.1.1,1'; Remove-Item C:\\* #", "")).Check<NetworkByDhcp>().Observations.Single();

        Assert.Contains("PersistentRoutes: 10.0.0.0,255.0.0.0,10.1.1.1,1", found.Evidence);
        Assert.Contains(@"-Name '10.0.0.0,255.0.0.0,10.1.1.1,1''; Remove-Item C:\`* #'", found.Repair!.Commands);
    }

    [TestMethod]
    public void A_proxy_of_WinHTTP_warns_without_its_password()
    {
        Observation found = WindowsTrees.Server2022().WithSoftware(hive => hive.Set(Internet + @"\Connections", "WinHttpSettings", WinHttp(3, "user:secret@proxy.contoso.com:8080"))).Check<NetworkByDhcp>().Observations.Single();

        Assert.AreEqual(Internet + @"\Connections: WinHttpSettings = proxy.contoso.com:8080", found.Evidence);
        Assert.AreEqual("Warning", WindowsTrees.Server2022().WithSoftware(hive => hive.Set(Internet + @"\Connections", "WinHttpSettings", WinHttp(3, "p:1"))).Severities<NetworkByDhcp>());
    }

    [TestMethod]
    public void A_proxy_that_is_not_used_does_not_count() => Assert.AreEqual("", WindowsTrees.Server2022()
        .WithSoftware(hive => hive
            .Set(Internet + @"\Connections", "WinHttpSettings", WinHttp(1, "proxy:8080"))
            .Set(@"WOW6432Node\" + Internet + @"\Connections", "WinHttpSettings", WinHttp(3, "proxy:8080"))
            .Set(Internet, "ProxyEnable", 1u).Set(Internet, "ProxyServer", "proxy:8080"))
        .WithFiles(files => files.Add(ProxySettings.DefaultUserPath, new HiveBuilder().Set(@"Software\" + Internet, "ProxyEnable", 0u).Set(@"Software\" + Internet, "ProxyServer", "proxy:8080").ToBytes()))
        .Severities<NetworkByDhcp>());

    [TestMethod]
    public void Proxies_of_all_and_of_new_users_warn()
    {
        Assert.AreEqual("Warning", WindowsTrees.Server2022().WithSoftware(hive => hive
            .Set(@"Policies\" + Internet, "ProxySettingsPerUser", 0u).Set(Internet, "ProxyEnable", 1u).Set(Internet, "ProxyServer", "proxy:8080")).Severities<NetworkByDhcp>());
        Observation found = WindowsTrees.Server2022().WithFiles(files => files.Add(ProxySettings.DefaultUserPath,
            new HiveBuilder().Set(@"Software\" + Internet, "ProxyEnable", 1u).Set(@"Software\" + Internet, "ProxyServer", "proxy:8080").ToBytes())).Check<NetworkByDhcp>().Observations.Single();
        Assert.AreEqual(ProxySettings.DefaultUserPath, found.PathInDisk);
    }

    [TestMethod]
    public void What_cannot_be_read_cannot_be_checked()
    {
        Assert.ThrowsExactly<DiskFormatException>(() => WindowsTrees.Server2022().WithFiles(files => files.Add(WindowsSystem.SystemPath, "garbage")).Check<NetworkByDhcp>());
        Assert.ThrowsExactly<DiskFormatException>(() => WindowsTrees.Server2022().WithFiles(files => files.Add(ProxySettings.DefaultUserPath, "garbage")).Check<NetworkByDhcp>());
        Assert.ThrowsExactly<CannotCheckException>(() => WindowsTrees.Server2022().WithSoftware(hive => hive.Set(Internet + @"\Connections", "WinHttpSettings", [.. Direct.AsSpan(0, 12), 255, 255, 255, 255])).Check<NetworkByDhcp>());
    }

    [TestMethod]
    public void Every_beginning_of_a_proxy_setting_is_read_or_not_understood()
    {
        byte[] data = WinHttp(3, "proxy:8080");
        for (int length = 0; length <= data.Length; length++)
        {
            WinHttpProxy? proxy = WinHttpProxy.Parse(data.AsSpan(0, length));
            Assert.IsTrue(proxy is null || proxy.Server.Length == 0 || proxy.Server == "proxy:8080", $"{length}");
        }
    }

    private static byte[] WinHttp(byte flags, string server) =>
        [0x28, 0, 0, 0, 0, 0, 0, 0, flags, 0, 0, 0, (byte)server.Length, 0, 0, 0, .. Encoding.ASCII.GetBytes(server), 0, 0, 0, 0, 0, 0, 0, 0];
}
