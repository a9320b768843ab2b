using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;

namespace Marketplace.DiskImages.Tests.Trees;

[TestClass]
public sealed class VolumeTreeTests
{
    private static readonly VolumeTree Tree = new(new MemoryFileSystem(
        "/etc/os-release -> ../usr/lib/os-release",
        "/usr/lib/os-release=ID=debian",
        "/usr/bin/tool=x",
        "/bin -> usr/bin",
        "/abs -> /usr/lib",
        "/out -> ../../../../etc/os-release",
        "/dangling -> /nowhere/at/all",
        "/loop -> loop",
        "/a -> b",
        "/b -> a",
        "/empty -> ",
        "/file-slash -> /usr/lib/os-release/",
        "/damaged!"));

    [TestMethod]
    [DataRow("/etc/os-release", "/usr/lib/os-release")]
    [DataRow("/bin/tool", "/usr/bin/tool")]
    [DataRow("/abs/os-release", "/usr/lib/os-release")]
    [DataRow("/abs/../bin/./tool", "/usr/bin/tool")]
    [DataRow("/out", "/usr/lib/os-release")]
    [DataRow("//usr///bin/tool", "/usr/bin/tool")]
    [DataRow("/../..", "/")]
    [DataRow("/usr/bin/", "/usr/bin")]
    [DataRow("/bin/..", "/usr")]
    public void Links_are_followed_inside_the_tree(string path, string expected) => Assert.AreEqual(expected, Tree.Stat(path)!.Path);

    [TestMethod]
    [DataRow("/nothing")]
    [DataRow("/dangling")]
    [DataRow("/loop")]
    [DataRow("/a/b/c")]
    [DataRow("/usr/bin/tool/x")]
    [DataRow("/usr/bin/tool/")]
    [DataRow("/usr/bin/tool/..")]
    [DataRow("/file-slash")]
    [DataRow("/usr/BIN/tool")]
    public void What_is_not_there_is_null(string path)
    {
        Assert.IsNull(Tree.Stat(path));
        Assert.IsFalse(Tree.FileExists(path));
        Assert.IsNull(Tree.ReadAllBytes(path));
        Assert.IsEmpty(Tree.List(path));
        Assert.AreEqual(-1, Tree.Read(path, 0, new byte[1]));
    }

    [TestMethod]
    public void Names_and_paths_longer_than_Linux_takes_are_not_there()
    {
        Assert.IsNull(Tree.Stat("/" + new string('x', 256)));
        Assert.IsNull(Tree.Stat(string.Concat(Enumerable.Repeat("/usr/..", 1000))));
    }

    [TestMethod]
    public void Forty_links_are_followed_and_no_more()
    {
        string[] chain = [.. Enumerable.Range(0, 50).Select(i => $"/l{i} -> l{i + 1}"), "/l50=end"];
        VolumeTree tree = new(new MemoryFileSystem(chain));

        Assert.IsNotNull(tree.Stat("/l10"));
        Assert.IsNull(tree.Stat("/l9"));
    }

    [TestMethod]
    public void The_last_link_is_not_followed_when_it_is_asked_for_itself()
    {
        Assert.AreEqual((FileKind.SymbolicLink, "/etc/os-release"), (Tree.LinkStat("/etc/os-release")!.Kind, Tree.LinkStat("/etc/os-release")!.Path));
        Assert.AreEqual("../usr/lib/os-release", Tree.ReadLink("/etc/os-release"));
        Assert.AreEqual(FileKind.SymbolicLink, Tree.LinkStat("/loop")!.Kind);
        Assert.IsNull(Tree.ReadLink("/usr/bin/tool"));
        Assert.AreEqual("/usr/bin/tool", Tree.LinkStat("/bin/tool")!.Path);
    }

    [TestMethod]
    public void Names_are_listed_in_ordinal_order()
    {
        Assert.AreEqual("a abs b bin damaged dangling empty etc file-slash loop out usr", string.Join(' ', Tree.List("/")));
        Assert.AreEqual("tool", string.Join(' ', Tree.List("/bin")));
        Assert.IsEmpty(Tree.List("/usr/bin/tool"));
    }

    [TestMethod]
    public void A_file_larger_than_asked_for_is_not_read_in_part()
    {
        Assert.AreEqual("ID=debian", Tree.ReadAllText("/etc/os-release"));
        Assert.AreEqual(DiskFormatErrorKind.Unsupported, Assert.ThrowsExactly<DiskFormatException>(() => Tree.ReadAllText("/etc/os-release", 8)).Kind);
    }

    [TestMethod]
    public void Damage_is_not_the_same_as_not_there()
    {
        Expect.Corrupt("memory node", () => Tree.List("/damaged"));
        Expect.Corrupt("memory node", () => Tree.Stat("/damaged/x"));
        Assert.IsNotNull(Tree.Stat("/damaged"));
    }

    [TestMethod]
    public void A_path_that_is_not_absolute_is_a_mistake_of_the_caller() => Assert.ThrowsExactly<ArgumentException>(() => Tree.Stat("etc"));
}
