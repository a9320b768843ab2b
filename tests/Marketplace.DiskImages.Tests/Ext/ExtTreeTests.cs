using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.FileSystems.Ext;

namespace Marketplace.DiskImages.Tests.Ext;

/// <summary>Whole trees against what the kernel showed when it mounted the same image.</summary>
[TestClass]
public sealed class ExtTreeTests
{
    public static IEnumerable<object[]> Fixtures => ExtFixture.Names.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Fixtures))]
    public void Reads_the_tree_the_kernel_shows(string name)
    {
        ExtFileSystem fileSystem = ExtFileSystem.Open(ExtFixture.Load(name));
        IReadOnlyList<string> differences = TreeManifest.Compare(fileSystem, Fixture.Manifest("Ext/" + name));

        Assert.IsEmpty(differences, string.Join('\n', differences.Take(10)));
    }

    [TestMethod]
    [DataRow("ext4-default", "ext4")]
    [DataRow("ext4-nojournal", "ext4")]
    [DataRow("ext4-nocsum", "ext4")]
    [DataRow("ext3", "ext3")]
    [DataRow("ext2", "ext2")]
    [DataRow("ext2-rev0", "ext2")]
    [DataRow("journal-ext3", "ext3")]
    public void Names_the_type_as_blkid_does(string name, string type)
    {
        ExtFileSystem fileSystem = ExtFileSystem.Open(ExtFixture.Load(name));
        Assert.AreEqual(type, fileSystem.TypeName);
        Assert.AreEqual("11223344-5566-7788-99aa-bbccddeeff00", fileSystem.Uuid);
        Assert.AreEqual(name, fileSystem.Label);
    }

    [TestMethod]
    public void Reads_at_any_offset_and_stops_at_the_end()
    {
        FileNode node = ExtFileSystem.Open(ExtFixture.Load("ext4-1k")).At("/fragmented");
        byte[] whole = node.ReadAll();
        byte[] part = new byte[3000];
        for (long offset = 0; offset < node.Size; offset += 70_001)
        {
            int read = node.Read(offset, part);
            Assert.AreEqual((int)Math.Min(part.Length, node.Size - offset), read);
            Assert.IsTrue(part.AsSpan(0, read).SequenceEqual(whole.AsSpan((int)offset, read)));
        }

        Assert.AreEqual(0, node.Read(node.Size, part));
        Assert.AreEqual(0, node.Read(node.Size + 1, part));
        Assert.AreEqual(1, node.Read(node.Size - 1, part));
    }

    [TestMethod]
    public void Finds_each_name_of_an_indexed_directory_and_no_other()
    {
        FileNode many = ExtFileSystem.Open(ExtFixture.Load("ext4-1k")).At("/many");
        Assert.HasCount(1801, many.EnumerateDirectory().ToList());
        Assert.IsNull(many.Find("entry-0007-with-a-name-of-some-length"));
        Assert.AreEqual(4, many.Find("entry-2099-with-a-name-of-some-length")?.Size ?? many.Find("entry-2098-with-a-name-of-some-length")?.Size);
        Assert.IsNull(many.Find("BASE"));
        Assert.IsNull(many.Find("."));
        Assert.IsNull(many.Find(""));
        Assert.IsNull(many.Find("\uD800 is no name"));
    }

    [TestMethod]
    public void A_casefold_directory_prefers_the_exact_name_and_ignores_case_otherwise()
    {
        ExtFileSystem fileSystem = ExtFileSystem.Open(ExtFixture.Load("ext4-casefold"));
        FileNode folded = fileSystem.At("/folded");
        Assert.AreEqual("Exact\n", System.Text.Encoding.UTF8.GetString(folded.Find("eXACT")!.ReadAll()));
        Assert.AreEqual(folded.Find("É")!.Id, folded.Find("é")!.Id);
        Assert.IsNull(folded.Find("Exact3"));
        Assert.IsNull(fileSystem.Root.Find("FOLDED"));
    }

    [TestMethod]
    public void Asks_for_little_more_than_the_blocks_on_the_way_to_a_file()
    {
        MemoryContent image = ExtFixture.Load("ext4-default");
        ExtFileSystem.Open(image).At("/sizes/4097").ReadAll();
        Assert.IsLessThan(64 * 1024, image.BytesRead);
    }

    [TestMethod]
    public void Refuses_what_the_kind_of_a_file_does_not_have()
    {
        ExtFileSystem fileSystem = ExtFileSystem.Open(ExtFixture.Load("ext4-default"));
        Assert.ThrowsExactly<InvalidOperationException>(() => fileSystem.Root.Read(0, new byte[1]));
        Assert.ThrowsExactly<InvalidOperationException>(() => fileSystem.Root.ReadLink());
        Assert.ThrowsExactly<InvalidOperationException>(() => fileSystem.At("/sizes/1").EnumerateDirectory());
        Assert.ThrowsExactly<InvalidOperationException>(() => fileSystem.At("/special/null").Read(0, new byte[1]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => fileSystem.At("/sizes/1").Read(-1, new byte[1]));
    }
}
