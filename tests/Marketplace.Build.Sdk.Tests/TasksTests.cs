using System.Text;
using Marketplace.Build.Sdk.Tests.Harness;
using Marketplace.Build.Tasks.Diagnostics;
using Marketplace.Build.Tasks.Manifest;
using Marketplace.Publishing.Upload;
using Marketplace.Requirements.Model;

namespace Marketplace.Build.Sdk.Tests;

[TestClass]
public sealed class TasksTests
{
    [TestMethod]
    [DataRow("https://a.blob.core.windows.net/c/os.vhd?sv=2021&sig=abc%2Bdef%3D&se=2026", "https://a.blob.core.windows.net/c/os.vhd?sv=2021&sig=[hidden]&se=2026")]
    [DataRow("AccountName=a;AccountKey=q83vEjRWeJA=;EndpointSuffix=x", "AccountName=a;AccountKey=[hidden];EndpointSuffix=x")]
    [DataRow("Authorization: SharedKey contoso:q83vEjRWeJA=", "Authorization: SharedKey contoso:[hidden]")]
    [DataRow("no secret: design=sig", "no secret: design=sig")]
    public void Hides_what_signs(string text, string expected) => Assert.AreEqual(expected, SecretRedactor.Redact(text));

    [TestMethod]
    [DataRow(0L, "0 bytes")]
    [DataRow(1023L, "1023 bytes")]
    [DataRow(1536L, "1.5 KiB")]
    [DataRow(32_212_254_720L, "30 GiB")]
    public void Writes_bytes_for_people(long bytes, string expected) => Assert.AreEqual(expected, ByteCount.Format(bytes));

    [TestMethod]
    public void Is_quiet_on_short_work_and_reports_every_five_seconds_on_long()
    {
        var time = new ManualTime();
        var lines = new List<string>();
        var progress = new ProgressLines(lines.Add, time);
        for (var second = 1; second <= 12; second++)
        {
            time.Seconds = second;
            progress.Report(new UploadProgress("os.vhd", second * VhdFile.GiB, 100 * VhdFile.GiB, VhdFile.GiB, TimeSpan.FromSeconds(100 - second)));
        }

        Assert.AreEqual(
            "os.vhd: 5 GiB of 100 GiB, 1 GiB/s, 1 min 35 s left\nos.vhd: 10 GiB of 100 GiB, 1 GiB/s, 1 min 30 s left",
            string.Join('\n', lines));
    }

    [TestMethod]
    public void Deletes_and_replaces_only_repair_scripts_of_its_own()
    {
        var folder = Directory.CreateDirectory(Path.Combine(PackedSdk.RunFolder, "repair-scripts")).FullName;
        var files = new RepairScriptFiles(folder);
        var script = new RepairScript(RepairScript.ShellFileName, Encoding.UTF8.GetBytes($"#!/bin/sh\n# {RepairScript.Mark} 1.0.0\n"));
        var path = files.PathOf(script);

        RepairScriptFiles.Write(path, script);
        RepairScriptFiles.Write(path, script);
        Assert.IsTrue(OperatingSystem.IsWindows() || File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute));
        RepairScriptFiles.Delete(path);
        Assert.IsFalse(File.Exists(path));

        File.WriteAllText(path, "#!/bin/sh\necho mine\n");
        RepairScriptFiles.Delete(path);
        Assert.ThrowsExactly<IOException>(() => RepairScriptFiles.Write(path, script));
        Assert.AreEqual("#!/bin/sh\necho mine\n", File.ReadAllText(path));
    }

    [TestMethod]
    public void Reads_the_manifest_it_wrote()
    {
        var path = Path.Combine(PackedSdk.RunFolder, "manifest.json");
        var manifest = new VmImageManifest
        {
            Name = "Vm",
            Version = "1.2.3",
            Publisher = "contoso",
            Offer = "appliance",
            Sku = "standard",
            OSFamily = "Linux",
            OperatingSystem = "Debian 12 «bookworm»",
            Generation = "V2",
            RecommendedSizes = ["Standard_D2s_v5"],
            Levels = "2015-10;current",
            Validated = DateTimeOffset.UtcNow,
            InputsHash = "00ff",
            Disks =
            [
                new ManifestDisk { Path = "disks/os.vhd", Lun = null, Caching = "ReadWrite", Length = 512, Modified = DateTimeOffset.UtcNow, VirtualSize = 0, AllocatedBytes = 0 },
                new ManifestDisk { Path = "disks/data.vhd", Lun = 3, Caching = "None", Length = 1024, Modified = DateTimeOffset.UtcNow, VirtualSize = 512, AllocatedBytes = 1 },
            ],
            Requirements = [new ManifestRequirement("MKT1001", "passed", "", ""), new ManifestRequirement("MKT2099", "notChecked", "only a running machine knows", "because")],
        };
        manifest.Write(path);

        var read = VmImageManifest.Read(path)!;

        CollectionAssert.AreEqual(manifest.Disks.ToList(), read.Disks.ToList());
        CollectionAssert.AreEqual(manifest.Requirements.ToList(), read.Requirements.ToList());
        CollectionAssert.AreEqual(manifest.RecommendedSizes.ToList(), read.RecommendedSizes.ToList());
        Assert.AreEqual(manifest, read with { Disks = manifest.Disks, Requirements = manifest.Requirements, RecommendedSizes = manifest.RecommendedSizes });
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("{}")]
    [DataRow("{\"schema\":2}")]
    [DataRow("{\"schema\":\"1\"}")]
    [DataRow("[]")]
    public void Takes_a_damaged_manifest_for_none(string text)
    {
        var path = Path.Combine(PackedSdk.RunFolder, $"damaged-{Guid.NewGuid():N}.json");
        File.WriteAllText(path, text);
        Assert.IsNull(VmImageManifest.Read(path));
    }

    [TestMethod]
    public void Carries_an_uploaded_disk_through_an_item()
    {
        var disk = new UploadedDisk
        {
            BlobName = "a/1.0.0/data.vhd",
            BlobUri = new Uri("http://127.0.0.1:10000/devstoreaccount1/c/a/1.0.0/data.vhd"),
            Lun = 4,
            Caching = "ReadOnly",
            VirtualSize = 4 * VhdFile.GiB,
            ContentHash = "abcd",
            BytesSent = 5,
            Requests = 6,
        };
        Assert.AreEqual(disk, UploadedDiskItem.Parse(UploadedDiskItem.From(disk)));
        Assert.AreEqual(disk with { Lun = null }, UploadedDiskItem.Parse(UploadedDiskItem.From(disk with { Lun = null })));
    }

    private sealed class ManualTime : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
