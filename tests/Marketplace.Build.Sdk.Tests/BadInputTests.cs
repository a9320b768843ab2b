using System.Globalization;
using System.Text;
using Marketplace.Build.Sdk.Tests.Harness;
using static Marketplace.Build.Sdk.Tests.Harness.ImageProject;

namespace Marketplace.Build.Sdk.Tests;

/// <summary>Every bad input of a build: one error line, with its code. All of them are projects of one solution, built once.</summary>
[TestClass]
public sealed class BadInputTests
{
    private static Workspace _workspace = null!;
    private static BuildOutput _output = null!;

    [ClassInitialize]
    public static async Task BuildAllAsync(TestContext context)
    {
        _workspace = Workspace.Create(nameof(BadInputTests));
        var solution = new StringBuilder("<Solution>");
        foreach (var (name, project) in Cases())
        {
            _workspace.Write($"{name}/{name}.vmproj", project.ToString());
            solution.Append(CultureInfo.InvariantCulture, $"""<Project Path="{name}/{name}.vmproj" Type="FAE04EC0-301F-11D3-BF4B-00C04F79EFBC" />""");
        }

        _workspace.Write("All.slnx", solution.Append("</Solution>").ToString());
        _output = await _workspace.RunAsync("build", "All.slnx", "-m:2");
    }

    [TestMethod]
    [DataRow("MissingFile", "MKT0012")]
    [DataRow("Directory", "MKT0013")]
    [DataRow("ZeroLength", "MKT1001")]
    [DataRow("Truncated", "MKT1001")]
    [DataRow("RawNamedVhd", "MKT1001")]
    [DataRow("Vhdx", "MKT1002")]
    [DataRow("Dynamic", "MKT1002")]
    [DataRow("WrongChecksum", "MKT1001")]
    [DataRow("NotWholeMiB", "MKT1004")]
    [DataRow("TooSmall", "MKT1006")]
    [DataRow("TooLarge", "MKT1008")]
    [DataRow("DuplicateLun", "MKT1013")]
    [DataRow("Lun99", "MKT1013")]
    [DataRow("TwoOSDisks", "MKT0011")]
    [DataRow("NoDisk", "MKT0010")]
    [DataRow("VersionOfTwoParts", "MKT1014")]
    [DataRow("PrereleaseVersion", "MKT1014")]
    [DataRow("NoVersion", "MKT1014")]
    [DataRow("HugeVersion", "MKT1014")]
    [DataRow("NegativeVersion", "MKT1014")]
    [DataRow("VersionWithLeadingZero", "MKT1014")]
    public void Is_one_coded_error(string name, string code)
    {
        var errors = _output.ErrorsOf(name);
        Assert.AreEqual(code, string.Join(' ', errors.Select(error => error.Code)), string.Join('\n', errors.Select(error => error.Text)) + "\n\n" + _output.Text);
        Assert.Contains("To mend it:", errors[0].Text);
        Assert.IsFalse(File.Exists(_workspace.Path(name, "bin", "Debug", $"{name}.vmimage.json")), "A failed validation left a manifest.");
        Assert.IsTrue(File.Exists(_workspace.Path(name, "bin", "Debug", "validation.json")), "A failed validation left no report.");
    }

    [TestMethod]
    public void Shows_no_stack_trace() => _output.AssertIsReadable();

    private static IEnumerable<(string Name, ImageProject Project)> Cases()
    {
        const long size = 30 * VhdFile.GiB;
        yield return ("MissingFile", new() { Items = OSDisk("nowhere.vhd") });

        Directory.CreateDirectory(Disk("Directory"));
        yield return ("Directory", new() { Items = OSDisk("disk.vhd") });

        _workspace.Write("ZeroLength/disk.vhd", "");
        yield return ("ZeroLength", new() { Items = OSDisk("disk.vhd") });

        yield return Changed("Truncated", file => file.SetLength(10 * VhdFile.GiB));
        yield return Changed("RawNamedVhd", file => file.SetLength(size));
        yield return Changed("WrongChecksum", file => Put(file, size + 64, [1, 2, 3, 4]));
        yield return Changed("NotWholeMiB", file =>
        {
            file.SetLength(size + (VhdFile.MiB / 2));
            Put(file, size + (VhdFile.MiB / 2), VhdFile.Footer(size + (VhdFile.MiB / 2)));
        });
        yield return Changed("TooSmall", file =>
        {
            file.SetLength(20 * VhdFile.GiB);
            Put(file, 20 * VhdFile.GiB, VhdFile.Footer(20 * VhdFile.GiB));
        });

        _workspace.Write("Vhdx/disk.vhd", "vhdxfile");
        SetLength(Disk("Vhdx"), 4 * VhdFile.MiB);
        yield return ("Vhdx", new() { Items = OSDisk("disk.vhd") });

        File.WriteAllBytes(Directory.CreateDirectory(_workspace.Path("Dynamic")).FullName + "/disk.vhd", VhdFile.Dynamic(size));
        yield return ("Dynamic", new() { Items = OSDisk("disk.vhd") });

        VhdFile.Write(_workspace.Path("TooLarge", "data.vhd"), 1024 * VhdFile.GiB);
        yield return ("TooLarge", new() { Items = OSDisk(SampleDisks.OSDisk) + DataDisk("data.vhd", "0") });

        VhdFile.Write(_workspace.Path("DuplicateLun", "a.vhd"), VhdFile.GiB);
        VhdFile.Write(_workspace.Path("DuplicateLun", "b.vhd"), VhdFile.GiB);
        yield return ("DuplicateLun", new() { Items = OSDisk(SampleDisks.OSDisk) + DataDisk("a.vhd", "0") + DataDisk("b.vhd", "0") });
        yield return ("Lun99", new() { Items = OSDisk(SampleDisks.OSDisk) + DataDisk(SampleDisks.DataDisk, "99") });

        yield return ("TwoOSDisks", new() { Items = OSDisk(SampleDisks.OSDisk) + OSDisk(SampleDisks.DataDisk) });
        yield return ("NoDisk", new() { Items = "" });
        yield return ("VersionOfTwoParts", new() { Version = "1.0" });
        yield return ("PrereleaseVersion", new() { Version = "1.0.0-beta" });
        yield return ("NoVersion", new() { Version = null });

        // NuGet's restore would fail on these two without a word.
        yield return ("HugeVersion", new() { Version = "99999999999.0.0" });
        yield return ("NegativeVersion", new() { Version = "-1.0.0" });
        yield return ("VersionWithLeadingZero", new() { Version = "01.0.0" });
    }

    private static string Disk(string name) => _workspace.Path(name, "disk.vhd");

    private static (string Name, ImageProject Project) Changed(string name, Action<FileStream> change)
    {
        using var file = File.Open(SampleDisks.ExpandOSDisk(Disk(name)), FileMode.Open);
        change(file);
        return (name, new() { Items = OSDisk("disk.vhd") });
    }

    private static void SetLength(string path, long length)
    {
        using var file = File.OpenWrite(path);
        file.SetLength(length);
    }

    private static void Put(FileStream file, long offset, ReadOnlySpan<byte> bytes)
    {
        file.Position = offset;
        file.Write(bytes);
    }
}
