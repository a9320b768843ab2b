using System.Globalization;
using Marketplace.Build.Sdk.Tests.Harness;

namespace Marketplace.Build.Sdk.Tests;

/// <summary>SAS URIs that somebody supplies: judged by the build, and in nothing the build writes down.</summary>
[TestClass]
public sealed class SasUriTests
{
    private const string Signature = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA%3D";
    private const string Check = "-t:CheckVmImageSasUris";

    [TestMethod]
    public async Task Judges_the_URIs_of_a_file_in_the_build_and_again_when_it_changed()
    {
        var workspace = Workspace.Create();
        workspace.Write("secret/uris.txt", $"# of the portal\n{Uri()}\n{Uri(permissions: "rwl")}\n");
        workspace.Write("Vm.vmproj", new ImageProject { Items = ImageProject.OSDisk(SampleDisks.OSDisk) + """<VmImageSasUri Include="secret/uris.txt" />""" }.ToString());

        var output = await workspace.RunAsync("build", "-bl:build.binlog");
        var error = output.MustFailWith("MKT4003");
        Assert.AreEqual(workspace.Path("secret", "uris.txt"), error.File);
        Assert.StartsWith("line 3 (os.vhd): ", error.Text);
        AssertIsSecret(workspace, output);

        workspace.Write("secret/uris.txt", Uri() + "\n");
        var good = (await workspace.RunAsync("build", "--no-restore", "-bl:build.binlog", "-v:diag")).MustSucceed();
        Assert.DoesNotContain("MKT4", string.Concat(good.Warnings.Select(warning => warning.Code)));
        Assert.Contains("\"id\": \"MKT4003\",\n      \"outcome\": \"passed\"", workspace.Read("bin", "Debug", "Vm.vmimage.json").ReplaceLineEndings("\n"));
        AssertIsSecret(workspace, good);

        Assert.Contains("Skipping target \"ValidateVmImage\"", (await workspace.RunAsync("build", "--no-restore", "-v:n")).MustSucceed().Text);
        workspace.Write("secret/uris.txt", Uri(days: 2) + "\n");
        (await workspace.RunAsync("build", "--no-restore")).MustFailWith("MKT4005");
    }

    [TestMethod]
    public async Task Judges_the_URI_of_an_environment_variable_every_time()
    {
        var workspace = Workspace.Create();
        workspace.Write("Vm.vmproj", new ImageProject { Items = ImageProject.OSDisk(SampleDisks.OSDisk) + """<VmImageSasUri Include="os" FromEnvironment="MY_DISK_URI" />""" }.ToString());
        workspace.Environment["MY_DISK_URI"] = Uri();
        (await workspace.RunAsync("build")).MustSucceed();

        workspace.Environment["MY_DISK_URI"] = Uri(permissions: "rwdl");
        var output = await workspace.RunAsync("build", "--no-restore", "-bl:build.binlog");
        Assert.Contains("the environment variable MY_DISK_URI", output.MustFailWith("MKT4003").Text);
        AssertIsSecret(workspace, output);

        workspace.Environment["MY_DISK_URI"] = null;
        Assert.Contains("MY_DISK_URI", (await workspace.RunAsync("build", "--no-restore")).MustFailWith("MKT0026").Text);
    }

    [TestMethod]
    public async Task Checks_URIs_alone_without_a_disk()
    {
        var workspace = Workspace.Create();
        workspace.Write("uris.json", $$"""{ "disks": [ { "uri": "{{Uri(resource: "b")}}" } ] }""");
        workspace.Write("Vm.vmproj", new ImageProject { Items = """<OSDisk Include="nowhere.vhd" /><VmImageSasUri Include="uris.json" />""" }.ToString());
        (await workspace.RunAsync("restore")).MustSucceed();

        var output = (await workspace.RunAsync("build", "--no-restore", Check, "-bl:build.binlog")).MustSucceed();
        Assert.AreEqual("MKT4008", output.Warnings.Single().Code);
        Assert.Contains("1 SAS URI(s) checked: 0 error(s), 1 warning(s)", output.Text);
        AssertIsSecret(workspace, output);
        Assert.IsEmpty((await workspace.RunAsync("build", "--no-restore", Check, "-p:NoWarn=MKT4008")).MustSucceed().Warnings);
        (await workspace.RunAsync("build", "--no-restore", Check, "-p:WarningsAsErrors=MKT4008")).MustFailWith("MKT4008");

        File.Delete(workspace.Path("uris.json"));
        Assert.AreEqual(workspace.Path("uris.json"), (await workspace.RunAsync("build", "--no-restore", Check)).MustFailWith("MKT0026").File);
    }

    [TestMethod]
    [DataRow("Include=\"{0}\"")]
    [DataRow("Include=\"os\" FromEnvironment=\"{0}\"")]
    public async Task Refuses_a_URI_in_the_project_and_does_not_repeat_it(string attributes)
    {
        var workspace = Workspace.Create();
        var item = string.Format(CultureInfo.InvariantCulture, attributes, Uri().Replace("&", "&amp;", StringComparison.Ordinal).Replace("%", "%25", StringComparison.Ordinal));
        workspace.Write("Vm.vmproj", new ImageProject { Items = ImageProject.OSDisk(SampleDisks.OSDisk) + $"<VmImageSasUri {item} />" }.ToString());

        var output = await workspace.RunAsync("build");
        var error = output.MustFailWith("MKT0026");
        Assert.Contains("revoke", error.Text);
        Assert.DoesNotContain(Signature[..20], output.Text);
        Assert.DoesNotContain(Signature[..20], workspace.Read("bin", "Debug", "validation.json"));
    }

    private static void AssertIsSecret(Workspace workspace, BuildOutput output)
    {
        Assert.DoesNotContain(Signature[..20], output.Text);
        Assert.IsEmpty(SecretScan.OfBinlog(workspace.Path("build.binlog"), Signature[..20], "&sig=", "core.windows.net/secretContainer"));
        foreach (var file in Directory.EnumerateFiles(workspace.Root, "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is ".json" or ".cache" && Path.GetFileName(file) != "uris.json"))
        {
            Assert.DoesNotContain(Signature[..20], File.ReadAllText(file), file);
        }
    }

    private static string Uri(string permissions = "rl", string resource = "c", int days = 30)
    {
        var now = DateTime.UtcNow;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"https://contoso.blob.core.windows.net/secretContainer/os.vhd?sv=2023-11-03&st={now.AddDays(-1):yyyy-MM-ddTHH:mm:ssZ}&se={now.AddDays(days):yyyy-MM-ddTHH:mm:ssZ}&sr={resource}&sp={permissions}&spr=https&sig={Signature}");
    }
}
