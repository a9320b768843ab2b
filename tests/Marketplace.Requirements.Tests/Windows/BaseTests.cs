using Marketplace.DiskImages;
using Marketplace.DiskImages.Testing;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Windows;
using Marketplace.Requirements.Tests.Support;
using Marketplace.Requirements.Windows;

namespace Marketplace.Requirements.Tests.Windows;

/// <summary>MKT3001 to MKT3003.</summary>
[TestClass]
public sealed class BaseTests
{
    private const string Instances = @"Microsoft\Microsoft SQL Server\Instance Names\SQL";

    [TestMethod]
    public void Accepts_the_Datacenter_editions_of_today()
    {
        Assert.AreEqual("None", WindowsTrees.Server2022().Severities<ApprovedBase>());
        Assert.AreEqual("None", WindowsTrees.Server2019().Severities<ApprovedBase>());
        Assert.AreEqual("", WindowsTrees.Server2012R2().Severities<ApprovedBase>());
    }

    [TestMethod]
    public void The_guide_alone_knows_no_later_release() =>
        Assert.AreEqual(Severity.Error, WindowsTrees.Server2022().Check<ApprovedBase>().Observations.Single().Guide);

    [TestMethod]
    [DataRow("EditionID", "ServerDatacenterEval", "evaluation")]
    [DataRow("EditionID", "ServerStandard", "not the Datacenter edition")]
    [DataRow("InstallationType", "Client", "no Windows Server")]
    [DataRow("CurrentBuild", "20300", "not among the approved")]
    [DataRow("CurrentBuild", "7600", "not among the approved")]
    public void Refuses_other_bases(string name, string value, string reason)
    {
        WindowsMachine machine = WindowsTrees.Server2022().WithSoftware(hive => hive.Set(WindowsTrees.CurrentVersion, name, value));

        Assert.AreEqual("Error", machine.Severities<ApprovedBase>());
        Assert.Contains(reason, machine.Check<ApprovedBase>().Observations[0].Found);
    }

    [TestMethod]
    [DataRow("EditionID", "ServerTurbine")]
    [DataRow("EditionID", "ServerDatacenterCor")]
    [DataRow("InstallationType", "Server Core")]
    [DataRow("CurrentBuild", "26100")]
    public void Accepts_other_forms_of_the_same(string name, string value) =>
        Assert.AreEqual("None", WindowsTrees.Server2022().WithSoftware(hive => hive.Set(WindowsTrees.CurrentVersion, name, value)).Severities<ApprovedBase>());

    [TestMethod]
    public void The_first_release_is_accepted_in_every_edition() => Assert.AreEqual("", WindowsTrees.Server2012R2()
        .WithSoftware(hive => hive.Set(WindowsTrees.CurrentVersion, "CurrentBuild", "7601").Set(WindowsTrees.CurrentVersion, "EditionID", "ServerEnterprise")).Severities<ApprovedBase>());

    [TestMethod]
    public void The_product_name_stands_in_for_what_is_missing() => Assert.AreEqual("", WindowsTrees.Server2012R2()
        .WithSoftware(hive => hive.RemoveValue(WindowsTrees.CurrentVersion, "EditionID").RemoveValue(WindowsTrees.CurrentVersion, "InstallationType").RemoveValue(WindowsTrees.CurrentVersion, "CurrentBuild")).Severities<ApprovedBase>());

    [TestMethod]
    public void Without_a_build_it_cannot_be_checked() => Assert.ThrowsExactly<CannotCheckException>(() => WindowsTrees.Server2022()
        .WithSoftware(hive => hive.RemoveValue(WindowsTrees.CurrentVersion, "CurrentBuild").RemoveValue(WindowsTrees.CurrentVersion, "CurrentBuildNumber")).Check<ApprovedBase>());

    [TestMethod]
    public void An_unreadable_hive_is_inconclusive() => Assert.ThrowsExactly<DiskFormatException>(() =>
        WindowsTrees.Server2022().WithFiles(files => files.Add(WindowsSystem.SoftwarePath, "garbage")).Check<ApprovedBase>());

    [TestMethod]
    public void Without_SQL_Server_all_is_well() => Assert.AreEqual("", WindowsTrees.Server2022()
        .WithSoftware(hive => hive.Key(Instances).Set(@"Microsoft\Microsoft SQL Server\Instance Names\OLAP", "MSSQLSERVER", "MSAS15.MSSQLSERVER")).Severities<SqlServerBase>());

    [TestMethod]
    [DataRow("", "Standard Edition (64-bit)", "Error")]
    [DataRow(@"WOW6432Node\", "Standard Edition", "Error")]
    [DataRow("", "Express Edition (64-bit)", "Warning")]
    public void Refuses_SQL_Server_that_was_installed_by_hand(string root, string edition, string severity) => Assert.AreEqual(severity, WithSql(root, edition).Severities<SqlServerBase>());

    [TestMethod]
    public void Says_that_a_base_of_SQL_Server_cannot_be_proved()
    {
        WindowsMachine machine = WithSql("", "Standard Edition (64-bit)").WithFiles(files => files.Add("/SQLServer_15.0_Full/setup.exe", "MZ"));

        Assert.AreEqual("Info", machine.Severities<SqlServerBase>());
        Assert.Contains("cannot be proved", machine.Check<SqlServerBase>().Observations[0].Found);
    }

    [TestMethod]
    public void A_base_of_64_bits_passes() => Assert.AreEqual("", WindowsTrees.Server2022().Severities<SixtyFourBits>());

    [TestMethod]
    public void A_kernel_of_32_bits_fails() =>
        Assert.AreEqual("Error", WindowsTrees.Server2022().WithFiles(files => files.Add(WindowsTrees.Kernel, ExecutableBuilder.Create(new Version(10, 0, 0, 0), 0x14C))).Severities<SixtyFourBits>());

    [TestMethod]
    public void An_environment_of_32_bits_fails() =>
        Assert.AreEqual("Error", WindowsTrees.Server2022().WithSystem(hive => hive.Set(WindowsMachine.ControlSet + @"Control\Session Manager\Environment", "PROCESSOR_ARCHITECTURE", "x86")).Severities<SixtyFourBits>());

    [TestMethod]
    [DataRow("9600.1.x86fre.winblue", "Error")]
    [DataRow("9600.1.amd64fre.winblue", "")]
    public void The_build_stands_in_for_the_rest(string build, string severity) => Assert.AreEqual(severity, WithoutArchitecture()
        .WithSoftware(hive => hive.Set(WindowsTrees.CurrentVersion, "BuildLabEx", build)).Severities<SixtyFourBits>());

    [TestMethod]
    public void Where_nothing_says_it_it_cannot_be_checked() => Assert.ThrowsExactly<CannotCheckException>(() => WithoutArchitecture()
        .WithSoftware(hive => hive.RemoveValue(WindowsTrees.CurrentVersion, "BuildLabEx")).WithFiles(files => files.Remove("/Windows/SysWOW64")).Check<SixtyFourBits>());

    [TestMethod]
    public void A_damaged_kernel_is_an_error()
    {
        byte[] kernel = ExecutableBuilder.Create(new Version(10, 0, 0, 0));
        kernel[ExecutableBuilder.HeaderPosition] = 0;

        Assert.ThrowsExactly<DiskFormatException>(() => WindowsTrees.Server2022().WithFiles(files => files.Add(WindowsTrees.Kernel, kernel)).Check<SixtyFourBits>());
    }

    private static WindowsMachine WithoutArchitecture() => WindowsTrees.Server2022()
        .WithFiles(files => files.Add(WindowsTrees.Kernel, "MZ"))
        .WithSystem(hive => hive.RemoveKey(WindowsMachine.ControlSet + @"Control\Session Manager\Environment"));

    private static WindowsMachine WithSql(string root, string edition) => WindowsTrees.Server2022().WithSoftware(hive => hive
        .Set(root + Instances, "MSSQLSERVER", "MSSQL15.MSSQLSERVER")
        .Set(root + @"Microsoft\Microsoft SQL Server\MSSQL15.MSSQLSERVER\Setup", "Edition", edition)
        .Set(root + @"Microsoft\Microsoft SQL Server\MSSQL15.MSSQLSERVER\Setup", "Version", "15.0.2000.5"));
}
