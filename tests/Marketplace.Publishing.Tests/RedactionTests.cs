namespace Marketplace.Publishing.Tests;

[TestClass]
public sealed class RedactionTests
{
    [TestMethod]
    [DataRow("GET https://a.blob.core.windows.net/c/b.vhd?sv=1&sig=s3cr%2Fet failed", "s3cr")]
    [DataRow("token sv=1&sig=s3cret&sp=rl", "s3cret")]
    [DataRow("AccountName=a;AccountKey=s3cret==;x=y", "s3cret")]
    [DataRow("https://user:s3cret@host/path", "s3cret")]
    [DataRow("key " + Emulated.Key + " end", "Eby8vdM0")]
    public void Takes_out_what_opens_an_account(string text, string secret)
    {
        Assert.DoesNotContain(secret, Redaction.Clean(text));
        Assert.AreEqual("plain text: nothing to see", Redaction.Clean("plain text: nothing to see"));
    }
}
