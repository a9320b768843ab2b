using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Registry;

namespace Marketplace.DiskImages.Tests.Registry;

[TestClass]
public sealed class RegistryHiveTests
{
    [TestMethod]
    [DataRow(@"Deep\1\2\3\4", @"Deep\1\2\3\4")]
    [DataRow(@"\DEEP\1\\2\", @"Deep\1\2")]
    [DataRow("", "")]
    [DataRow(@"Names\ärger", @"Names\Ärger")]
    [DataRow(@"names\жУК", @"Names\Жук")]
    [DataRow(@"Names\漢字 😀", @"Names\漢字 😀")]
    [DataRow(@"Names\WITH.DOT", @"Names\with.dot")]
    [DataRow(@"Leaf li\key 29", @"Leaf li\Key 29")]
    [DataRow(@"Leaf lf\KEY-05", @"Leaf lf\key-05")]
    [DataRow(@"Root over li\K99", @"Root over li\k99")]
    [DataRow(@"Root over lh\K1199", @"Root over lh\k1199")]
    [DataRow("Pointer", "Pointer")]
    public void Finds_keys_by_path(string path, string expected) => Assert.AreEqual(expected, Hives.Everything.FindKey(path)?.Path);

    [TestMethod]
    [DataRow("Nothing")]
    [DataRow(@"Deep\1\3")]
    [DataRow("Deep/1")]
    [DataRow(@"Root over lh\k1200")]
    public void Tells_what_is_not_there(string path) => Assert.IsNull(Hives.Everything.FindKey(path));

    [TestMethod]
    public void Does_not_follow_links()
    {
        Assert.IsTrue(Hives.Everything.FindKey("Pointer")!.IsLink);
        Expect.Unsupported("registry key node", () => Hives.Everything.FindKey(@"Pointer\Below"));
    }

    [TestMethod]
    public void Finds_no_value_where_there_is_none() => Assert.IsNull(Hives.Everything.FindKey("Deep")!.FindValue(""));

    [TestMethod]
    public void Finds_a_key_whose_hash_is_wrong()
    {
        MemoryContent hive = Hives.Load("everything");
        uint list = Hives.Everything.FindKey("Names")!.Node.SubkeyList;
        for (int i = 0; i < 6; i++)
        {
            hive = hive.Patched(Hives.FileOffset(list) + 4 + (i * 8) + 4, 1, 2, 3, 4);
        }

        Assert.IsNotNull(RegistryHive.Open(hive).FindKey(@"Names\with.dot"));
    }

    [TestMethod]
    public void Opens_a_hive_of_a_tree()
    {
        ContentTree tree = new ContentTree().Add("/Windows/System32/config/SYSTEM", Hives.Load("many"));

        Assert.IsNotNull(RegistryHive.Open(tree, "/Windows/System32/config/SYSTEM")!.FindKey(@"Many\Subkey 4999"));
        Assert.IsNull(RegistryHive.Open(tree, "/Windows/System32/config/SOFTWARE"));
    }

    [TestMethod]
    public void Reads_a_value_in_a_few_lines()
    {
        using TemporaryFile temporary = TemporaryFile.From(Hives.Load("everything"));

        using FileContent file = FileContent.Open(temporary.Path);
        RegistryHive hive = RegistryHive.Open(file);
        string? bottom = hive.FindKey(@"Deep\1\2\3\4")?.FindValue("bottom")?.ReadString();

        Assert.AreEqual("here", bottom);
        Assert.IsFalse(hive.WasRecovered);
    }

    [TestMethod]
    [DataRow(20, 2u, "registry base block")]
    [DataRow(24, 2u, "registry base block")]
    [DataRow(24, 7u, "registry base block")]
    [DataRow(28, 6u, "registry base block")]
    [DataRow(32, 0u, "registry base block")]
    public void Refuses_other_formats(int field, uint value, string structure) =>
        Expect.Unsupported(structure, () => RegistryHive.Open(Hives.WithBaseBlock(Hives.Load("version-3"), field, value)));

    [TestMethod]
    public void Refuses_a_hive_that_is_too_large() => Expect.Unsupported("registry base block", () => RegistryHive.Open(Hives.Load("version-3").Resized((512L << 20) + 1)));

    [TestMethod]
    public void Refuses_a_file_that_is_cut_off()
    {
        MemoryContent hive = Hives.Load("version-3");

        Expect.Truncated("registry base block", () => RegistryHive.Open(hive.Resized(511)));
        Expect.Truncated("registry base block", () => RegistryHive.Open(hive.Resized(4096)));
        Expect.Truncated("registry base block", () => RegistryHive.Open(hive.Resized(hive.Length - 1)));
    }

    [TestMethod]
    public void Refuses_what_is_no_hive() => Expect.Corrupt("registry base block", () => RegistryHive.Open(new MemoryContent(1 << 20)));
}
