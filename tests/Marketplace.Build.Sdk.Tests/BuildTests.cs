using System.Text.Json;
using Marketplace.Build.Sdk.Tests.Harness;
using static Marketplace.Build.Sdk.Tests.Harness.ImageProject;

namespace Marketplace.Build.Sdk.Tests;

/// <summary>What a build makes, and when it makes it again.</summary>
[TestClass]
public sealed class BuildTests
{
    private const string Skipped = "Skipping target \"ValidateVmImage\"";

    [TestMethod]
    public async Task Validates_again_when_and_only_when_something_changed()
    {
        var workspace = Workspace.Create();
        var data = workspace.Path("disks", "a.vhd");
        VhdFile.Write(data, VhdFile.GiB);
        var project = new ImageProject
        {
            Items = OSDisk(SampleDisks.OSDisk) + """<DataDisk Include="disks/*.vhd" Lun="0" />""",
        };
        workspace.Write("Vm.vmproj", project.ToString());

        (await workspace.RunAsync("restore")).MustSucceed();
        var first = await BuildAsync();
        Assert.DoesNotContain(Skipped, first.Text);
        Assert.Contains($"Vm -> {workspace.Path("bin", "Debug", "Vm.vmimage.json")}", first.Text);
        using (var manifest = JsonDocument.Parse(workspace.Read("bin", "Debug", "Vm.vmimage.json")))
        {
            Assert.AreEqual("disks/a.vhd", manifest.RootElement.GetProperty("disks")[1].GetProperty("path").GetString());
            Assert.AreEqual(VhdFile.GiB + VhdFile.FooterLength, manifest.RootElement.GetProperty("disks")[1].GetProperty("length").GetInt64());
            Assert.AreEqual("1.0.0", manifest.RootElement.GetProperty("version").GetString());
        }

        foreach (var report in (string[])["validation.json", "validation.sarif", "validation.html"])
        {
            var text = workspace.Read("bin", "Debug", report);
            Assert.DoesNotContain(workspace.Root, text, $"{report} has an absolute path.");
            Assert.Contains(report == "validation.sarif" ? "\"uri\": \"Vm.vmproj\"" : "disks/a.vhd", text, report);
        }

        // Nothing changed: the disks are not opened, and what was said before is said again.
        var locked = OperatingSystem.IsWindows() ? File.Open(data, FileMode.Open, FileAccess.Read, FileShare.None) : null;
        using (locked)
        {
            var second = await BuildAsync();
            Assert.Contains(Skipped, second.Text);
            Assert.AreEqual(Texts(first), Texts(second));
            Assert.AreEqual(Summary(first), Summary(second));
        }

        var version = await BuildAsync("-p:Version=1.0.1");
        Assert.DoesNotContain(Skipped, version.Text, "another version");
        Assert.Contains("\"1.0.1\"", workspace.Read("bin", "Debug", "Vm.vmimage.json"));
        Assert.DoesNotContain(Skipped, (await BuildAsync()).Text, "the first version again");

        // An older time of change, as of a disk copied with its times, is a change too.
        File.SetLastWriteTimeUtc(data, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.DoesNotContain(Skipped, (await BuildAsync()).Text, "a disk with an older time");

        workspace.Write("Vm.vmproj", (project with { Items = project.Items.Replace("Lun=\"0\"", "Lun=\"0\" Caching=\"ReadOnly\"", StringComparison.Ordinal) }).ToString());
        Assert.DoesNotContain(Skipped, (await BuildAsync()).Text, "other metadata");

        File.Delete(data);
        Assert.DoesNotContain(Skipped, (await BuildAsync()).Text, "a removed disk");
        Assert.DoesNotContain("a.vhd", workspace.Read("bin", "Debug", "Vm.vmimage.json"));

        VhdFile.Write(data, VhdFile.GiB);
        Assert.DoesNotContain(Skipped, (await BuildAsync()).Text, "an added disk");

        // A failed validation leaves nothing that says the image passed, and runs again.
        VhdFile.Overwrite(data, VhdFile.GiB + 64, [1, 2, 3, 4]);
        foreach (var attempt in (string[])["first", "second"])
        {
            var failed = await workspace.RunAsync("build", "--no-restore", "-v:n");
            Assert.AreEqual("MKT1001", failed.Errors.Single().Code, $"{attempt}: {failed.Text}");
            Assert.IsFalse(File.Exists(workspace.Path("bin", "Debug", "Vm.vmimage.json")));
        }

        (await workspace.RunAsync("clean")).MustSucceed();
        Assert.IsEmpty(Directory.EnumerateFiles(workspace.Path("bin"), "*", SearchOption.AllDirectories));
        Assert.IsEmpty(Directory.EnumerateFiles(workspace.Path("obj"), "*vmimage*", SearchOption.AllDirectories));

        async Task<BuildOutput> BuildAsync(params string[] arguments) =>
            (await workspace.RunAsync(["build", "--no-restore", "-v:n", .. arguments])).MustSucceed();

        static string Texts(BuildOutput output) => string.Join('\n', output.Warnings.Select(warning => $"{warning.File}: {warning.Code} {warning.Text}"));

        static string Summary(BuildOutput output) => output.Text.Split('\n').First(line => line.Contains(" passed, ", StringComparison.Ordinal)).Split("Vm: ")[1].Trim();
    }

    [TestMethod]
    public async Task Shows_a_warning_again_and_lets_the_project_promote_it()
    {
        var workspace = Workspace.Create();
        workspace.Write("Vm.vmproj", new ImageProject { Properties = "<VmImageRecommendedSizes>D1;D2;D3;D4;D5;D6;D7</VmImageRecommendedSizes>", More = """<ItemGroup><VmImageRequirement Update="MKT1020" Severity="Warning" Justification="A | B; 50 %25 of it" /></ItemGroup>""" }.ToString());

        var first = await workspace.RunAsync("build");
        Assert.HasCount(1, first.Warnings, first.Text);
        Assert.Contains("A | B; 50 % of it", first.Warnings[0].Text);
        var second = await workspace.RunAsync("build");
        Assert.AreEqual(first.Warnings[0] with { Text = "" }, second.Warnings.Single() with { Text = "" });
        Assert.AreEqual(first.Warnings[0].Text.Replace('|', '¦'), second.Warnings[0].Text);
        Assert.Contains("A | B; 50 % of it", workspace.Read("bin", "Debug", "Vm.vmimage.json"));

        (await workspace.RunAsync("build", "--no-restore", "-p:WarningsAsErrors=MKT1020", "-p:Version=1.0.1")).MustFailWith("MKT1020");
        Assert.IsFalse(File.Exists(workspace.Path("bin", "Debug", "Vm.vmimage.json")), "A promoted warning left a manifest.");
        Assert.IsEmpty((await workspace.RunAsync("build", "--no-restore", "-p:NoWarn=MKT1020")).MustSucceed().Warnings);

        // What passed as a warning has not passed for a project that now takes it for an error.
        (await workspace.RunAsync("publish", "--no-build", "-p:VmImageUseStorageEmulator=true", "-c", "Debug", "-p:WarningsAsErrors=MKT1020")).MustFailWith("MKT0005");
        (await workspace.RunAsync("build", "--no-restore", "-p:WarningsAsErrors=MKT1020")).MustFailWith("MKT1020");
        Assert.IsFalse(File.Exists(workspace.Path("bin", "Debug", "Vm.vmimage.json")), "A warning promoted after a build that passed left its manifest.");
    }

    [TestMethod]
    public async Task Writes_a_repair_script_for_what_was_found_and_deletes_it_when_nothing_is()
    {
        var workspace = Workspace.Create();
        var script = workspace.Path("bin", "Debug", "fix.sh");
        SampleDisks.ExpandBrokenOSDisk(workspace.Path("broken.vhd"));
        workspace.Write("Vm.vmproj", new ImageProject { Items = OSDisk("broken.vhd") }.ToString());

        var broken = await workspace.RunAsync("build");
        Assert.AreNotEqual(0, broken.ExitCode, broken.Text);
        Assert.Contains("fix.sh", broken.Text);
        Assert.Contains("comment_out '/etc/fstab' '/swapfile none swap sw 0 0'", workspace.Read("bin", "Debug", "fix.sh"));

        workspace.Write("Vm.vmproj", new ImageProject { Items = OSDisk(SampleDisks.OSDisk) }.ToString());
        (await workspace.RunAsync("build", "--no-restore")).MustSucceed();
        Assert.IsFalse(File.Exists(script), "A script for findings that are gone was left.");
    }

    [TestMethod]
    public async Task Refuses_stale_output_when_it_must_not_build()
    {
        var workspace = Workspace.Create();
        var data = workspace.Path("data.vhd");
        VhdFile.Write(data, VhdFile.GiB);
        workspace.Write("Vm.vmproj", new ImageProject { Items = OSDisk(SampleDisks.OSDisk) + DataDisk("data.vhd", "0"), Properties = "<VmImageStorageAccount>contoso</VmImageStorageAccount>" }.ToString());

        (await workspace.RunAsync("build")).MustSucceed();
        var missing = (await workspace.RunAsync("publish", "--no-build")).MustFailWith("MKT0004");
        Assert.Contains("dotnet build -c Release", missing.Text);

        (await workspace.RunAsync("build", "--no-restore", "-c", "Release")).MustSucceed();
        Assert.Contains("1.0.1", (await workspace.RunAsync("publish", "--no-build", "-p:Version=1.0.1")).MustFailWith("MKT0005").Text);
        (await workspace.RunAsync("publish", "--no-build", "-p:VmImageGeneration=V2")).MustFailWith("MKT0005");

        // Nothing is stale: only the credential is missing.
        (await workspace.RunAsync("publish", "--no-build")).MustFailWith("MKT4020");

        VhdFile.Overwrite(data, 0x200000, [1]);
        var changed = (await workspace.RunAsync("publish", "--no-build")).MustFailWith("MKT0005");
        Assert.AreEqual(data, changed.File);
    }

    [TestMethod]
    public async Task Runs_no_task_and_opens_no_disk_for_an_IDE()
    {
        var workspace = Workspace.Create();
        workspace.Write("Vm.vmproj", new ImageProject { Items = OSDisk("nowhere.vhd") }.ToString());
        (await workspace.RunAsync("restore")).MustSucceed();
        var output = await workspace.RunAsync(
            "msbuild", "-v:diag", "-p:DesignTimeBuild=true", "-p:BuildingProject=false", "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true",
            "-t:ResolveReferences;CompileDesignTime;GetTargetPath;GetTargetPathWithTargetPlatformMoniker;BuiltProjectOutputGroup;ContentFilesProjectOutputGroup");
        Assert.AreEqual(0, output.ExitCode, output.Text);
        Assert.DoesNotContain("Marketplace.Build.Tasks.ValidateVhd\" task from", output.Text);
        Assert.DoesNotContain("Using \"ValidateVhd\"", output.Text);
        Assert.DoesNotContain("MKT0012", output.Text);
    }

    [TestMethod]
    public async Task Lives_in_a_solution_with_an_ordinary_project()
    {
        var workspace = Workspace.Create();
        workspace.Environment["AZURE_STORAGE_KEY"] = null;
        // A project that compiles, made of what the .NET SDK brings along.
        workspace.Write("App/App.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net{Environment.Version.Major}.0</TargetFramework><OutputType>Exe</OutputType><UseAppHost>false</UseAppHost></PropertyGroup>
              <ItemGroup><ProjectReference Include="../Vm/Vm.vmproj" /></ItemGroup>
            </Project>
            """);
        workspace.Write("App/Program.cs", "System.Console.WriteLine(1);");
        workspace.Write("Vm/Vm.vmproj", new ImageProject { More = """<ItemGroup><ProjectReference Include="../Tool/Tool.csproj" /></ItemGroup>""", Properties = "<VmImageUseStorageEmulator>true</VmImageUseStorageEmulator>" }.ToString());
        workspace.Write("Tool/Tool.csproj", $"""<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net{Environment.Version.Major}.0</TargetFramework></PropertyGroup></Project>""");
        workspace.Write("Image/Image.csproj", new ImageProject().ToString());
        (await workspace.RunAsync("new", "sln", "-n", "All", "--format", "slnx")).MustSucceed();
        (await workspace.RunAsync("sln", "All.slnx", "add", "App/App.csproj", "Vm/Vm.vmproj", "Tool/Tool.csproj", "Image/Image.csproj")).MustSucceed();

        (await workspace.RunAsync("build", "All.slnx")).MustSucceed();
        Assert.IsTrue(File.Exists(workspace.Path("Vm", "bin", "Debug", "Vm.vmimage.json")));
        Assert.IsTrue(File.Exists(workspace.Path("Image", "bin", "Debug", "Image.vmimage.json")));
        Assert.IsTrue(File.Exists(workspace.Path("Tool", "bin", "Debug", $"net{Environment.Version.Major}.0", "Tool.dll")));
        Assert.IsFalse(File.Exists(workspace.Path("App", "bin", "Debug", $"net{Environment.Version.Major}.0", "Vm.dll")));

        // What Visual Studio does: references are built beforehand.
        (await workspace.RunAsync("build", "App", "--no-restore", "-p:BuildProjectReferences=false", "-t:Rebuild")).MustSucceed();
        (await workspace.RunAsync("build", "App", "--no-restore", "-graph", "-isolate")).MustSucceed();

        (await workspace.RunAsync("publish", "App")).MustSucceed();
        Assert.IsFalse(Directory.Exists(workspace.Path("Vm", "bin", "Release", "publish")), "Publishing the application published the image.");

        var pack = (await workspace.RunAsync("pack", "Vm")).MustSucceed();
        Assert.IsEmpty(Directory.EnumerateFiles(workspace.Root, "Vm*.nupkg", SearchOption.AllDirectories), pack.Text);

        (await workspace.RunAsync("build", "Vm", "-p:UseArtifactsOutput=true", $"-p:ArtifactsPath={workspace.Path("artifacts")}")).MustSucceed();
        Assert.IsTrue(File.Exists(workspace.Path("artifacts", "bin", "Vm", "debug", "Vm.vmimage.json")));
    }

    [TestMethod]
    public async Task Lets_a_project_make_its_disk_and_hook_every_stage()
    {
        var workspace = Workspace.Create();
        workspace.Write("Vm.vmproj", new ImageProject
        {
            Items = """<OSDisk Include="made.vhd" />""",
            More = $"""
                <PropertyGroup><BuildVmImageDependsOn>$(BuildVmImageDependsOn);Mine</BuildVmImageDependsOn></PropertyGroup>
                <Target Name="Mine"><Message Importance="High" Text="HOOK mine" /></Target>
                <Target Name="BeforeBuildVmImage"><Message Importance="High" Text="HOOK before build" /></Target>
                <Target Name="MakeDisk" BeforeTargets="BeforeValidateVmImage">
                  <Exec Command="ln -s '{SampleDisks.OSDisk}' made.vhd" Condition="!Exists('made.vhd')" />
                </Target>
                <Target Name="AfterValidateVmImage"><Message Importance="High" Text="HOOK after validate" /></Target>
                <Target Name="AfterBuildVmImage"><Message Importance="High" Text="HOOK after build" /></Target>
                """,
        }.ToString());
        if (OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(workspace.Path("made.vhd"), SampleDisks.OSDisk);
        }

        var output = (await workspace.RunAsync("build")).MustSucceed();
        var hooks = output.Text.Split('\n').Where(line => line.Contains("HOOK ", StringComparison.Ordinal)).Select(line => line.Trim());
        Assert.AreEqual("HOOK mine, HOOK before build, HOOK after validate, HOOK after build", string.Join(", ", hooks));
    }

    [TestMethod]
    public async Task Says_which_file_it_cannot_write()
    {
        var workspace = Workspace.Create();
        workspace.Write("Vm.vmproj", new ImageProject().ToString());
        var manifest = Directory.CreateDirectory(workspace.Path("bin", "Debug", "Vm.vmimage.json")).FullName;
        Assert.AreEqual(manifest, (await workspace.RunAsync("build")).MustFailWith("MKT0030").File);
    }

    [TestMethod]
    public async Task Says_once_that_it_cannot_write_its_reports()
    {
        var workspace = Workspace.Create();
        workspace.Write("Vm.vmproj", new ImageProject().ToString());
        Directory.CreateDirectory(workspace.Path("bin", "Debug", "validation.json"));
        Directory.CreateDirectory(workspace.Path("bin", "Debug", "validation.html"));
        Assert.AreEqual(workspace.Path("bin", "Debug", "validation.json"), (await workspace.RunAsync("build")).MustFailWith("MKT0030").File);
        Assert.IsFalse(File.Exists(workspace.Path("bin", "Debug", "Vm.vmimage.json")), "An image without its reports was taken for validated.");
    }

    [TestMethod]
    public async Task Writes_a_report_again_that_is_gone_or_asked_for_elsewhere()
    {
        var workspace = Workspace.Create();
        workspace.Write("Vm.vmproj", new ImageProject().ToString());
        (await workspace.RunAsync("build")).MustSucceed();
        string[] reports = ["validation.json", "validation.sarif", "validation.html"];
        foreach (var report in reports)
        {
            File.Delete(workspace.Path("bin", "Debug", report));
            (await workspace.RunAsync("build", "--no-restore")).MustSucceed();
            Assert.IsTrue(File.Exists(workspace.Path("bin", "Debug", report)), report);
        }

        workspace.Write("out/page.html", "of another day");
        (await workspace.RunAsync("build", "--no-restore", "-p:VmImageValidationHtmlFile=out/page.html")).MustSucceed();
        Assert.StartsWith("<!DOCTYPE html>", workspace.Read("out", "page.html"));
    }

    [TestMethod]
    public void Knows_every_requirement_by_its_code()
    {
        var report = Requirements.ImageValidator.Validate(
            new() { ProjectFile = Repository.Path("x.vmproj"), OSDisks = [], DataDisks = [] }, new(), CancellationToken.None);
        var listed = File.ReadAllLines(Repository.Path("sdk", "targets", "Marketplace.Build.Requirements.props"))
            .Where(line => line.Contains("Include=\"", StringComparison.Ordinal))
            .Select(line => line.Split('"')[1]);
        Assert.AreEqual(string.Join('\n', report.Results.Select(result => result.Id)), string.Join('\n', listed));
    }
}
