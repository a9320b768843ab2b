using Marketplace.DiskImages.Registry.Logs;

namespace Marketplace.DiskImages.Tests.Registry;

[TestClass]
public sealed class Marvin32Tests
{
    /// <summary>The published test vectors of Marvin32, whose seed is another one.</summary>
    [TestMethod]
    [DataRow("", 0x30ED35C100CD3C7Dul)]
    [DataRow("AF", 0x48E73FC77D75DDC1ul)]
    [DataRow("E70F", 0xB5F6E1FC485DBFF8ul)]
    [DataRow("37F495", 0xF0B07C789B8CF7E8ul)]
    [DataRow("8642DC59", 0x7008F2E87E9CF556ul)]
    [DataRow("153FB79826", 0xE6C08C6DA2AFA997ul)]
    public void Hashes_as_published(string hex, ulong hash) => Assert.AreEqual(hash, Marvin32.Hash(Convert.FromHexString(hex), 0x004FB61A001BDBCC));

    [TestMethod]
    public void Hashes_parts_as_the_whole()
    {
        byte[] data = [.. Enumerable.Range(0, 103).Select(i => (byte)i)];
        Marvin32 parts = new(Marvin32.RegistrySeed);
        parts.Add(data.AsSpan(0, 40));
        parts.Add(data.AsSpan(40, 60));

        Assert.AreEqual(Marvin32.Hash(data), parts.Finish(data.AsSpan(100)));
    }
}
