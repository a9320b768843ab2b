using Marketplace.DiskImages;
using Marketplace.Requirements.Systems.Windows;
using Marketplace.Requirements.Tests.Support;
using Marketplace.Requirements.Windows;

namespace Marketplace.Requirements.Tests.Windows;

/// <summary>MKT3005 and MKT3006.</summary>
[TestClass]
public sealed class ConfigurationTests
{
    private const string TaskFile = "/Windows/System32/Tasks/Contoso";

    [TestMethod]
    public void A_clean_system_passes_both()
    {
        Assert.AreEqual("", WindowsTrees.Server2022().Severities<DriveLetters>());
        Assert.AreEqual("", WindowsTrees.Server2022().Severities<StartupTasks>());
    }

    [TestMethod]
    [DataRow(@"E:\tools\run.exe", "E")]
    [DataRow(@"cmd /c copy C:\a f:\b", "CF")]
    [DataRow(@"""G:\with spaces\a.exe"" -x", "G")]
    [DataRow("H:/unix/style", "H")]
    [DataRow("I:", "I")]
    [DataRow(@"\??\J:\x.sys", "J")]
    [DataRow("https://contoso.com/a", "")]
    [DataRow(@"HKLM:\SOFTWARE", "")]
    [DataRow(@"%SystemDrive%\a", "")]
    [DataRow("x=1:2", "")]
    public void Finds_the_drives_of_a_text(string text, string letters) => Assert.AreEqual(letters, string.Concat(WindowsPath.DriveLetters(text)));

    [TestMethod]
    [DataRow(@"""C:\Program Files\a b\c.exe"" -k x", "/Program Files/a b/c.exe")]
    [DataRow(@"C:\Program Files\a b\c.exe -k x", "/Program Files/a b/c.exe")]
    [DataRow(@"%SystemRoot%\System32\svchost.exe -k netsvcs", "/Windows/System32/svchost.exe")]
    [DataRow(@"\SystemRoot\System32\drivers\a.sys", "/Windows/System32/drivers/a.sys")]
    [DataRow(@"System32\drivers\a.sys", "/Windows/System32/drivers/a.sys")]
    [DataRow(@"\??\C:\x\y.sys", "/x/y.sys")]
    [DataRow(@"E:\x\y.exe", null)]
    [DataRow("", null)]
    public void Finds_the_program_of_a_command(string command, string? path) => Assert.AreEqual(path, WindowsPath.ToTreePath(command));

    [TestMethod]
    public void A_task_in_UTF16_is_read()
    {
        Assert.AreEqual("Warning", WithTask(@"<Exec><Command>E:\tools\run.exe</Command></Exec>").Severities<DriveLetters>());
        Assert.AreEqual("Warning", WithTask(@"<Exec><Command>run.exe</Command><WorkingDirectory>E:</WorkingDirectory></Exec>").Severities<DriveLetters>());
    }

    [TestMethod]
    public void A_disabled_task_does_nothing() =>
        Assert.AreEqual("", WithTask(@"<Exec><Command>E:\tools\run.exe</Command></Exec>", settings: "<Enabled>false</Enabled>").Severities<DriveLetters>());

    [TestMethod]
    public void A_drive_in_a_description_or_comment_is_not_used() =>
        Assert.AreEqual("", WithTask(@"<!-- E:\a --><Exec><Command>run.exe</Command></Exec>", information: @"<Description>Copies E:\a</Description>").Severities<DriveLetters>());

    [TestMethod]
    public void A_file_that_is_no_task_is_left_out() =>
        Assert.AreEqual("", WindowsTrees.Server2022().AddUnicode(TaskFile, @"<Task><Actions><Exec><Command>E:\a</Command>").Severities<DriveLetters>());

    [TestMethod]
    public void Services_that_can_start_are_read()
    {
        Assert.AreEqual("Warning", WithService(@"E:\svc\a.exe", 2).Severities<DriveLetters>());
        Assert.AreEqual("", WithService(@"E:\svc\a.exe", 4).Severities<DriveLetters>());
        Assert.AreEqual("", WithService(@"D:\svc\a.exe", 2).Severities<DriveLetters>());
        Assert.AreEqual("Warning", WithService(@"E:\svc\a.exe", 2).WithSystem(hive => hive.RemoveValue(WindowsTrees.Service("Contoso"), "Start")).Severities<DriveLetters>());
    }

    [TestMethod]
    public void Page_files_Run_keys_and_shares_are_read()
    {
        Assert.AreEqual("Warning", WindowsTrees.Server2022().WithSystem(hive => hive.SetMulti(WindowsMachine.ControlSet + @"Control\Session Manager\Memory Management", "PagingFiles", @"C:\pagefile.sys", @"E:\pagefile.sys 0 0")).Severities<DriveLetters>());
        Assert.AreEqual("Warning", WindowsTrees.Server2022().WithSoftware(hive => hive.Set(@"WOW6432Node\Microsoft\Windows\CurrentVersion\Run", "a", @"E:\a.exe")).Severities<DriveLetters>());
        Assert.AreEqual("Warning", WindowsTrees.Server2022().WithSystem(hive => hive.SetMulti(WindowsTrees.Service("LanmanServer") + @"\Shares", "data", "CSCFlags=0", @"Path=E:\data")).Severities<DriveLetters>());
    }

    [TestMethod]
    public void Drives_that_Windows_remembers_are_not_used() =>
        Assert.AreEqual("", WindowsTrees.Server2022().WithSystem(hive => hive.Set("MountedDevices", @"\DosDevices\E:", [1, 2, 3])).Severities<DriveLetters>());

    [TestMethod]
    public void Tasks_that_cannot_be_read_are_inconclusive() =>
        Assert.ThrowsExactly<DiskFormatException>(() => WindowsTrees.Server2022().WithFiles(files => files.Unreadable("/Windows/System32/Tasks")).Check<DriveLetters>());

    [TestMethod]
    public void A_startup_task_that_stays_is_noted() => Assert.AreEqual("Info", WithTask("<Exec><Command>a.exe</Command></Exec>", "<BootTrigger/>").Severities<StartupTasks>());

    [TestMethod]
    [DataRow("<Exec><Command>schtasks.exe</Command><Arguments>/Delete /tn Contoso /f</Arguments></Exec>", "")]
    [DataRow("<Exec><Command>powershell</Command><Arguments>Unregister-ScheduledTask Contoso</Arguments></Exec>", "")]
    [DataRow("<Exec><Command>a.exe</Command></Exec>", "<DeleteExpiredTaskAfter>PT0S</DeleteExpiredTaskAfter>")]
    public void A_startup_task_that_deletes_itself_passes(string actions, string settings) => Assert.AreEqual("", WithTask(actions, "<BootTrigger/>", settings).Severities<StartupTasks>());

    [TestMethod]
    public void Deleting_something_else_does_not_count() =>
        Assert.AreEqual("Info", WithTask("<Exec><Command>cmd</Command><Arguments>/c tool /delete x</Arguments></Exec>", "<BootTrigger/>").Severities<StartupTasks>());

    [TestMethod]
    public void A_task_at_another_time_is_none_of_them() => Assert.AreEqual("", WithTask("<Exec><Command>a.exe</Command></Exec>", "<CalendarTrigger/>").Severities<StartupTasks>());

    private static WindowsMachine WithService(string image, uint start) => WindowsTrees.Server2022()
        .WithSystem(hive => hive.SetExpand(WindowsTrees.Service("Contoso"), "ImagePath", image).Set(WindowsTrees.Service("Contoso"), "Start", start));

    private static WindowsMachine WithTask(string actions, string triggers = "", string settings = "", string information = "") => WindowsTrees.Server2022().AddUnicode(TaskFile, $"""
        <?xml version="1.0" encoding="UTF-16"?>
        <Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
          <RegistrationInfo>{information}</RegistrationInfo>
          <Triggers>{triggers}</Triggers>
          <Settings>{settings}</Settings>
          <Actions Context="Author">{actions}</Actions>
        </Task>
        """);
}
