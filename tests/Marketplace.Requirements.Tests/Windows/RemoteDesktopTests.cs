using Marketplace.DiskImages;
using Marketplace.DiskImages.Registry;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Systems.Windows;
using Marketplace.Requirements.Tests.Support;
using Marketplace.Requirements.Windows;

namespace Marketplace.Requirements.Tests.Windows;

/// <summary>MKT3008.</summary>
[TestClass]
public sealed class RemoteDesktopTests
{
    private const string TerminalServer = WindowsMachine.ControlSet + @"Control\Terminal Server";
    private const string Listener = TerminalServer + @"\WinStations\RDP-Tcp";
    private const string Policy = @"Policies\Microsoft\Windows NT\Terminal Services";
    private const string Firewall = WindowsMachine.ControlSet + @"Services\SharedAccess\Parameters\FirewallPolicy";
    private const string Rule = @"v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|App=%SystemRoot%\system32\svchost.exe|Svc=termservice|Name=@FirewallAPI.dll,-28775|EmbedCtxt=@FirewallAPI.dll,-28752|";

    [TestMethod]
    public void A_machine_with_remote_desktop_on_passes() => Assert.AreEqual("", WindowsTrees.Server2022().Severities<RemoteDesktopIsOn>());

    [TestMethod]
    public void Refused_connections_fail_and_are_mended()
    {
        Observation found = WindowsTrees.Server2022().WithSystem(hive => hive.Set(TerminalServer, "fDenyTSConnections", 1u)).Check<RemoteDesktopIsOn>().Observations.Single();

        Assert.AreEqual(WindowsSystem.SystemPath, found.PathInDisk);
        Assert.AreEqual(@"ControlSet001\Control\Terminal Server: fDenyTSConnections = 1", found.Evidence);
        Assert.Contains("reg.exe add 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server' /v 'fDenyTSConnections' /t REG_DWORD /d 0 /f", found.Repair!.Commands);
    }

    [TestMethod]
    public void What_is_not_set_refuses() =>
        Assert.AreEqual("Error", WindowsTrees.Server2022().WithSystem(hive => hive.RemoveValue(TerminalServer, "fDenyTSConnections")).Severities<RemoteDesktopIsOn>());

    [TestMethod]
    public void A_text_is_no_number() =>
        Assert.AreEqual("Error", WindowsTrees.Server2022().WithSystem(hive => hive.Set(TerminalServer, "fDenyTSConnections", "0")).Severities<RemoteDesktopIsOn>());

    [TestMethod]
    [DataRow(1u, 0u, "Error")]
    [DataRow(0u, 1u, "")]
    public void A_policy_counts_before_the_setting(uint policy, uint setting, string expected) => Assert.AreEqual(expected, WindowsTrees.Server2022()
        .WithSoftware(hive => hive.Set(Policy, "fDenyTSConnections", policy))
        .WithSystem(hive => hive.Set(TerminalServer, "fDenyTSConnections", setting))
        .Severities<RemoteDesktopIsOn>());

    [TestMethod]
    public void Policies_of_other_places_do_not_count() => Assert.AreEqual("", WindowsTrees.Server2022()
        .WithSoftware(hive => hive
            .Set(@"WOW6432Node\" + Policy, "fDenyTSConnections", 1u)
            .Set(@"Policies\Microsoft\Windows NT\Terminal Service", "fDenyTSConnections", 1u)
            .Set(Policy, "fDenyTSConnections", "1"))
        .Severities<RemoteDesktopIsOn>());

    [TestMethod]
    public void Only_the_control_set_that_starts_counts()
    {
        WindowsMachine other = WindowsTrees.Server2022().WithSystem(hive => hive.Set(@"ControlSet002\Control\Terminal Server", "fDenyTSConnections", 1u));
        Assert.AreEqual("", other.Severities<RemoteDesktopIsOn>());

        WindowsMachine started = WindowsTrees.Server2022().WithSystem(hive => hive
            .Set("Select", "Current", 2u).Set("Select", "Default", 2u)
            .Set(@"ControlSet002\Control\Terminal Server", "fDenyTSConnections", 1u)
            .Set(@"ControlSet002\Control\Terminal Server\WinStations\RDP-Tcp", "PortNumber", 3389u)
            .Set(@"ControlSet002\Services\RpcSs", "Start", 2u)
            .Set(@"ControlSet002\Services\TermService", "Start", 3u));
        Assert.Contains("ControlSet002", started.Check<RemoteDesktopIsOn>().Observations.Single().Evidence);
    }

    [TestMethod]
    public void Another_port_fails() => Assert.Contains("listens on port 3390",
        WindowsTrees.Server2022().WithSystem(hive => hive.Set(Listener, "PortNumber", 3390u)).Check<RemoteDesktopIsOn>().Observations.Single().Found);

    [TestMethod]
    public void A_missing_port_is_3389() => Assert.AreEqual("", WindowsTrees.Server2022().WithSystem(hive => hive.RemoveValue(Listener, "PortNumber").Key(Listener)).Severities<RemoteDesktopIsOn>());

    [TestMethod]
    public void A_listener_that_is_off_or_missing_fails()
    {
        Assert.AreEqual("Error", WindowsTrees.Server2022().WithSystem(hive => hive.Set(Listener, "fEnableWinStation", 0u)).Severities<RemoteDesktopIsOn>());
        Assert.AreEqual("Error", WindowsTrees.Server2022().WithSystem(hive => hive.RemoveKey(Listener)).Severities<RemoteDesktopIsOn>());
    }

    [TestMethod]
    public void A_disabled_or_missing_service_fails()
    {
        Assert.AreEqual("Error", WindowsTrees.Server2022().WithSystem(hive => hive.Set(WindowsTrees.Service("TermService"), "Start", 4u)).Severities<RemoteDesktopIsOn>());
        Assert.AreEqual("Error", WindowsTrees.Server2022().WithSystem(hive => hive.RemoveKey(WindowsTrees.Service("TermService"))).Severities<RemoteDesktopIsOn>());
    }

    [TestMethod]
    public void In_a_registry_that_is_not_whole_what_is_missing_is_a_note()
    {
        WindowsMachine Part() => WindowsTrees.Server2022().WithSystem(hive => hive.RemoveKey(WindowsTrees.Service("RpcSs")).RemoveKey(WindowsTrees.Service("TermService")).RemoveKey(Listener));

        Assert.AreEqual("Info Info", Part().Severities<RemoteDesktopIsOn>());
        Assert.AreEqual("Error Info Info", Part().WithSystem(hive => hive.Set(TerminalServer, "fDenyTSConnections", 1u)).Severities<RemoteDesktopIsOn>());
    }

    [TestMethod]
    [DataRow(Rule, "")]
    [DataRow("v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Private|Profile=Public|LPort2_10=3380-3400|", "")]
    [DataRow("v2.30|Action=Allow|Active=TRUE|Dir=In|", "")]
    [DataRow("v2.30|Action=Allow|Active=FALSE|Dir=In|Protocol=6|LPort=3389|", "Warning")]
    [DataRow("v2.30|Action=Allow|Active=TRUE|Dir=Out|Protocol=6|LPort=3389|", "Warning")]
    [DataRow("v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=17|LPort=3389|", "Warning")]
    [DataRow("v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=33890|", "Warning")]
    [DataRow("v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|Profile=Domain|", "Warning")]
    [DataRow(@"v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|App=C:\app\server.exe|", "Warning")]
    [DataRow("v2.30|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=3389|", "Warning")]
    public void The_firewall_must_let_connections_in(string rule, string expected) =>
        Assert.AreEqual(expected, WindowsTrees.Server2022().WithSystem(hive => hive.Set(Firewall + @"\FirewallRules", "RemoteDesktop-UserMode-In-TCP", rule)).Severities<RemoteDesktopIsOn>());

    [TestMethod]
    public void A_rule_that_blocks_counts_before_one_that_allows() => Assert.AreEqual("Warning", WindowsTrees.Server2022().WithSystem(hive => hive
        .Set(Firewall + @"\FirewallRules", "RemoteDesktop-UserMode-In-TCP", Rule)
        .Set(Firewall + @"\FirewallRules", "{0}", "v2.30|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=3389|")).Severities<RemoteDesktopIsOn>());

    [TestMethod]
    public void A_firewall_that_is_off_keeps_nothing_out() => Assert.AreEqual("", WindowsTrees.Server2022().WithSystem(hive => hive
        .Set(Firewall + @"\FirewallRules", "RemoteDesktop-UserMode-In-TCP", "v2.30|Action=Allow|Active=FALSE|Dir=In|Protocol=6|LPort=3389|")
        .Set(Firewall + @"\PublicProfile", "EnableFirewall", 0u)).Severities<RemoteDesktopIsOn>());

    [TestMethod]
    public void A_damaged_hive_cannot_be_checked()
    {
        Assert.ThrowsExactly<DiskFormatException>(() => WindowsTrees.Server2022().WithFiles(files => files.Add(WindowsSystem.SystemPath, "garbage")).Check<RemoteDesktopIsOn>());
        Assert.ThrowsExactly<DiskFormatException>(() => WindowsTrees.Server2022().WithFiles(files => files.Unreadable(WindowsSystem.SoftwarePath)).Check<RemoteDesktopIsOn>());
        Assert.ThrowsExactly<DiskFormatException>(() => WindowsTrees.Server2022().WithSystem(hive => hive.Set(TerminalServer, "fDenyTSConnections", RegistryValueType.DWord, [0, 0])).Check<RemoteDesktopIsOn>());
    }
}
