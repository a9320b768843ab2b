using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Marketplace.Build.Sdk.Tests.Harness;
using static Marketplace.Build.Sdk.Tests.Harness.ImageProject;

namespace Marketplace.Build.Sdk.Tests;

/// <summary>Publishing a project that one build validated, by real dotnet against a real Azurite.</summary>
[TestClass]
public sealed partial class PublishTests
{
    private static Workspace _built = null!;
    private static Azurite _azurite = null!;

    public required TestContext TestContext { get; init; }

    [ClassInitialize]
    public static async Task BuildAsync(TestContext context)
    {
        _azurite = await Azurite.StartAsync(context.CancellationToken);
        _built = Workspace.Create(nameof(PublishTests));
        _built.Write("Vm/Vm.vmproj", new ImageProject().ToString());
        (await _built.RunAsync("build", "Vm", "-c", "Release", "-p:VmImageRequirements=2015-10")).MustSucceed();
    }

    [ClassCleanup]
    public static void Stop() => _azurite.Dispose();

    [TestMethod]
    public async Task Publishes_to_an_account_and_keeps_every_secret_out_of_logs_items_and_files()
    {
        var workspace = Workspace.Create();
        workspace.Environment["AZURE_STORAGE_KEY"] = Azurite.Key;
        workspace.Write("Vm.vmproj", new ImageProject
        {
            Items = OSDisk(SampleDisks.OSDisk) + DataDisk(SampleDisks.DataDisk, "0"),
            // A hook that logs what the stages hand on, as a curious user would.
            More = """
                <Target Name="AfterPublishVmImage">
                  <Message Importance="High" Text="HOOK %(VmImageUploadedDisk.Identity) %(VmImageUploadedDisk.Lun)" />
                  <Message Importance="High" Text="HOOK record $(VmImageCatalogRecord)" />
                </Target>
                """,
        }.ToString());

        var output = await workspace.RunAsync(["publish", "-bl:publish.binlog", "-p:VmImageContainer=secrets", .. _azurite.Properties]);

        Assert.AreEqual(0, output.ExitCode, output.Text);
        var sas = workspace.Read("bin", "Release", "publish", "sas-uris.json");
        var signatures = Signature().Matches(sas).Select(match => match.Groups[1].Value).ToList();
        Assert.HasCount(2, signatures, "One signed URI for each disk.");
        string[] secrets = [Azurite.Key, Uri.EscapeDataString(Azurite.Key), "&sig=", "?sig=", .. signatures, .. signatures.Select(Uri.UnescapeDataString)];
        Assert.IsEmpty(SecretScan.OfBinlog(workspace.Path("publish.binlog"), secrets));
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(secret, output.Text);
        }

        foreach (var file in Directory.EnumerateFiles(workspace.Root, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("sas-uris.json", StringComparison.Ordinal) && !file.EndsWith(".binlog", StringComparison.Ordinal)))
        {
            var text = await File.ReadAllTextAsync(file, TestContext.CancellationToken);
            Assert.IsFalse(secrets.Any(secret => text.Contains(secret, StringComparison.Ordinal)), file);
        }

        if (!OperatingSystem.IsWindows())
        {
            Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(workspace.Path("bin", "Release", "publish", "sas-uris.json")));
        }

        using var manifest = JsonDocument.Parse(workspace.Read("bin", "Release", "publish", "vmimage.json"));
        var published = manifest.RootElement.GetProperty("published");
        Assert.AreEqual(2, published.GetProperty("disks").GetArrayLength());
        Assert.Contains($"HOOK record {published.GetProperty("record").GetString()}", output.Text);
        Assert.Contains($"HOOK {published.GetProperty("disks")[1].GetProperty("uri").GetString()} 0", output.Text);
        Assert.Contains("Published contoso/appliance/standard 1.0.0", output.Text);
    }

    [TestMethod]
    public async Task Finds_a_secret_that_a_project_leaks()
    {
        // The proof that the scan above can fail.
        var workspace = Workspace.Create();
        workspace.Environment["AZURE_STORAGE_KEY"] = Azurite.Key;
        workspace.Write("Leak.proj", """
            <Project>
              <Target Name="Build"><Message Importance="Low" Text="$(AZURE_STORAGE_KEY)" /></Target>
              <!-- Vm.vhd?sig=inAComment -->
            </Project>
            """);
        (await workspace.RunAsync("msbuild", "Leak.proj", "-bl:leak.binlog")).MustSucceed();
        Assert.HasCount(1, SecretScan.OfBinlog(workspace.Path("leak.binlog"), Azurite.Key));
        Assert.HasCount(1, SecretScan.OfBinlog(workspace.Path("leak.binlog"), "?sig=inAComment"));
    }

    [TestMethod]
    public async Task Publishes_to_the_emulator_and_finds_the_version_there_the_next_time()
    {
        var workspace = Workspace.Create();
        workspace.Write("Vm.vmproj", new ImageProject { Properties = "<VmImageUseStorageEmulator>true</VmImageUseStorageEmulator><VmImageStorageAccount>contosoimages</VmImageStorageAccount>" }.ToString());

        var first = (await workspace.RunAsync("publish")).MustSucceed();
        Assert.Contains("Published contoso/appliance/standard 1.0.0", first.Text);
        Assert.Contains("/devstoreaccount1/appliance-standard/", first.Text);

        var second = (await workspace.RunAsync("publish")).MustSucceed();
        Assert.Contains("Skipping target \"ValidateVmImage\"", (await workspace.RunAsync("build", "-c", "Release", "-v:n")).Text);
        Assert.Contains("is published already with the same content; nothing was sent", second.Text);
        Assert.IsEmpty(second.Warnings, second.Text);

        (await workspace.RunAsync("clean", "-c", "Release")).MustSucceed();
        Assert.IsFalse(File.Exists(workspace.Path("bin", "Release", "publish", "sas-uris.json")), "clean left signatures behind.");
    }

    [TestMethod]
    public async Task Never_uploads_what_did_not_pass()
    {
        var workspace = Workspace.Create();
        workspace.Environment["AZURE_STORAGE_KEY"] = Azurite.Key;
        VhdFile.Write(workspace.Path("blank.vhd"), 20 * VhdFile.GiB);
        workspace.Write("Vm.vmproj", new ImageProject { Items = OSDisk("blank.vhd") }.ToString());
        var output = await workspace.RunAsync(["publish", "-p:VmImageContainer=never", .. _azurite.Properties]);
        Assert.AreNotEqual(0, output.ExitCode);
        output.AssertIsReadable();
        Assert.Contains("MKT1006", output.Text);
        Assert.IsEmpty(await _azurite.BlobsAsync("never", TestContext.CancellationToken));

        // Nor when a target of the publish is asked for by name.
        await workspace.RunAsync(["build", "-t:UploadVmImage", "-p:VmImageContainer=never", .. _azurite.Properties]);
        Assert.IsEmpty(await _azurite.BlobsAsync("never", TestContext.CancellationToken));
    }

    [TestMethod]
    public Task Says_that_the_storage_is_unreachable() =>
        FailsAsync("MKT5001", Azurite.Key, null, "-p:VmImageStorageAccount=devstoreaccount1", "-p:VmImageStorageEndpoint=http://127.0.0.1:9/devstoreaccount1");

    [TestMethod]
    public Task Says_that_the_key_is_wrong() =>
        FailsAsync("MKT5002", Convert.ToBase64String(new byte[64]), null, _azurite.Properties);

    [TestMethod]
    public Task Says_that_the_token_has_expired() =>
        FailsAsync("MKT5003", null, "sv=2023-11-03&ss=b&srt=co&sp=rwlc&st=2020-01-01T00:00:00Z&se=2020-01-02T00:00:00Z&sig=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D", _azurite.Properties);

    [TestMethod]
    public async Task Refuses_an_endpoint_without_https_before_anything_is_sent()
    {
        var workspace = Workspace.Create();
        workspace.Environment["AZURE_STORAGE_KEY"] = Azurite.Key;
        workspace.Write("Vm.vmproj", new ImageProject().ToString());
        var output = await workspace.RunAsync(["publish", .. _azurite.Properties, "-p:VmImageRequirements=2015-10%3Bcurrent", "-p:VmImageContainer=plain"]);
        output.MustFailWith("MKT4007");
        Assert.IsEmpty(await _azurite.BlobsAsync("plain", TestContext.CancellationToken));
    }

    [TestMethod]
    public async Task Refuses_a_token_that_cannot_sign_before_anything_is_sent()
    {
        await FailsAsync("MKT4011", null, "sv=2023-11-03&ss=b&srt=co&sp=rwlc&se=2999-01-02T00:00:00Z&sig=AAAA", [.. _azurite.Properties, "-p:VmImageContainer=token"]);
        Assert.IsEmpty(await _azurite.BlobsAsync("token", TestContext.CancellationToken));
    }

    [TestMethod]
    public async Task Refuses_a_place_that_cannot_take_the_signed_URIs_before_anything_is_sent()
    {
        Directory.CreateDirectory(_built.Path("occupied/sas-uris.json"));
        string file = await FileOfFailureAsync("MKT4013", Azurite.Key, null, [.. _azurite.Properties, "-p:VmImageContainer=occupied", $"-p:PublishDir={_built.Path("occupied")}/"]);
        Assert.EndsWith("sas-uris.json", file);
        Assert.IsEmpty(await _azurite.BlobsAsync("occupied", TestContext.CancellationToken));
    }

    [TestMethod]
    public Task Says_that_there_is_no_credential() => FailsAsync("MKT4020", null, null, _azurite.Properties);

    [TestMethod]
    [DataRow("not a uri")]
    [DataRow("ftp://contoso.example")]
    [DataRow("https://contoso.blob.core.windows.net/?sig=secretSecret")]
    public Task Says_that_the_endpoint_is_none(string endpoint) =>
        FailsAsync("MKT0009", Azurite.Key, null, "-p:VmImageStorageAccount=contoso", $"-p:VmImageStorageEndpoint={endpoint}");

    [TestMethod]
    public async Task Says_that_Node_is_missing()
    {
        _built.Environment["PATH"] = _built.Root;
        try
        {
            await FailsAsync("MKT0020", null, null, "-p:VmImageUseStorageEmulator=true");
        }
        finally
        {
            _built.Environment.Remove("PATH");
        }
    }

    [TestMethod]
    public async Task Leaves_no_record_when_it_is_stopped_and_finishes_when_run_again()
    {
        const string container = "killed";
        var workspace = Workspace.Create();
        workspace.Environment["AZURE_STORAGE_KEY"] = Azurite.Key;
        VhdFile.Write(workspace.Path("data.vhd"), VhdFile.GiB);
        var noise = new byte[96 * VhdFile.MiB];
        new Random(1).NextBytes(noise);
        VhdFile.Overwrite(workspace.Path("data.vhd"), 0x100000, noise);
        workspace.Write("Vm.vmproj", new ImageProject { Items = OSDisk(SampleDisks.OSDisk) + DataDisk("data.vhd", "0") }.ToString());
        string[] publish = ["publish", $"-p:VmImageContainer={container}", .. _azurite.Properties];

        if (!OperatingSystem.IsWindows() && !IsInterruptIgnored())
        {
            var cancelled = await StopInTheMiddleAsync(workspace, "cancelled", process => Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit());
            cancelled.MustFailWith("MKT5090");
        }

        await StopInTheMiddleAsync(workspace, container, process => process.Kill(entireProcessTree: true));

        var again = (await workspace.RunAsync(publish)).MustSucceed();
        Assert.Contains("data.vhd' was left incomplete by the publish from '", again.Text);

        var blobs = await _azurite.BlobsAsync(container, TestContext.CancellationToken);
        Assert.HasCount(1, blobs.Where(blob => blob.Name.EndsWith(".json", StringComparison.Ordinal)));
        Assert.IsTrue(blobs.Where(blob => blob.Name.EndsWith(".vhd", StringComparison.Ordinal)).All(blob => blob.Metadata["vhd_state"] == "complete"));
    }

    // A shell starts what it puts in the background with SIGINT ignored, and every child inherits that: Ctrl+C reaches none of them.
    private static bool IsInterruptIgnored() =>
        OperatingSystem.IsLinux() && (Convert.ToUInt64(File.ReadLines("/proc/self/status").Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..].Trim(), 16) & 2) != 0;

    private async Task<BuildOutput> StopInTheMiddleAsync(Workspace workspace, string container, Action<Process> stop)
    {
        using var process = workspace.Start(out var text, ["publish", $"-p:VmImageContainer={container}", .. _azurite.Properties]);

        // In the middle of the larger disk: its blob is there, and is not complete.
        while (!(await _azurite.BlobsAsync(container, TestContext.CancellationToken)).Any(blob => blob.Name.EndsWith("data.vhd", StringComparison.Ordinal)))
        {
            Assert.IsFalse(process.HasExited, text.ToString());
            await Task.Delay(20, TestContext.CancellationToken);
        }

        stop(process);
        await process.WaitForExitAsync(TestContext.CancellationToken);

        var left = await _azurite.BlobsAsync(container, TestContext.CancellationToken);
        Assert.IsEmpty(left.Where(blob => blob.Name.EndsWith(".json", StringComparison.Ordinal)), "A stopped publish left a record.");
        Assert.AreNotEqual("complete", left.Single(blob => blob.Name.EndsWith("data.vhd", StringComparison.Ordinal)).Metadata["vhd_state"]);
        return new BuildOutput(process.ExitCode, text.ToString());
    }

    private static async Task FailsAsync(string code, string? key, string? token, params string[] properties) =>
        Assert.EndsWith("Vm.vmproj", await FileOfFailureAsync(code, key, token, properties));

    private static async Task<string> FileOfFailureAsync(string code, string? key, string? token, params string[] properties)
    {
        _built.Environment["AZURE_STORAGE_KEY"] = key;
        _built.Environment["AZURE_STORAGE_SAS_TOKEN"] = token;
        var binlog = _built.Path($"{Guid.NewGuid():N}.binlog");
        var output = await _built.RunAsync(["publish", "Vm", "--no-build", "-p:VmImageRequirements=2015-10", $"-bl:{binlog}", .. properties]);
        var error = output.MustFailWith(code);
        Assert.IsEmpty(SecretScan.OfBinlog(binlog, key ?? token ?? "?sig=", "&sig="));
        return error.File;
    }

    [GeneratedRegex("sig=([^\"&]+)")]
    private static partial Regex Signature();
}
