using System.Globalization;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Signatures;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Signatures;

[TestClass]
public sealed class SignatureRulesTests
{
    // A Monday.
    private const string Now = "2026-03-02T10:00:00Z";
    private const string Good = $"https://a.blob.core.windows.net/c/os.vhd?sv=2023-11-03&st=2026-03-01T10:00:00Z&se=2026-03-23T10:00:00Z&sr=c&sp=rl&spr=https&sig={RealSignature}";
    private const string RealSignature = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA%3D";

    [TestMethod]
    [DataRow("current", Good)]
    [DataRow("2015-10;current", Good)]
    [DataRow("2015-10", $"http://a.blob.core.windows.net/c/os.vhd?sv=2023-11-03&st=2026-03-01T10:00:00Z&se=2026-03-11T10:00:00Z&sr=c&sp=rl&spr=https,http&sig={RealSignature}")]
    [DataRow("current", $"https://a.blob.core.windows.net/c/os.vhd?sv=2023-11-03&st=2026-03-01T10%3A00%3A00Z&se=2026-03-23T10%3A00%3A00Z&sr=c&sp=rl&sig={RealSignature}", DisplayName = "percent-encoded times, no spr")]
    [DataRow("current", $"https://a.blob.core.windows.net/c/dir/os.VHD?sig={RealSignature}&sp=rl&sr=c&st=2026-03-01T23:00:00Z&se=2026-04-23T10:00:00Z&sv=2023-11-03", DisplayName = "another order, a directory, the calendar day before")]
    [DataRow("current", $"https://a.blob.core.windows.net/c/os.vhd?sv=2023-11-03&st=2026-02-20T10:00:00Z&se=2026-03-18T10:00:00Z&sr=c&sp=rl&sig={RealSignature}", DisplayName = "made ten days ago to last three weeks")]
    [DataRow("current", $"http://127.0.0.1:10000/devstoreaccount1/c/os.vhd?sv=2023-11-03&st=2026-03-01T10:00:00Z&se=2026-03-23T10:00:00Z&sr=c&sp=rl&spr=https,http&sig={RealSignature}", DisplayName = "the emulator has no https")]
    public void Accepts(string levels, string uri) => Assert.AreEqual("", Codes(uri, levels));

    [TestMethod]
    [DataRow("sp=rl", "sp=rwl", "Error MKT4003")]
    [DataRow("sp=rl", "sp=rwdl", "Error MKT4003")]
    [DataRow("sp=rl", "sp=r", "Error MKT4003")]
    [DataRow("sp=rl", "sp=l", "Error MKT4003")]
    [DataRow("sp=rl", "sp=lr", "Error MKT4003")]
    [DataRow("sp=rl", "sp=RL", "Error MKT4003")]
    [DataRow("&sp=rl", "", "Error MKT4003")]
    [DataRow("&st=2026-03-01T10:00:00Z", "", "Error MKT4004")]
    [DataRow("st=2026-03-01T10:00:00Z", "st=2026-03-02T09:45:00Z", "Warning MKT4004")]
    [DataRow("st=2026-03-01T10:00:00Z", "st=2026-03-02T10:05:00Z", "Error MKT4004")]
    [DataRow("&se=2026-03-23T10:00:00Z", "", "Error MKT4005")]
    [DataRow("se=2026-03-23T10:00:00Z", "se=2026-03-23T09:59:59Z", "Error MKT4005")]
    [DataRow("se=2026-03-23T10:00:00Z", "se=2026-03-02T09:00:00Z", "Error MKT4005", DisplayName = "expired")]
    [DataRow("st=2026-03-01T10:00:00Z&se=2026-03-23T10:00:00Z", "st=2026-02-01T10:00:00Z&se=2026-03-05T10:00:00Z", "Warning MKT4005", DisplayName = "long enough when made, nearly over now")]
    [DataRow("sr=c", "sr=c&skoid=11111111-1111-1111-1111-111111111111&sktid=2&skt=2026-03-01T10:00:00Z&ske=2026-03-08T10:00:00Z&sks=b&skv=2023-11-03", "Error MKT4005", DisplayName = "user delegation")]
    [DataRow("st=2026-03-01T10:00:00Z", "st=2026-03-01T10:00Z", "Error MKT4006")]
    [DataRow("st=2026-03-01T10:00:00Z", "st=soon", "Error MKT4006")]
    [DataRow("se=2026-03-23T10:00:00Z", "se=2026-03-24", "Error MKT4006")]
    [DataRow("se=2026-03-23T10:00:00Z", "se=2026-03-23T10:00:00%2B01:00", "Error MKT4005, Error MKT4006", DisplayName = "an hour earlier, in another zone")]
    [DataRow("https://a", "http://a", "Error MKT4007")]
    [DataRow("spr=https", "spr=http", "Error MKT4007")]
    [DataRow("sr=c", "sr=b", "Warning MKT4008")]
    [DataRow("sr=c", "ss=b&srt=co", "Warning MKT4008")]
    [DataRow("os.vhd", "os", "Error MKT4009")]
    [DataRow("os.vhd", ".vhd", "Error MKT4009")]
    [DataRow("/os.vhd", "", "Error MKT4009")]
    [DataRow("os.vhd", "o%20s.vhd", "Error MKT4009")]
    [DataRow("os.vhd", "os.vhd ", "Error MKT4009")]
    [DataRow("https://a.blob.core.windows.net/c/", "", "Error MKT4009")]
    [DataRow($"&sig={RealSignature}", "", "Error MKT4014")]
    [DataRow("eJA%3D", "", "Error MKT4014", DisplayName = "a signature cut off")]
    [DataRow("eJA%3D", "eJA%253D", "Error MKT4014", DisplayName = "encoded twice")]
    [DataRow("q83v", "q+3v", "Error MKT4014", DisplayName = "a plus sign")]
    [DataRow("sv=2023-11-03&", "", "Error MKT4014")]
    [DataRow("&", "&amp;", "Error MKT4014")]
    [DataRow("sp=rl", "sp=rl&sp=rl", "Error MKT4014")]
    [DataRow("sp=rl", "sp=rl&sip=10.0.0.1-10.0.0.9", "Error MKT4014")]
    [DataRow("&sp=rl", "&si=policy", "Error MKT4014")]
    [DataRow("st=2026-03-01T10:00:00Z&se=2026-03-23T10:00:00Z&sr=c&sp=rl", "sr=c&si=policy", "Error MKT4014")]
    public void Refuses(string good, string bad, string codes) =>
        Assert.AreEqual(codes, Codes(Good.Replace(good, bad, StringComparison.Ordinal), "current"));

    [TestMethod]
    [DataRow("2015-10", "se=2026-03-11T10:00:00Z", "")]
    [DataRow("2015-10", "se=2026-03-11T09:59:59Z", "Error MKT4005")]
    [DataRow("2015-10;current", "se=2026-03-11T10:00:00Z", "Error MKT4005")]
    [DataRow("current", "se=2026-03-23T10:00:00Z", "")]
    public void The_later_expiry_counts(string levels, string expiry, string codes)
    {
        string uri = Good.Replace("se=2026-03-23T10:00:00Z", expiry, StringComparison.Ordinal);
        Assert.AreEqual(codes, Codes(levels == "2015-10" ? uri.Replace("https://", "http://", StringComparison.Ordinal).Replace("spr=https", "spr=https,http", StringComparison.Ordinal) : uri, levels));
    }

    [TestMethod]
    public void The_guide_of_2015_excludes_https() => Assert.AreEqual("Error MKT4007", Codes(Good, "2015-10"));

    // Seven days of work, counted from the day after; a weekend does not count.
    [TestMethod]
    [DataRow("2026-03-02T10:00:00Z", "2026-03-11T10:00:00Z", DisplayName = "Monday to Wednesday of the next week")]
    [DataRow("2026-03-06T23:59:59Z", "2026-03-17T23:59:59Z", DisplayName = "Friday over two weekends")]
    [DataRow("2026-03-07T10:00:00Z", "2026-03-17T10:00:00Z", DisplayName = "Saturday")]
    [DataRow("2026-03-08T10:00:00Z", "2026-03-17T10:00:00Z", DisplayName = "Sunday")]
    [DataRow("2026-12-31T10:00:00Z", "2027-01-11T10:00:00Z", DisplayName = "over the end of the year")]
    public void Counts_business_days(string now, string expected)
    {
        var terms = SignatureTerms.For("2015-10", Time(now));
        Assert.AreEqual(Time(expected), terms.NotExpiringBefore);
        Assert.IsFalse(terms.UseHttps);
    }

    [TestMethod]
    [DataRow("current")]
    [DataRow("2015-10;current")]
    [DataRow(" current ; 2015-10")]
    public void The_current_level_asks_for_three_weeks_and_https(string levels)
    {
        var terms = SignatureTerms.For(levels, Time(Now));
        Assert.AreEqual(Time(Now).AddDays(21), terms.NotExpiringBefore);
        Assert.IsTrue(terms.UseHttps);
        Assert.AreEqual(TimeSpan.FromDays(1), terms.StartBefore);
    }

    [TestMethod]
    [DataRow("sp=rl", "sp=rwl")]
    [DataRow("os.vhd?", "os.vhd%3F")]
    [DataRow("&sig=", "sig=")]
    [DataRow("&sp=rl", "&sp=rl", DisplayName = "nothing changed")]
    [DataRow("st=2026-03-01T10:00:00Z&", "st=2026-03-01T10:00:00Z", DisplayName = "an ampersand lost")]
    [DataRow("sr=c", "sr=b")]
    [DataRow("se=2026-03-23T10:00:00Z", "se=1")]
    [DataRow("https://", "")]
    [DataRow("spr=https&", "spr=https")]
    public void No_finding_holds_a_part_of_the_signature(string good, string bad)
    {
        foreach (Finding finding in Judge(Good.Replace(good, bad, StringComparison.Ordinal), "2015-10"))
        {
            string shown = finding.ToString() + finding.ToMessage();
            Assert.DoesNotContain("q83vEjRWeJ", shown);
            Assert.DoesNotContain("sig=", shown);
            Assert.DoesNotContain("core.windows.net/c", shown);
        }

        var supplied = new SuppliedSasUri(Good, "/src/uris.txt", "line 3");
        Assert.AreEqual("line 3 (os.vhd)", supplied.ToString());
    }

    [TestMethod]
    public void Reports_name_the_line_and_no_URI()
    {
        ImageDeclaration image = Images.Linux("/nowhere.vhd");
        ValidationReport none = Images.Validate(image);
        Assert.AreEqual(Outcome.NotApplicable, none.Result("MKT4003").Outcome);

        ValidationReport report = ImageValidator.Validate(
            image,
            new ValidationOptions { SasUris = [new SuppliedSasUri(Good.Replace("sp=rl", "sp=rwl", StringComparison.Ordinal), "/src/uris.txt", "line 3")] },
            CancellationToken.None);
        Finding finding = report.Result("MKT4003").Findings.Single();
        Assert.AreEqual("/src/uris.txt", finding.File);
        Assert.StartsWith("line 3 (os.vhd): ", finding.Found);
        Assert.AreEqual(Outcome.Passed, report.Result("MKT4009").Outcome);
        Assert.DoesNotContain("q83vEjRWeJ", report.ToJson());
        Assert.DoesNotContain("core.windows.net", report.ToJson());
    }

    [TestMethod]
    public void What_was_supplied_and_cannot_be_read_is_not_passed()
    {
        Finding fault = Marketplace.Requirements.Declaration.DeclarationFault.Create("MKT0026", "/src/uris.txt", "the file cannot be read", "", "");
        ValidationReport report = ImageValidator.Validate(Images.Linux("/nowhere.vhd"), new ValidationOptions { SasFaults = [fault] }, CancellationToken.None);
        Assert.AreEqual(Outcome.Inconclusive, report.Result("MKT4005").Outcome);
        Assert.Contains("MKT0026", report.Codes());
    }

    [TestMethod]
    [DataRow("\n# for the portal\n{0}\n  {0}  \n", "line 3, line 4")]
    [DataRow("\"{0}\",\r\n<{0}>\r\n", "line 1, line 2")]
    [DataRow("{{ \"disks\": [ {{ \"blob\": \"os.vhd\",\n\"uri\": \"{0}\" }},\n{{ \"lun\": 0, \"uri\": \"{0}\", \"expires\": \"2026\" }} ] }}", "line 2, line 3")]
    [DataRow("[\n\"{0}\"\n]", "line 2")]
    public void Reads_a_file_of_URIs(string text, string places)
    {
        using DiskFolder folder = new();
        File.WriteAllText(folder.At("uris.txt"), string.Format(CultureInfo.InvariantCulture, text, Good));
        IReadOnlyList<SuppliedSasUri> uris = SasUriFile.Read(folder.At("uris.txt"));
        Assert.AreEqual(places, string.Join(", ", uris.Select(uri => uri.Place)));
        Assert.IsEmpty(Judge(uris, "current"));
    }

    [TestMethod]
    public void A_URI_broken_into_lines_is_one_URI_and_one_finding()
    {
        using DiskFolder folder = new();
        File.WriteAllText(folder.At("uris.txt"), Good.Replace("&sr=c", "\n&sr=c", StringComparison.Ordinal) + "\n");
        IReadOnlyList<SuppliedSasUri> uris = SasUriFile.Read(folder.At("uris.txt"));
        Assert.AreEqual("lines 1 to 2", uris.Single().Place);
        Assert.AreEqual("MKT4009", Judge(uris, "current").Single().Code);
    }

    [TestMethod]
    [DataRow("{ \"uri\": \"https://a/?sig=q83vEjRWeJ", DisplayName = "JSON cut off")]
    public void A_file_that_cannot_be_read_is_not_quoted(string text)
    {
        using DiskFolder folder = new();
        File.WriteAllText(folder.At("uris.json"), text);
        IOException exception = Assert.ThrowsExactly<IOException>(() => SasUriFile.Read(folder.At("uris.json")));
        Assert.DoesNotContain("q83v", exception.ToString());
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static string Codes(string uri, string levels) => string.Join(", ", Judge(uri, levels).OrderBy(finding => finding.Code, StringComparer.Ordinal).Select(finding => $"{finding.Severity} {finding.Code}"));

    private static IReadOnlyList<Finding> Judge(string uri, string levels) => Judge([new SuppliedSasUri(uri, "/src/uris.txt", "line 1")], levels);

    private static IReadOnlyList<Finding> Judge(IReadOnlyList<SuppliedSasUri> uris, string levels) =>
        SignatureRules.Judge(uris, Images.ProjectFile, new ValidationOptions { Levels = levels, Time = new FixedTime(Time(Now)) });

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
