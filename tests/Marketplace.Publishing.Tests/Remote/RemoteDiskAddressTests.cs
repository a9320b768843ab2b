using Marketplace.Publishing.Remote;

namespace Marketplace.Publishing.Tests.Remote;

[TestClass]
public sealed class RemoteDiskAddressTests
{
    [TestMethod]
    [DataRow("https://contoso.blob.core.windows.net/images/os.vhd", "contoso")]
    [DataRow("HTTPS://contoso.blob.core.windows.net/images/os.vhd", "contoso")]
    [DataRow("http://127.0.0.1:10000/devstoreaccount1/images/os.vhd", "devstoreaccount1")]
    [DataRow("https://localhost:10000/devstoreaccount1/images/os.vhd", "devstoreaccount1")]
    public void An_address_names_its_account(string include, string account) =>
        Assert.AreEqual(account, RemoteDiskAddress.Parse(include).Account);

    [TestMethod]
    [DataRow("https://contoso.blob.core.windows.net/images/os.vhd?sv=2023-11-03&sig=c2VjcmV0")]
    [DataRow("https://user:secret@contoso.blob.core.windows.net/images/os.vhd")]
    [DataRow("https://contoso.blob.core.windows.net/images/os.vhd#secret")]
    [DataRow("http://contoso.blob.core.windows.net/images/secret.vhd")]
    [DataRow("https://")]
    [DataRow("disks/secret.vhd")]
    public void Anything_else_is_refused_and_not_repeated(string include)
    {
        PublishingException error = Assert.ThrowsExactly<PublishingException>(() => RemoteDiskAddress.Parse(include));

        Assert.AreEqual("MKT0024", error.Code);
        Assert.DoesNotContain("secret", error.Message);
        Assert.DoesNotContain("sig=", error.Message);
    }

    [TestMethod]
    [DataRow("disks/os.vhd", false)]
    [DataRow("/https/os.vhd", false)]
    [DataRow("https:os.vhd", false)]
    [DataRow("https://x/y", true)]
    public void Files_are_no_addresses(string include, bool expected) => Assert.AreEqual(expected, RemoteDiskAddress.IsAddress(include));
}
