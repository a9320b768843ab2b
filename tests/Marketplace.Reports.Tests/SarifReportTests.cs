using System.Text.Json;
using Marketplace.Reports.Tests.Support;
using Marketplace.Requirements.Model;

namespace Marketplace.Reports.Tests;

[TestClass]
public sealed class SarifReportTests
{
    [TestMethod]
    [DataRow("good")]
    [DataRow("broken")]
    [DataRow("logical-volumes")]
    [DataRow("unread")]
    public void Is_valid_SARIF(string name) =>
        Assert.AreEqual("", SarifSchema.Schema.Problems(SampleReports.Named(name).ToSarif("samples/appliance")));

    [TestMethod]
    public void What_is_no_SARIF_is_not_valid()
    {
        string sarif = SampleReports.Broken.ToSarif();

        Assert.AreNotEqual("", SarifSchema.Schema.Problems(sarif.Replace("\"level\": \"error\"", "\"level\": \"fatal\"", StringComparison.Ordinal)));
        Assert.AreNotEqual("", SarifSchema.Schema.Problems(sarif.Replace("\"ruleId\"", "\"rule\"", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Every_finding_is_a_failure_at_the_project_with_the_disk_beside_it()
    {
        ValidationReport report = SampleReports.Broken;
        JsonElement run = Run(report, "samples/appliance");
        JsonElement[] failures = [.. run.GetProperty("results").EnumerateArray().Where(result => Text(result, "kind") == "fail")];
        Finding[] findings = [.. report.Results.SelectMany(result => result.Findings)];

        Assert.AreEqual(
            string.Join('\n', findings.Select(finding => $"{finding.Code} {finding.Severity.ToString().ToLowerInvariant().Replace("info", "note", StringComparison.Ordinal)}").Order(StringComparer.Ordinal)),
            string.Join('\n', failures.Select(failure => $"{Text(failure, "ruleId")} {Text(failure, "level")}").Order(StringComparer.Ordinal)));
        JsonElement[] rules = [.. run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray()];
        foreach (JsonElement failure in failures)
        {
            JsonElement place = failure.GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation");
            Assert.AreEqual(("samples/appliance/appliance.vmproj", "%SRCROOT%"), (Text(place, "uri"), Text(place, "uriBaseId")));
            Assert.AreEqual(Text(failure, "ruleId"), Text(rules[failure.GetProperty("ruleIndex").GetInt32()], "id"));
        }

        JsonElement swap = failures.First(failure => Text(failure, "ruleId") == "MKT2011" && failure.GetProperty("locations")[0].GetRawText().Contains("/etc/fstab", StringComparison.Ordinal));
        Assert.StartsWith("disks/os.vhd: /etc/fstab:", Text(swap.GetProperty("message"), "text"));
        Assert.StartsWith("disks/os.vhd:/etc/fstab:", Text(swap.GetProperty("locations")[0].GetProperty("logicalLocations")[0], "fullyQualifiedName"));
        Assert.AreEqual("samples/appliance/disks/os.vhd", Text(swap.GetProperty("relatedLocations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation"), "uri"));
        Assert.AreEqual(failures.Length, failures.Select(failure => Text(failure.GetProperty("partialFingerprints"), "finding/v1")).Distinct().Count());
    }

    [TestMethod]
    public void Every_other_outcome_has_its_kind_and_is_no_failure()
    {
        foreach (ValidationReport report in (ValidationReport[])[SampleReports.Good, SampleReports.Unread])
        {
            JsonElement run = Run(report);
            ILookup<string, JsonElement> byKind = run.GetProperty("results").EnumerateArray().ToLookup(result => Text(result, "kind"));

            Assert.HasCount(report.Count(Outcome.Passed), byKind["pass"]);
            Assert.HasCount(report.Count(Outcome.NotApplicable), byKind["notApplicable"]);
            Assert.HasCount(report.Count(Outcome.Inconclusive), byKind["open"]);
            Assert.HasCount(report.Count(Outcome.NotChecked), byKind["review"]);
            Assert.IsTrue(byKind.Where(kind => kind.Key != "fail").SelectMany(kind => kind).All(result => Text(result, "level") == "none"));
            Assert.AreEqual(report.Results.Count, run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().Count(rule => Text(rule, "id") != "MKT1090"));
        }

        Assert.Contains("MKT1090", Run(SampleReports.Unread).GetProperty("results").EnumerateArray().Where(result => Text(result, "kind") == "fail").Select(result => Text(result, "ruleId")));
    }

    [TestMethod]
    public void What_a_project_accepts_is_suppressed_with_its_reason()
    {
        JsonElement accepted = Run(SampleReports.LogicalVolumes).GetProperty("results").EnumerateArray().First(result => Text(result, "ruleId") == "MKT2010" && Text(result, "kind") == "fail");

        JsonElement suppression = accepted.GetProperty("suppressions")[0];
        Assert.AreEqual(("external", "accepted", "The volume group is kept for <resizing>, case 4711"), (Text(suppression, "kind"), Text(suppression, "status"), Text(suppression, "justification")));
    }

    [TestMethod]
    public void Fingerprints_outlive_a_changed_line_and_another_run()
    {
        ValidationReport moved = SampleReports.Broken with
        {
            Time = SampleReports.Broken.Time.AddDays(1),
            Results = [.. SampleReports.Broken.Results.Select(result => result with { Findings = [.. result.Findings.Select(finding => finding with { Line = finding.Line + 3 })] })],
        };

        Assert.AreEqual(Fingerprints(SampleReports.Broken), Fingerprints(moved));

        static string Fingerprints(ValidationReport report) => string.Join('\n', Run(report).GetProperty("results").EnumerateArray()
            .Where(result => result.TryGetProperty("partialFingerprints", out _))
            .Select(result => result.GetProperty("partialFingerprints").GetRawText()));
    }

    [TestMethod]
    public void Words_from_a_disk_make_no_link_and_no_placeholder()
    {
        JsonElement result = Run(Hostile.Report("[click](http://example.com) {0}")).GetProperty("results").EnumerateArray().First(result => Text(result, "kind") == "fail");

        Assert.Contains(@"\[click\](http://example.com) {{0}}", Text(result.GetProperty("message"), "text"));
    }

    private static JsonElement Run(ValidationReport report, string folder = "") => JsonDocument.Parse(report.ToSarif(folder)).RootElement.GetProperty("runs")[0];

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
