using System.Text;
using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Systems.Windows;
using Marketplace.Requirements.Tests.Support;
using Marketplace.Requirements.Windows;

namespace Marketplace.Requirements.Tests.Windows;

/// <summary>MKT3017.</summary>
[TestClass]
public sealed class AnswerFileTests
{
    private const string Secret = "Pa55w.rd!";
    private const string Sysprep = "/Windows/System32/Sysprep/unattend.xml";
    private const string Panther = "/Windows/Panther/unattend.xml";
    private const string Winlogon = WindowsTrees.CurrentVersion + @"\Winlogon";

    private const string Logon = $"<AutoLogon>\n<Password>\n<Value>{Secret}</Value>\n<PlainText>true</PlainText>\n</Password>\n<Enabled>true</Enabled></AutoLogon>";

    [TestMethod]
    public void A_machine_without_answer_files_passes() => Assert.AreEqual("", WindowsTrees.Server2022().Severities<NoPasswordsOfSetup>());

    [TestMethod]
    [DataRow(Sysprep)]
    [DataRow(Panther)]
    [DataRow("/Windows/Panther/unattend-original.xml")]
    [DataRow("/WINDOWS/panther/Unattend/AutoUnattend.xml")]
    [DataRow("/Windows/Panther/Unattend/other.xml")]
    [DataRow("/unattend.xml")]
    [DataRow("/autounattend.xml")]
    public void A_password_in_any_place_warns_and_is_not_shown(string path)
    {
        Observation found = With(path, Logon).Check<NoPasswordsOfSetup>().Observations.Single();

        Assert.AreEqual("the answer file holds a password (AutoLogon/Password)", found.Found);
        Assert.AreEqual(path, found.PathInDisk, ignoreCase: true);
        Assert.AreEqual(6, found.Line);
        Assert.DoesNotContain(Secret, found.ToString());
        Assert.AreEqual("Warning", With(path, Logon).Severities<NoPasswordsOfSetup>());
    }

    [TestMethod]
    [DataRow("<UserAccounts><AdministratorPassword><Value>UABhAA==</Value><PlainText>false</PlainText></AdministratorPassword></UserAccounts>", "AdministratorPassword")]
    [DataRow("<UserAccounts><LocalAccounts><LocalAccount><Password><Value>x</Value></Password></LocalAccount></LocalAccounts></UserAccounts>", "LocalAccount/Password")]
    [DataRow("<Identification><Credentials><Domain>d</Domain><Password>x</Password></Credentials></Identification>", "Credentials/Password")]
    [DataRow("<AdministratorPassword><Value><![CDATA[x]]></Value></AdministratorPassword>", "AdministratorPassword")]
    public void Passwords_of_every_kind_are_found(string xml, string element) =>
        Assert.Contains(element + ")", With(Sysprep, xml).Check<NoPasswordsOfSetup>().Observations.Single().Found);

    [TestMethod]
    [DataRow("<AdministratorPassword>*SENSITIVE*DATA*DELETED*</AdministratorPassword>")]
    [DataRow("<AutoLogon><Password><Value>*SENSITIVE*DATA*DELETED*</Value></Password></AutoLogon>")]
    [DataRow("<AdministratorPassword><Value></Value><PlainText>true</PlainText></AdministratorPassword>")]
    [DataRow("<AdministratorPassword><Value>  </Value></AdministratorPassword>")]
    [DataRow("<!-- <AdministratorPassword><Value>x</Value></AdministratorPassword> -->")]
    [DataRow("<OOBE><PasswordExpires>x</PasswordExpires><ProtectYourPC>3</ProtectYourPC></OOBE>")]
    public void The_copy_of_Setup_without_passwords_is_no_fault(string xml)
    {
        Assert.AreEqual("", With(Panther, xml).Severities<NoPasswordsOfSetup>());
        Assert.AreEqual("Info", With(Sysprep, xml).Severities<NoPasswordsOfSetup>());
    }

    [TestMethod]
    public void Other_files_of_Setup_are_no_answer_files() => Assert.AreEqual("", WindowsTrees.Server2022().WithFiles(files => files
        .Add("/Windows/Panther/diagwrn.xml", "<not an answer file")
        .Add("/Windows/Panther/UnattendGC/setupact.log", Secret)
        .Add("/deploy/unattend.xml", Logon)).Severities<NoPasswordsOfSetup>());

    [TestMethod]
    [DataRow(@"C:\deploy\answers.xml", "Warning")]
    [DataRow(@"%SystemDrive%\deploy\answers.xml", "Warning")]
    [DataRow(@"E:\deploy\answers.xml", "")]
    public void The_file_the_registry_names_is_read(string named, string expected) => Assert.AreEqual(expected, With("/deploy/answers.xml", Logon)
        .WithSystem(hive => hive.Set("Setup", "UnattendFile", named)).Severities<NoPasswordsOfSetup>());

    [TestMethod]
    public void UTF_16_is_read_with_and_without_a_mark_and_whatever_the_declaration_says()
    {
        Assert.AreEqual("Warning", WindowsTrees.Server2022().AddUnicode(Sysprep, Document(Logon)).Severities<NoPasswordsOfSetup>());
        Assert.AreEqual("Warning", WindowsTrees.Server2022().WithFiles(files => files.Add(Sysprep, Encoding.Unicode.GetBytes(Document(Logon)))).Severities<NoPasswordsOfSetup>());
        Assert.AreEqual("Warning", WindowsTrees.Server2022().WithFiles(files => files.Add(Sysprep, [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(Document(Logon))])).Severities<NoPasswordsOfSetup>());
        Assert.AreEqual("Warning", WindowsTrees.Server2022().WithFiles(files => files.Add(Sysprep, [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Document(Logon))])).Severities<NoPasswordsOfSetup>());
    }

    [TestMethod]
    public void The_password_of_automatic_logon_warns_and_is_not_shown()
    {
        Observation found = WindowsTrees.Server2022().WithSoftware(hive => hive.Set(Winlogon, "AutoAdminLogon", "0").Set(Winlogon, "DefaultPassword", Secret)).Check<NoPasswordsOfSetup>().Observations.Single();

        Assert.Contains("DefaultPassword", found.Found);
        Assert.DoesNotContain(Secret, found.ToString());
        Assert.IsNull(found.Current);
    }

    [TestMethod]
    public void Automatic_logon_without_a_password_is_a_note()
    {
        Assert.AreEqual("Info", WindowsTrees.Server2022().WithSoftware(hive => hive.Set(Winlogon, "AutoAdminLogon", "1").Set(Winlogon, "DefaultPassword", "")).Severities<NoPasswordsOfSetup>());
        Assert.AreEqual("", WindowsTrees.Server2022().WithSoftware(hive => hive.Set(Winlogon, "AutoAdminLogon", "0").Set(Winlogon, "DefaultUserName", "admin").Set(@"WOW6432Node\" + Winlogon, "DefaultPassword", Secret)).Severities<NoPasswordsOfSetup>());
    }

    [TestMethod]
    [DataRow("<unattend><AdministratorPassword Value=\"Pa55w.rd!")]
    [DataRow("<!DOCTYPE unattend [<!ENTITY p \"Pa55w.rd!\">]><unattend>&p;</unattend>")]
    public void What_is_no_XML_cannot_be_checked(string text)
    {
        CannotCheckException exception = Assert.ThrowsExactly<CannotCheckException>(() => WindowsTrees.Server2022().WithFiles(files => files.Add(Sysprep, text)).Check<NoPasswordsOfSetup>());
        Assert.DoesNotContain(Secret, exception.Message);
    }

    [TestMethod]
    public void The_repair_fails_when_the_file_stays() =>
        Assert.AreEqual(@"Remove-Path 'C:\Windows\System32\Sysprep\unattend.xml'", With(Sysprep, Logon).Check<NoPasswordsOfSetup>().Observations.Single().Repair!.Commands);

    [TestMethod]
    public void An_empty_file_has_no_password() => Assert.AreEqual("Info", WindowsTrees.Server2022().WithFiles(files => files.Add(Sysprep, "\r\n")).Severities<NoPasswordsOfSetup>());

    [TestMethod]
    public void A_password_before_the_damage_is_told() =>
        Assert.AreEqual("Warning", WindowsTrees.Server2022().WithFiles(files => files.Add(Sysprep, $"<unattend><AdministratorPassword><Value>{Secret}</Value></AdministratorPassword>")).Severities<NoPasswordsOfSetup>());

    [TestMethod]
    public void Elements_without_end_cannot_be_checked() => Assert.ThrowsExactly<CannotCheckException>(() =>
        With(Sysprep, string.Concat(Enumerable.Repeat("<a>", 200)) + string.Concat(Enumerable.Repeat("</a>", 200))).Check<NoPasswordsOfSetup>());

    [TestMethod]
    public void A_password_is_told_though_another_place_cannot_be_read() =>
        Assert.HasCount(1, With(Sysprep, Logon).WithFiles(files => files.Add(WindowsSystem.SoftwarePath, "garbage")).Check<NoPasswordsOfSetup>().Observations);

    [TestMethod]
    public void What_cannot_be_read_cannot_be_checked()
    {
        Assert.ThrowsExactly<DiskFormatException>(() => WindowsTrees.Server2022().WithFiles(files => files.Add(WindowsSystem.SystemPath, "garbage")).Check<NoPasswordsOfSetup>());
        Assert.ThrowsExactly<DiskFormatException>(() => WindowsTrees.Server2022().WithFiles(files => files.Unreadable("/Windows/Panther")).Check<NoPasswordsOfSetup>());
        Assert.ThrowsExactly<DiskFormatException>(() => With("/unattend.xml", "<a />").WithFiles(files => files.Unreadable(Sysprep)).Check<NoPasswordsOfSetup>());
    }

    private static WindowsMachine With(string path, string xml) => WindowsTrees.Server2022().WithFiles(files => files.Add(path, Document(xml)));

    private static string Document(string xml) =>
        $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<unattend xmlns=\"urn:schemas-microsoft-com:unattend\"><settings pass=\"oobeSystem\">\n<component name=\"Microsoft-Windows-Shell-Setup\">\n{xml}\n</component></settings></unattend>\n";
}
