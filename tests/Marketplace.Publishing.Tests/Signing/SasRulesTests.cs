using System.Globalization;
using Marketplace.Publishing.Signing;

namespace Marketplace.Publishing.Tests.Signing;

[TestClass]
public sealed class SasRulesTests
{
    // A Monday.
    private const string Now = "2026-03-02T10:00:00Z";
    private const string Good = "https://a.blob.core.windows.net/c/os.vhd?sv=2023-11-03&st=2026-03-01T10:00:00Z&se=2026-03-23T10:00:00Z&sr=c&sp=rl&spr=https&sig=x";

    [TestMethod]
    [DataRow("current", Good)]
    [DataRow("2015-10;current", Good)]
    [DataRow("2015-10", "http://a.blob.core.windows.net/c/os.vhd?sv=2023-11-03&st=2026-03-01T10:00:00Z&se=2026-03-11T10:00:00Z&sr=c&sp=rl&spr=https,http&sig=x")]
    [DataRow("current", "https://a.blob.core.windows.net/c/os.vhd?sv=2023-11-03&st=2026-03-01T10%3A00%3A00Z&se=2026-03-23T10%3A00%3A00Z&sr=c&sp=rl&sig=x")]
    public void Accepts(string levels, string uri) =>
        Assert.AreEqual("", Codes(uri, levels));

    [TestMethod]
    [DataRow("sp=rl", "sp=rwl", "MKT4003")]
    [DataRow("sp=rl", "sp=r", "MKT4003")]
    [DataRow("sp=rl", "sp=lr", "MKT4003")]
    [DataRow("&sp=rl", "", "MKT4003")]
    [DataRow("&st=2026-03-01T10:00:00Z", "", "MKT4004")]
    [DataRow("st=2026-03-01T10:00:00Z", "st=2026-03-02T09:45:00Z", "MKT4004")]
    [DataRow("&se=2026-03-23T10:00:00Z", "", "MKT4005")]
    [DataRow("se=2026-03-23T10:00:00Z", "se=2026-03-23T09:59:59Z", "MKT4005")]
    [DataRow("st=2026-03-01T10:00:00Z", "st=2026-03-01T10:00Z", "MKT4006")]
    [DataRow("se=2026-03-23T10:00:00Z", "se=2026-03-23", "MKT4006")]
    [DataRow("https://a", "http://a", "MKT4007,MKT4007")]
    [DataRow("sr=c", "sr=b", "MKT4008")]
    [DataRow("os.vhd", "os", "MKT4009")]
    [DataRow("os.vhd", ".vhd", "MKT4009")]
    [DataRow("os.vhd", "o%20s.vhd", "MKT4009")]
    public void Refuses(string good, string bad, string codes) =>
        Assert.AreEqual(codes, Codes(Good.Replace(good, bad, StringComparison.Ordinal), "current"));

    [TestMethod]
    public void The_guide_of_2015_excludes_https() => Assert.AreEqual("MKT4007", Codes(Good, "2015-10"));

    // Seven days of work, counted from the day after; a weekend does not count.
    [TestMethod]
    [DataRow("2026-03-02T10:00:00Z", "2026-03-11T10:00:00Z", DisplayName = "Monday to Wednesday of the next week")]
    [DataRow("2026-03-06T23:59:59Z", "2026-03-17T23:59:59Z", DisplayName = "Friday over two weekends")]
    [DataRow("2026-03-07T10:00:00Z", "2026-03-17T10:00:00Z", DisplayName = "Saturday")]
    [DataRow("2026-03-08T10:00:00Z", "2026-03-17T10:00:00Z", DisplayName = "Sunday")]
    [DataRow("2026-12-31T10:00:00Z", "2027-01-11T10:00:00Z", DisplayName = "over the end of the year")]
    public void Counts_business_days(string now, string expected)
    {
        SasPolicy policy = SasIssuer.PolicyFor("2015-10", Time(now));
        Assert.AreEqual(Time(expected), policy.NotExpiringBefore);
        Assert.IsFalse(policy.UseHttps);
    }

    [TestMethod]
    [DataRow("current")]
    [DataRow("2015-10;current")]
    [DataRow(" current ; 2015-10")]
    public void The_current_level_asks_for_three_weeks_and_https(string levels)
    {
        SasPolicy policy = SasIssuer.PolicyFor(levels, Time(Now));
        Assert.AreEqual(Time(Now).AddDays(21), policy.NotExpiringBefore);
        Assert.IsTrue(policy.UseHttps);
        Assert.AreEqual(TimeSpan.FromDays(1), policy.StartBefore);
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static string Codes(string uri, string levels) =>
        string.Join(',', SasRules.Check(new Uri(uri), levels, Time(Now)).Select(problem => problem.Code));
}
