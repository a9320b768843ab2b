using Marketplace.DiskImages.Registry;

namespace Marketplace.DiskImages.Tests.Registry;

/// <summary>Every key and value of every hive is what hivex reads.</summary>
[TestClass]
public sealed class RegistryTruthTests
{
    [TestMethod]
    [DataRow("everything", 1379)]
    [DataRow("small", 43)]
    [DataRow("many", 5002)]
    [DataRow("hivex", 703)]
    [DataRow("version-3", 6)]
    [DataRow("dirty-before", 63)]
    [DataRow("dirty-middle", 63)]
    [DataRow("dirty-after", 75)]
    public void Reads_what_hivex_reads(string name, int keys)
    {
        string[] truth = Hives.Truth(name);

        Assert.HasCount(keys, truth);
        Assert.AreEqual(string.Join('\n', truth), string.Join('\n', Hives.Dump(Hives.Open(name))));
    }

    [TestMethod]
    public void A_value_at_the_beginning_costs_a_small_part_of_the_hive()
    {
        MemoryContent content = Hives.Load("everything");

        Assert.AreEqual("plain", RegistryHive.Open(content).Root.FindValue("string")!.ReadString());
        Assert.IsLessThan(content.Length / 8, content.BytesRead);
    }

    [TestMethod]
    public void Every_subkey_is_found_by_its_name()
    {
        RegistryHive hive = Hives.Open("many");

        for (int i = 0; i < 5000; i += 499)
        {
            Assert.AreEqual($@"Many\Subkey {i:D4}", hive.FindKey($@"MANY\sUBKEY {i:D4}")?.Path);
        }

        Assert.IsNull(hive.FindKey(@"Many\Subkey 5000"));
    }
}
