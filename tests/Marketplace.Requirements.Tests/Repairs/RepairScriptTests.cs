using System.Text;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Tests.Repairs;

/// <summary>The repair script as a text: what is in it, in which order, and that no word from a disk is more than a word.</summary>
[TestClass]
public sealed class RepairScriptTests
{
    private static readonly Finding Plain = new()
    {
        Code = "MKT2011",
        Severity = Severity.Error,
        Outcome = Outcome.Failed,
        File = "disks/os.vhd",
        PathInDisk = "/etc/fstab",
        Line = 3,
        Found = "/etc/fstab switches on the swap file /swapfile",
        Asked = "no swap",
        Remedy = "remove the line",
        Repair = new Repair(RepairStage.Configuration, "comment_out '/etc/fstab' '/swapfile none swap sw 0 0'"),
    };

    [TestMethod]
    public void NothingIsWrittenForAnImageWithoutFindings() => Assert.IsNull(Report().ToRepairScript());

    [TestMethod]
    public void NothingIsWrittenWhenNothingCanBeMendedInside() => Assert.IsNull(Report(Plain with { Repair = null }).ToRepairScript());

    [TestMethod]
    public void NotesAreNotMended() => Assert.IsNull(Report(Plain with { Severity = Severity.Info }).ToRepairScript());

    [TestMethod]
    public void LinuxGetsAShellScriptAndWindowsAPowerShellScript()
    {
        Assert.AreEqual("fix.sh", Report(Plain).ToRepairScript()!.FileName);
        RepairScript windows = Report(Plain with { Code = "MKT3008" }).ToRepairScript()!;
        Assert.AreEqual("fix.ps1", windows.FileName);
        CollectionAssert.AreEqual(Encoding.UTF8.GetPreamble(), windows.Content[..3].ToArray(), "Windows PowerShell reads UTF-8 only with a byte order mark.");
    }

    [TestMethod]
    public void StepsAreOrderedByStageThenCode()
    {
        string script = Text(Report(
            Plain with { Code = "MKT2028", Repair = new Repair(RepairStage.Cleanup, "first_of_cleanup") },
            Plain with { Code = "MKT2032", Repair = new Repair(RepairStage.Accounts, "of_accounts") },
            Plain with { Code = "MKT2013", Repair = new Repair(RepairStage.BootMenu, "kernel_add console=ttyS0") },
            Plain with { Code = "MKT2001", Repair = new Repair(RepairStage.Software, "of_software") },
            Plain with { Code = "MKT2030", Repair = new Repair(RepairStage.Cleanup, "second_of_cleanup") }));
        int[] places = [.. ((string[])["\nof_software\n", "\nkernel_add console=ttyS0\n", "\nstep 'the boot menu' apply_kernel_arguments\n", "\nof_accounts\n", "\nfirst_of_cleanup\n", "\nsecond_of_cleanup\n", "\nfinish 0\n"]).Select(text => script.IndexOf(text, StringComparison.Ordinal))];
        Assert.IsTrue(places.All(place => place > 0), string.Join(' ', places));
        CollectionAssert.AreEqual(places.Order().ToArray(), places);
    }

    [TestMethod]
    public void TheSameCommandsRunOnceAndNameEveryFinding()
    {
        string script = Text(Report(Plain, Plain with { Code = "MKT2012", Found = "another reason" }));
        Assert.AreEqual(1, Count(script, "\ncomment_out '/etc/fstab'"));
        StringAssert.Contains(script, "another reason");
        StringAssert.Contains(script, "# disks/os.vhd, /etc/fstab:3: /etc/fstab switches on the swap file /swapfile\n");
    }

    [TestMethod]
    public void WhatIsNotMendedIsListedWithItsRemedy()
    {
        string script = Text(Report(Plain, Plain with { Code = "MKT1006", PathInDisk = "", Line = 0, Found = "the disk has 20 GiB", Remedy = "make the disk larger", Repair = null }));
        StringAssert.Contains(script, "# MKT1006 disks/os.vhd: the disk has 20 GiB\n# To mend it: make the disk larger\n");
        StringAssert.Contains(script, "\nfinish 1\n");
    }

    [TestMethod]
    [DataRow("a\u001b[2Jb\u202Ecd\r\u2028\u009b'x\\n\n")]
    [DataRow("\u202E\t-n $(reboot)")]
    public void CharactersThatATerminalObeysAreWrittenInOctalAndMeanTheSame(string word)
    {
        string quoted = Reports.ShellText.Quote(word);

        Assert.IsFalse(quoted.Any(c => c is not ('\n' or '\t') && (char.IsControl(c) || c is '\u202E' or '\u2028')), quoted);
        Assert.AreEqual(word + "|", Shell.Run($"printf '%s|' {quoted}\n"));
    }

    [TestMethod]
    public void TheHeaderTellsImageVersionTimeAndDanger()
    {
        string head = Text(Report(Plain))[..900];
        StringAssert.Contains(head, "contoso/appliance/standard, version 1.4.2");
        StringAssert.Contains(head, "2026-11-25 01:02:03Z");
        StringAssert.Contains(head, RepairScript.Mark);
        StringAssert.Contains(head, "WARNING");
    }

    [TestMethod]
    [DataRow("name\nreboot\n")]
    [DataRow("name\r\nreboot\r\n")]
    [DataRow("name\u2028reboot\u0085reboot\vreboot")]
    [DataRow("'; reboot; '")]
    [DataRow("$(reboot)`reboot`")]
    [DataRow("\u202Ereboot\0reboot")]
    public void WordsFromTheDiskEndNoCommentAndNoQuotation(string words)
    {
        string script = Text(Report(Plain with { PathInDisk = words, Found = words, File = words, Remedy = words, Repair = RepairCommands.Of(RepairStage.Configuration, "remove_path", words) },
            Plain with { Found = words, Repair = null, Remedy = words }));

        // What the shell runs of it, the functions of the prelude aside.
        string steps = script[script.IndexOf("\n# === Software ===", StringComparison.Ordinal)..];
        string output = Shell.Run("remove_path() { printf '%s' \"$1\"; }; step() { \"$2\"; }; reboot() { echo REBOOTED; }; apply_kernel_arguments() { :; }; finish() { :; }\n" + steps);
        Assert.AreEqual(words.Replace("\0", ""), output);
    }

    [TestMethod]
    public void BytesThatAreNoTextStayAsTheyAre()
    {
        byte[] script = Report(Plain with { Repair = RepairCommands.Of(RepairStage.Cleanup, "remove_path", "/home/m\uDCFCller/.bash_history") }).ToRepairScript()!.Content.ToArray();
        Assert.IsTrue(script.AsSpan().IndexOf((ReadOnlySpan<byte>)[(byte)'m', 0xFC, (byte)'l']) > 0);
    }

    [TestMethod]
    public void TheWholeScriptIsASoundShellText() => Assert.AreEqual("", Shell.Run(Text(Report(Plain)), "-n"));

    private static ValidationReport Report(params Finding[] findings) => new()
    {
        Time = new DateTimeOffset(2026, 11, 25, 1, 2, 3, TimeSpan.Zero),
        Levels = [RequirementsLevel.Current],
        Image = new ImageDeclaration { ProjectFile = "/src/appliance.vmproj", OSDisks = [], DataDisks = [], Publisher = "contoso", Offer = "appliance", Sku = "standard", Version = "1.4.2" },
        Generation = "V1",
        Disks = [],
        DeclarationFindings = [],
        Results =
        [
            .. findings.GroupBy(finding => finding.Code).Select(group => new RequirementResult
            {
                Id = group.Key, Title = "A title", Section = "", Why = "", Criteria = [], Outcome = Outcome.Failed, Findings = [.. group],
            }),
        ],
    };

    private static string Text(ValidationReport report) => Encoding.UTF8.GetString(report.ToRepairScript()!.Content.Span);

    private static int Count(string text, string part) => (text.Length - text.Replace(part, "", StringComparison.Ordinal).Length) / part.Length;
}
