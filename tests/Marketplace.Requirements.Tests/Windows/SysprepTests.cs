using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems.Windows;
using Marketplace.Requirements.Tests.Support;
using Marketplace.Requirements.Windows;

namespace Marketplace.Requirements.Tests.Windows;

/// <summary>MKT3007.</summary>
[TestClass]
public sealed class SysprepTests
{
    [TestMethod]
    public void A_generalised_system_passes() => Assert.AreEqual("", WindowsTrees.Server2022().Severities<Generalized>());

    [TestMethod]
    [DataRow("IMAGE_STATE_COMPLETE", "in use")]
    [DataRow("IMAGE_STATE_UNDEPLOYABLE", "did not end")]
    [DataRow("IMAGE_STATE_GENERALIZE_RESEAL_TO_AUDIT", "audit mode")]
    [DataRow("IMAGE_STATE_SPECIALIZE_RESEAL_TO_OOBE", "without /generalize")]
    [DataRow("IMAGE_STATE_SPECIALIZE_RESEAL_TO_AUDIT", "audit mode")]
    [DataRow("something else", "not known")]
    public void Refuses_every_other_state(string state, string reason)
    {
        WindowsMachine machine = WindowsTrees.Server2022().WithSoftware(hive => hive.Set(WindowsTrees.SetupState, "ImageState", state));

        Assert.AreEqual("Error", machine.Severities<Generalized>());
        Assert.Contains(reason, machine.Check<Generalized>().Observations[0].Found);
        Assert.IsNotNull(machine.Check<Generalized>().Observations[0].Repair);
    }

    [TestMethod]
    public void The_repair_is_the_last_of_all_and_fails_when_sysprep_does()
    {
        Repair repair = WindowsTrees.Server2022().WithSoftware(hive => hive.Set(WindowsTrees.SetupState, "ImageState", "IMAGE_STATE_COMPLETE")).Check<Generalized>().Observations[0].Repair!;

        Assert.AreEqual(Enum.GetValues<RepairStage>().Max(), repair.Stage);
        Assert.Contains("if ($state -ne 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE') {\n    throw", repair.Commands.ReplaceLineEndings("\n"));
    }

    [TestMethod]
    public void A_missing_state_is_an_answer() => Assert.AreEqual("Error", WindowsTrees.Server2022().WithSoftware(hive => hive.RemoveKey(WindowsTrees.SetupState)).Severities<Generalized>());

    [TestMethod]
    public void A_registry_of_no_Windows_cannot_be_checked() =>
        Assert.ThrowsExactly<CannotCheckException>(() => WindowsTrees.Server2022().WithSoftware(hive => hive.RemoveKey(@"Microsoft\Windows")).Check<Generalized>());

    [TestMethod]
    public void The_case_of_the_state_does_not_matter() =>
        Assert.AreEqual("", WindowsTrees.Server2022().WithSoftware(hive => hive.Set(WindowsTrees.SetupState, "ImageState", "image_state_generalize_reseal_to_oobe")).Severities<Generalized>());

    [TestMethod]
    public void A_file_that_says_otherwise_contradicts() =>
        Assert.AreEqual("Error", WindowsTrees.Server2022().WithFiles(files => files.Add(WindowsTrees.StateFile, "[Other]\r\nImageState=x\r\n[State]\r\nImageState=IMAGE_STATE_COMPLETE\r\n")).Severities<Generalized>());

    [TestMethod]
    [DataRow("[State]\n imagestate = IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE \n", "IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE")]
    [DataRow("[State2]\nImageState=A\n", null)]
    [DataRow("[State]\n;ImageState=A\n", null)]
    public void Reads_the_file_as_Windows_does(string text, string? state) => Assert.AreEqual(state, SysprepState.ParseStateFile(text));

    [TestMethod]
    public void A_missing_file_does_not_matter() => Assert.AreEqual("", WindowsTrees.Server2022().WithFiles(files => files.Remove(WindowsTrees.StateFile)).Severities<Generalized>());

    [TestMethod]
    public void The_file_may_be_UTF16() =>
        Assert.AreEqual("Error", WindowsTrees.Server2022().AddUnicode(WindowsTrees.StateFile, "[State]\nImageState=IMAGE_STATE_COMPLETE\n").Severities<Generalized>());

    [TestMethod]
    public void Without_the_mark_of_success_there_is_doubt() => Assert.AreEqual("Warning", WindowsTrees.Server2022().WithFiles(files => files.Remove(WindowsTrees.SysprepTag)).Severities<Generalized>());

    [TestMethod]
    [DataRow("'OOBE'", "Warning")]
    [DataRow("'GENERALIZE'", "")]
    [DataRow("'GENERALIZE' 'AUDIT'", "Warning")]
    [DataRow("", "")]
    public void The_last_run_in_the_log_counts(string options, string severities)
    {
        string log = "SYSPRP ParseCommands:Found supported command line option 'AUDIT'\r\nSYSPRP ===  Beginning of a new sysprep run  ===\r\n"
            + string.Concat(options.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(option => $"SYSPRP ParseCommands:Found supported command line option {option}\r\n"));

        Assert.AreEqual(severities, WindowsTrees.Server2022().WithFiles(files => files.Add(WindowsTrees.SysprepLog, log)).Severities<Generalized>());
    }

    [TestMethod]
    public void An_unreadable_state_is_inconclusive() =>
        Assert.ThrowsExactly<DiskFormatException>(() => WindowsTrees.Server2022().WithFiles(files => files.Unreadable("/Windows/Setup")).Check<Generalized>());
}
