using System.Globalization;
using System.Security.Cryptography;
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
        Dictionary<string, FileNode> found = [];
        Collect(fileSystem.Root, "", found);

        List<string> differences = [];
        foreach (string line in ExtFixture.Manifest(name))
        {
            string[] fields = line.Split('\t');
            if (!found.Remove(fields[0], out FileNode? node))
            {
                differences.Add($"missing: {line}");
                continue;
            }

            string actual = Describe(node, fields);
            if (actual != line)
            {
                differences.Add($"expected: {line}\nactual:   {actual}");
            }
        }

        differences.AddRange(found.Keys.Select(path => $"not in the manifest: {path}"));
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

    private static void Collect(FileNode directory, string path, Dictionary<string, FileNode> found)
    {
        found.Add(path.Length == 0 ? "/" : path, directory);
        IEnumerable<DirectoryEntry> entries;
        try
        {
            entries = directory.EnumerateDirectory();
        }
        catch (DiskFormatException exception) when (exception.Kind == DiskFormatErrorKind.Unsupported)
        {
            return;
        }

        foreach (DirectoryEntry entry in entries)
        {
            string child = $"{path}/{ExtFixture.Escape(entry.Name)}";
            Assert.AreEqual(entry.Node.Id, directory.Id == 2 ? directory.Find(entry.Name)?.Id : entry.Node.Id);
            if (entry.Node.Kind == FileKind.Directory)
            {
                Collect(entry.Node, child, found);
            }
            else
            {
                found.Add(child, entry.Node);
            }
        }
    }

    private static string Describe(FileNode node, string[] expected)
    {
        string data;
        try
        {
            data = node.Kind switch
            {
                FileKind.Regular => DescribeData(node, expected[8]),
                FileKind.SymbolicLink => ExtFixture.Escape(node.ReadLink()),
                FileKind.Directory when node.EnumerateDirectory() is not null => "",
                _ => "",
            };
        }
        catch (DiskFormatException exception) when (exception.Kind == DiskFormatErrorKind.Unsupported && exception.Detail.Contains("encrypted", StringComparison.Ordinal))
        {
            data = "encrypted";
        }

        string kind = node.Kind switch
        {
            FileKind.Regular => "f",
            FileKind.Directory => "d",
            FileKind.SymbolicLink => "l",
            FileKind.CharacterDevice => "c",
            FileKind.BlockDevice => "b",
            FileKind.NamedPipe => "p",
            _ => "s",
        };
        long ticks = (node.Modified - DateTimeOffset.UnixEpoch).Ticks;
        bool isSameTime = expected[7] == "-" || decimal.Floor(decimal.Parse(expected[7], CultureInfo.InvariantCulture) / 100) == ticks;
        string time = isSameTime ? expected[7] : $"{ticks}00";
        return string.Join('\t', expected[0], kind, Convert.ToString(node.Mode, 8), node.UserId, node.GroupId, expected[5] == "-" ? "-" : node.Size, node.LinkCount, time, data);
    }

    private static string DescribeData(FileNode node, string expected)
    {
        if (!expected.Contains('=', StringComparison.Ordinal))
        {
            return Hash(node.ReadAll());
        }

        List<string> ranges = [];
        foreach (string range in expected.Split(','))
        {
            string place = range[..range.IndexOf('=', StringComparison.Ordinal)];
            string[] numbers = place.Split('+');
            byte[] data = new byte[int.Parse(numbers[1], CultureInfo.InvariantCulture)];
            int read = node.Read(long.Parse(numbers[0], CultureInfo.InvariantCulture), data);
            ranges.Add($"{place}={Hash(data.AsSpan(0, read))}");
        }

        return string.Join(',', ranges);
    }

    private static string Hash(ReadOnlySpan<byte> data) => Convert.ToHexStringLower(SHA256.HashData(data));
}
