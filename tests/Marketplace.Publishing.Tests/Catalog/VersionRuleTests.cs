using Marketplace.Publishing.Catalog;

namespace Marketplace.Publishing.Tests.Catalog;

[TestClass]
public sealed class VersionRuleTests
{
    [TestMethod]
    [DataRow("1.0.0", null)]
    [DataRow("0.0.0", null)]
    [DataRow("2147483647.0.2147483647", null)]
    [DataRow("1.0.6", "1.0.5")]
    [DataRow("1.0.10", "1.0.9")]
    [DataRow("1.0.100", "1.0.5")]
    public void Accepts(string version, string? newest) =>
        Assert.IsEmpty(VersionRule.Check(version, Parse(newest), ""));

    [TestMethod]
    [DataRow("1.0")]
    [DataRow("1.0.0.0")]
    [DataRow("1.0.0-beta")]
    [DataRow("1.0.x")]
    [DataRow("1..0")]
    [DataRow("-1.0.0")]
    [DataRow("+1.0.0")]
    [DataRow(" 1.0.0")]
    [DataRow("1.0.2147483648")]
    [DataRow("v1.0.0")]
    [DataRow("")]
    public void Refuses_what_is_not_three_integers(string version) => Fails("MKT1014", version, null, "");

    [TestMethod]
    [DataRow("1.0.5", "1.0.5", "")]
    [DataRow("1.0.3", "1.0.5", "")]
    [DataRow("1.00.5", "1.0.5", "")]
    [DataRow("0.9.9", "1.0.5", "")]
    [DataRow("0.9.9", "1.0.5", "a reason does not help")]
    [DataRow("1.0.9", "1.0.10", "")]
    public void Refuses_a_version_that_does_not_grow(string version, string newest, string reason) => Fails("MKT4042", version, newest, reason);

    [TestMethod]
    [DataRow("1.1.0", "1.0.5", "")]
    [DataRow("2.0.0", "1.0.5", "")]
    [DataRow("1.1.6", "1.0.5", "  ")]
    public void Refuses_a_jump_without_a_reason(string version, string newest, string reason) => Fails("MKT4043", version, newest, reason);

    [TestMethod]
    [DataRow("1.1.0", "1.0.5")]
    [DataRow("2.0.0", "1.0.5")]
    public void Notes_a_jump_with_a_reason(string version, string newest)
    {
        PublishingNote note = VersionRule.Check(version, Parse(newest), "rebuilt on Debian 13").Single();
        Assert.AreEqual("MKT4044", note.Code);
        StringAssert.Contains(note.Message, "rebuilt on Debian 13");
    }

    private static void Fails(string code, string version, string? newest, string reason) =>
        Assert.AreEqual(code, Assert.ThrowsExactly<PublishingException>(() => VersionRule.Check(version, Parse(newest), reason)).Code);

    private static ImageVersion? Parse(string? text) =>
        text is not null && ImageVersion.TryParse(text, out ImageVersion version) ? version : null;
}
