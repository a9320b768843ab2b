using System.Text.Json.Nodes;
using Json.Schema;
using Marketplace.Reports.Tests.Support;
using Marketplace.Requirements.Model;

namespace Marketplace.Reports.Tests;

[TestClass]
public sealed class JsonReportTests
{
    private static readonly Lazy<JsonSchema> Schema = new(() =>
    {
        using StreamReader reader = new(typeof(JsonReportTests).Assembly.GetManifestResourceStream("validation.schema.json")!);
        return JsonSchema.FromText(reader.ReadToEnd());
    });

    [TestMethod]
    [DataRow("good")]
    [DataRow("broken")]
    [DataRow("logical-volumes")]
    [DataRow("unread")]
    public void Is_valid_against_the_published_schema_and_reads_back(string name)
    {
        string json = SampleReports.Named(name).ToJson();

        Assert.AreEqual("", Schema.Value.Problems(json));
        Assert.AreEqual(json, ValidationReport.FromJson(json).ToJson());
    }

    [TestMethod]
    [DataRow("results.0.outcome", "\"Maybe\"")]
    [DataRow("disks.0.virtualSize", "-1")]
    [DataRow("schema", "1")]
    [DataRow("results.0.surprise", "1")]
    public void Another_document_is_not_valid(string path, string value)
    {
        JsonNode document = JsonNode.Parse(SampleReports.Good.ToJson())!;
        string[] steps = path.Split('.');
        JsonNode parent = steps[..^1].Aggregate(document, (node, step) => int.TryParse(step, out int index) ? node[index]! : node[step]!);
        parent[steps[^1]] = JsonNode.Parse(value);

        Assert.AreNotEqual("", Schema.Value.Problems(document.ToJsonString()));
    }

    [TestMethod]
    public void Has_the_layout_of_each_disk()
    {
        DiskSummary disk = SampleReports.Good.Disks[0];

        Assert.AreEqual("GPT", disk.PartitionTable);
        DiskArea root = Assert.ContainsSingle(disk.Areas.Where(area => area.Content == "ext4"));
        Assert.IsGreaterThan(0L, root.UsedBytes!.Value);
        Assert.IsLessThanOrEqualTo(root.Length, root.UsedBytes.Value + root.FreeBytes!.Value);
        DiskArea[] volumes = [.. SampleReports.LogicalVolumes.Disks[0].Areas.Where(area => area.Kind == DiskAreaKind.LogicalVolume)];
        Assert.IsNotEmpty(volumes);
        Assert.IsTrue(volumes.All(volume => volume.Start is null && volume.Name.Contains('/', StringComparison.Ordinal)));
        Assert.Contains("s_checksum", Assert.ContainsSingle(SampleReports.Unread.Disks[0].Areas.Where(area => area.Problem.Length > 0)).Problem);
    }
}
