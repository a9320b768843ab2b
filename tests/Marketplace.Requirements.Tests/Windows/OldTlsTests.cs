using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Systems.Windows;
using Marketplace.Requirements.Tests.Support;
using Marketplace.Requirements.Windows;

namespace Marketplace.Requirements.Tests.Windows;

/// <summary>MKT3016.</summary>
[TestClass]
public sealed class OldTlsTests
{
    private const string Protocols = WindowsMachine.ControlSet + @"Control\SecurityProviders\SCHANNEL\Protocols";

    [TestMethod]
    public void Turned_off_it_passes()
    {
        Assert.AreEqual("", WindowsTrees.Server2022().Severities<OldTlsIsOff>());
        Assert.AreEqual("", WindowsTrees.Server2019().Severities<OldTlsIsOff>());
    }

    [TestMethod]
    [DataRow("7601", "ServerDatacenter", "TLS 1.0")]
    [DataRow("9600", "ServerDatacenter", "TLS 1.0, TLS 1.1")]
    [DataRow("17763", "ServerDatacenter", "TLS 1.0, TLS 1.1")]
    [DataRow("20348", "ServerDatacenter", "TLS 1.0, TLS 1.1")]
    [DataRow("20348", "ServerTurbine", "")]
    [DataRow("25398", "ServerDatacenter", "TLS 1.0, TLS 1.1")]
    [DataRow("26100", "ServerDatacenter", "")]
    public void When_nothing_is_set_the_version_of_Windows_decides(string build, string edition, string expected) => Assert.AreEqual(expected, On(Unset(build)
        .WithSoftware(hive => hive.Set(WindowsTrees.CurrentVersion, "EditionID", edition))));

    [TestMethod]
    public void Turned_on_it_warns_whatever_the_version()
    {
        Assert.AreEqual("TLS 1.0", On(Unset("26100").WithSystem(hive => hive.Set(Protocols + @"\TLS 1.0\Server", "Enabled", 0xFFFFFFFFu))));
        Assert.AreEqual("TLS 1.1", On(Unset("26100").WithSystem(hive => hive.Set(Protocols + @"\TLS 1.1\Server", "DisabledByDefault", 0u))));
    }

    [TestMethod]
    public void Off_by_default_is_off_unless_it_is_turned_on_for_those_that_ask()
    {
        Assert.AreEqual("TLS 1.0", On(Unset("17763").WithSystem(hive => hive.Set(Protocols + @"\TLS 1.1\Server", "DisabledByDefault", 1u))));
        Assert.AreEqual("TLS 1.1", On(WindowsTrees.Server2019().WithSystem(hive => hive.Set(Protocols + @"\TLS 1.1\Server", "Enabled", 1u))));
    }

    [TestMethod]
    public void Look_alikes_turn_nothing_off() => Assert.AreEqual("TLS 1.0, TLS 1.1", On(Unset("17763").WithSystem(hive => hive
        .Key(Protocols + @"\TLS 1.0\Server")
        .Set(Protocols + @"\TLS 1.0\Client", "Enabled", 0u)
        .Set(Protocols + @"\TLS 1.1\Server", "Enabled", "0")
        .Set(Protocols + @"\TLS 1.1", "Enabled", 0u)
        .Set(@"ControlSet002\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.0\Server", "Enabled", 0u))));

    [TestMethod]
    public void It_is_a_warning_today_and_mended()
    {
        Assert.AreEqual("Warning Warning", Unset("17763").Severities<OldTlsIsOff>());
        Assert.IsNull(new OldTlsIsOff().Guide);
        Assert.Contains(@"SCHANNEL\Protocols\TLS 1.0\Server' /v 'Enabled' /t REG_DWORD /d 0 /f", Unset("17763").Check<OldTlsIsOff>().Observations[0].Repair!.Commands);
    }

    [TestMethod]
    public void What_is_not_known_cannot_be_checked()
    {
        Assert.ThrowsExactly<CannotCheckException>(() => Unset("unknown").Check<OldTlsIsOff>());
        Assert.ThrowsExactly<DiskFormatException>(() => WindowsTrees.Server2022().WithFiles(files => files.Add(WindowsSystem.SystemPath, "garbage")).Check<OldTlsIsOff>());
    }

    private static WindowsMachine Unset(string build) => WindowsTrees.Server2019()
        .WithSystem(hive => hive.RemoveKey(Protocols))
        .WithSoftware(hive => hive.Set(WindowsTrees.CurrentVersion, "CurrentBuildNumber", build).Set(WindowsTrees.CurrentVersion, "CurrentBuild", build));

    private static string On(WindowsMachine machine) => string.Join(", ", machine.Check<OldTlsIsOff>().Observations.Select(observation => observation.Found[..7]));
}
