using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Marketplace.Build.Sdk.Tests.Harness;
using Marketplace.DiskImages;
using Marketplace.DiskImages.Content;
using Marketplace.Publishing.Remote;
using static Marketplace.Build.Sdk.Tests.Harness.ImageProject;

namespace Marketplace.Build.Sdk.Tests;

/// <summary>Image projects whose disks are not plain fixed VHDs with ext4: real dotnet, real disks.</summary>
[TestClass]
public sealed class DiskFormatTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    [DataRow("lvm-xfs", "Linux", "MKT2009 MKT2010")]
    [DataRow("btrfs-snapshot", "Linux", "")]
    [DataRow("windows", "Windows", "MKT1090")]
    public async Task Builds_what_is_on_other_file_systems(string disk, string family, string warnings)
    {
        var workspace = Workspace.Create();
        workspace.Write("Vm.vmproj", new ImageProject
        {
            Items = OSDisk(LayoutDisks.Expand(workspace.Path("os.vhd"), disk)),
            Properties = $"<VmImageOSFamily>{family}</VmImageOSFamily><VmImageOperatingSystem>Contoso Appliance</VmImageOperatingSystem>",
        }.ToString());

        var output = await workspace.RunAsync("build");

        output.MustSucceed();
        Assert.AreEqual(warnings, string.Join(' ', output.Warnings.Select(warning => warning.Code)), output.Text);
    }

    [TestMethod]
    public async Task Builds_and_publishes_a_VHDX_that_is_to_be_converted()
    {
        using var azurite = await Azurite.StartAsync(TestContext.CancellationToken);
        var workspace = Workspace.Create();
        workspace.Environment["AZURE_STORAGE_KEY"] = Azurite.Key;
        LayoutDisks.Expand(workspace.Path("os.vhdx"), "base-vhdx");
        workspace.Write("Vm.vmproj", new ImageProject { Items = """<OSDisk Include="os.vhdx" Convert="true" />""" }.ToString());

        (await workspace.RunAsync("build")).MustSucceed();
        var output = await workspace.RunAsync(["publish", "-p:VmImageContainer=converted", .. azurite.Properties]);

        output.MustSucceed();
        var blob = azurite.Container("converted").GetPageBlobClient("contoso/appliance/standard/1.0.0/os-os.vhd");
        using var published = DiskImage.Open(RemoteDisk.Open(RemoteDiskAddress.Parse(blob.Uri.AbsoluteUri), "", _ => null));
        using var source = DiskImage.Open(LayoutDisks.ExpandBase(workspace.Path("base.vhd")));
        Assert.IsEmpty(published.Footer!.FindProblems(published.FileLength));
        Assert.IsTrue(LayoutDisks.HaveSameBytes(source.Disk!, published.Disk!));
    }

    [TestMethod]
    public async Task A_VHDX_without_Convert_is_an_error_that_names_it()
    {
        var workspace = Workspace.Create();
        LayoutDisks.Expand(workspace.Path("os.vhdx"), "base-vhdx");
        workspace.Write("Vm.vmproj", new ImageProject { Items = OSDisk("os.vhdx") }.ToString());

        var output = await workspace.RunAsync("build");

        Assert.AreNotEqual(0, output.ExitCode);
        Assert.Contains("MKT1002", output.Errors.Select(error => error.Code));
        Assert.Contains("Convert=\"true\"", output.Text);
    }

    [TestMethod]
    public async Task ConvertVmDisks_writes_sparse_fixed_VHDs()
    {
        var workspace = Workspace.Create();
        LayoutDisks.Expand(workspace.Path("os.vhdx"), "base-vhdx");
        workspace.Write("Vm.vmproj", new ImageProject { Items = OSDisk("os.vhdx") }.ToString());

        (await workspace.RunAsync("build", "-t:ConvertVmDisks", "-p:VmImageConvertedDirectory=made/")).MustSucceed();

        Assert.IsTrue(LayoutDisks.HoldsSameDisk(workspace.Path("made", "os.vhd"), LayoutDisks.ExpandBase(workspace.Path("base.vhd"))));
        using var made = FileContent.Open(workspace.Path("made", "os.vhd"));
        Assert.IsLessThan(64L << 20, made.GetAllocatedExtents().Sum(extent => extent.Length));
        workspace.Write("Vm.vmproj", new ImageProject { Items = OSDisk("made/os.vhd") }.ToString());
        (await workspace.RunAsync("build")).MustSucceed();
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public async Task Builds_a_blob_in_place_by_https_and_publishes_it_by_a_copy()
    {
        using var azurite = await HttpsAzurite.StartAsync(TestContext.CancellationToken);
        var workspace = Workspace.Create();
        workspace.Environment["AZURE_STORAGE_KEY"] = Azurite.Key;
        workspace.Environment["SSL_CERT_FILE"] = azurite.CertificateFile;
        string[] target = [$"-p:VmImageStorageAccount={Marketplace.Publishing.Emulator.StorageEmulator.AccountName}", $"-p:VmImageStorageEndpoint={azurite.Endpoint}", "-p:VmImageContainer=published"];
        var blob = await PutAsync(azurite, LayoutDisks.ExpandBase(workspace.Path("base.vhd")));
        workspace.Write("Vm.vmproj", new ImageProject { Items = OSDisk($"{azurite.Endpoint}/source/os.vhd") }.ToString());

        (await workspace.RunAsync(["build", .. target])).MustSucceed();
        var again = await workspace.RunAsync(["build", "-v:n", .. target]);
        var output = await workspace.RunAsync(["publish", .. target]);

        Assert.Contains("Skipping target \"ValidateVmImage\"", again.Text);
        output.MustSucceed();
        Assert.Contains("0 bytes sent", output.Text);
        using var source = DiskImage.Open(workspace.Path("base.vhd"));
        var copy = azurite.Container("published").GetPageBlobClient("contoso/appliance/standard/1.0.0/os-os.vhd");
        Assert.AreEqual(source.FileLength, (await copy.GetPropertiesAsync(cancellationToken: TestContext.CancellationToken)).Value.ContentLength);
        foreach (var extent in source.File.GetAllocatedExtents())
        {
            for (var offset = extent.Offset; offset < extent.End; offset += 4 << 20)
            {
                var expected = new byte[Math.Min(4 << 20, extent.End - offset)];
                source.File.Read(offset, expected);
                var actual = await copy.DownloadContentAsync(new BlobDownloadOptions { Range = new HttpRange(offset, expected.Length) }, TestContext.CancellationToken);
                Assert.IsTrue(expected.AsSpan().SequenceEqual(actual.Value.Content.ToMemory().Span));
            }
        }

        // The footer is gone: the build sees that the blob changed, and what is wrong with it.
        await blob.UploadPagesAsync(new MemoryStream(new byte[512]), source.FileLength - 512, cancellationToken: TestContext.CancellationToken);
        var changed = await workspace.RunAsync(["build", .. target]);
        Assert.Contains("MKT1001", changed.Errors.Select(error => error.Code));
    }

    [TestMethod]
    public async Task A_signature_in_an_address_is_refused_and_not_repeated_by_the_error()
    {
        var workspace = Workspace.Create();
        workspace.Write("Vm.vmproj", new ImageProject { Items = OSDisk("https://contoso.blob.core.windows.net/images/os.vhd?sv=2023-11-03&sig=c2lnbmF0dXJl") }.ToString());

        var output = await workspace.RunAsync("build");

        output.MustFailWith("MKT0024");
        Assert.DoesNotContain("c2lnbmF0dXJl", output.Text);
    }

    private async Task<PageBlobClient> PutAsync(HttpsAzurite azurite, string path)
    {
        var container = azurite.Container("source");
        await container.CreateAsync(cancellationToken: TestContext.CancellationToken);
        var blob = container.GetPageBlobClient("os.vhd");
        using var file = FileContent.Open(path);
        await blob.CreateAsync(file.Length, cancellationToken: TestContext.CancellationToken);
        foreach (var extent in file.GetAllocatedExtents())
        {
            for (var offset = extent.Offset; offset < extent.End; offset += 4 << 20)
            {
                var part = new byte[Math.Min(4 << 20, extent.End - offset)];
                file.Read(offset, part);
                await blob.UploadPagesAsync(new MemoryStream(part), offset, cancellationToken: TestContext.CancellationToken);
            }
        }

        return blob;
    }
}
