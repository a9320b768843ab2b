using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.FileSystems.Fat;

namespace Marketplace.DiskImages.Tests.Fat;

[TestClass]
public sealed class FatFileSystemTests
{
    [TestMethod]
    [DataRow("fat12")]
    [DataRow("fat16")]
    [DataRow("fat32")]
    public void Has_the_files_that_were_copied_in_and_no_deleted_one(string name)
    {
        List<string> lines = [];
        Walk(FatFileSystem.Open(Fixture.Load("Fat/" + name)).Root, "", lines);
        lines.Sort(StringComparer.Ordinal);
        string[] truth = Fixture.Text("Fat/truth.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Array.Sort(truth, StringComparer.Ordinal);

        Assert.AreEqual(string.Join('\n', truth), string.Join('\n', lines));
    }

    /// <summary>3,000 files in 300 directories, and a directory of 10,000 names.</summary>
    [TestMethod]
    public void A_large_tree_is_the_one_that_was_copied_in()
    {
        FatFileSystem fileSystem = FatFileSystem.Open(Fixture.Load("Fat/large"));
        List<string> lines = [];
        Walk(fileSystem.Root, "", lines);
        lines.Sort(StringComparer.Ordinal);
        string[] truth = Fixture.Manifest("Fat/large");
        Array.Sort(truth, StringComparer.Ordinal);

        Assert.HasCount(13_321, truth);
        Assert.IsTrue(truth.AsSpan().SequenceEqual([.. lines]), lines.Except(truth).Concat(truth.Except(lines)).FirstOrDefault());
        Assert.IsNotNull(fileSystem.Root.Find("many")!.Find("09999 HAS A NAME OF SOME LENGTH.CONF"));
    }

    [TestMethod]
    [DataRow("fat12", "1234-AB12")]
    [DataRow("fat16", "1234-AB16")]
    [DataRow("fat32", "1234-AB32")]
    public void Identifier_and_label_are_those_of_blkid(string name, string uuid)
    {
        FatFileSystem fileSystem = FatFileSystem.Open(Fixture.Load("Fat/" + name));

        Assert.AreEqual(("vfat", uuid, "ROOTLABEL"), (fileSystem.TypeName, fileSystem.Uuid, fileSystem.Label));
    }

    [TestMethod]
    public void Names_are_found_in_any_case_and_by_their_short_form()
    {
        FileNode root = FatFileSystem.Open(Fixture.Load("Fat/fat32")).Root;
        ulong id = root.Find("EFI")!.Find("BOOT")!.Find("BOOTX64.EFI")!.Id;

        Assert.AreEqual(id, root.Find("efi")!.Find("boot")!.Find("bootx64.efi")!.Id);
        Assert.AreEqual(root.Find("Größe überall €.txt")!.Id, root.Find("GRÖSSE ÜBERALL €.TXT".Replace("SS", "ß", StringComparison.Ordinal))!.Id);
        Assert.AreEqual(root.Find("a directory with a long name")!.Id, root.Find("ADIREC~1")!.Id);
        Assert.IsNull(root.Find("hole1"));
        Assert.IsNull(root.Find("ROOTLABEL"));
        Assert.IsNull(root.Find("."));
        Assert.IsNull(root.Find("EFI")!.Find(".."));
    }

    [TestMethod]
    public void A_file_reads_the_same_from_every_offset()
    {
        FileNode file = FatFileSystem.Open(Fixture.Load("Fat/fat12")).Root.Find("a directory with a long name")!.Find("deep")!.Find("deeper")!.Find("numbers with spaces.list")!;
        byte[] all = ReadAll(file);
        Assert.AreEqual("1\n2\n3\n", Encoding.ASCII.GetString(all, 0, 6));

        foreach (int offset in new[] { 0, 1, 511, 512, 2047, 2048, 5000, all.Length - 1, all.Length, all.Length + 5 })
        {
            byte[] part = new byte[3000];
            int read = file.Read(offset, part);
            Assert.AreEqual(Math.Clamp(all.Length - offset, 0, 3000), read);
            CollectionAssert.AreEqual(all.Skip(offset).Take(3000).ToArray(), part[..read]);
        }
    }

    [TestMethod]
    public void The_time_is_the_one_on_disk_as_UTC()
    {
        FileNode file = FatFileSystem.Open(Fixture.Load("Fat/fat16")).Root.Find("os-release.txt")!;

        Assert.AreEqual(new DateTimeOffset(2015, 9, 10, 0, 0, 0, TimeSpan.Zero), file.Modified);
    }

    [TestMethod]
    public void Nodes_answer_only_what_their_kind_has()
    {
        FileNode root = FatFileSystem.Open(Fixture.Load("Fat/fat16")).Root;
        FileNode file = root.Find("empty.txt")!;

        Assert.AreEqual((FileKind.Regular, 0L, 0b111_101_101), (file.Kind, file.Size, file.Mode));
        Assert.AreEqual(0, file.Read(0, new byte[1]));
        Assert.ThrowsExactly<InvalidOperationException>(() => root.Read(0, new byte[1]));
        Assert.ThrowsExactly<InvalidOperationException>(() => file.Find("x"));
        Assert.ThrowsExactly<InvalidOperationException>(() => file.EnumerateDirectory());
        Assert.ThrowsExactly<InvalidOperationException>(() => file.ReadLink());
    }

    [TestMethod]
    public void Names_in_UTF_16_keep_whole_characters_and_replace_halves()
    {
        Assert.AreEqual("a\ud83d\ude00b", FatName.FinishLong("a\ud83d\ude00b\0\uffff"));
        Assert.AreEqual("a\ufffd", FatName.FinishLong("a\ud83d"));
        Assert.AreEqual("\ufffd\ufffd", FatName.FinishLong("\ude00\ud83d"));
    }

    private static void Walk(FileNode directory, string prefix, List<string> lines)
    {
        foreach (DirectoryEntry entry in directory.EnumerateDirectory())
        {
            string path = prefix + entry.Name;
            if (entry.Node.Kind == FileKind.Directory)
            {
                lines.Add($"{path}|d||");
                Walk(entry.Node, path + "/", lines);
            }
            else
            {
                byte[] data = ReadAll(entry.Node);
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{path}|f|{data.Length}|{Convert.ToHexStringLower(SHA256.HashData(data))}"));
            }
        }
    }

    private static byte[] ReadAll(FileNode file)
    {
        byte[] data = new byte[file.Size];
        Assert.AreEqual(data.Length, file.Read(0, data));
        return data;
    }
}
