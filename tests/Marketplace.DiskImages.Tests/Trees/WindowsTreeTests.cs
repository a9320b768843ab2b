using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;
using Marketplace.DiskImages.Volumes;

namespace Marketplace.DiskImages.Tests.Trees;

/// <summary>The Windows installation of a disk.</summary>
[TestClass]
public sealed class WindowsTreeTests
{
    private static MemoryContent Disk { get; } = Fixture.Load("Ntfs/ntfs-windows");

    [TestMethod]
    public void Is_found_and_read_as_Windows_names_its_files()
    {
        DiskLayout layout = DiskLayout.Read(Disk);
        WindowsSearch search = WindowsTree.Search(layout);
        WindowsTree tree = search.Tree!;
        Assert.AreEqual("", search.Explanation);
        Assert.AreSame(layout.Volumes[0], tree.RootVolume);
        Assert.AreEqual(("1122334455667788", "ntfs-windows", VolumeKind.Ntfs), (layout.Volumes[0].Uuid, layout.Volumes[0].Label, layout.Volumes[0].Kind));
        Assert.IsTrue(tree.FileExists("/windows/SYSTEM32/Config/software"));
        Assert.AreEqual(50_002, tree.Stat("/WINDOWS/system32/NTOSKRNL.EXE")!.Size);
        Assert.AreEqual((byte)'M', tree.ReadAllBytes("/WINDOWS/system32/NTOSKRNL.EXE")![0]);
        Assert.IsFalse(tree.FileExists("/windows/system32/config/none"));
        Assert.IsNull(SystemTree.Search(layout).Tree);
        Assert.IsEmpty(SystemTree.Search(layout).UnreadableVolumes);
    }

    [TestMethod]
    [DataRow("/documents and settings/PUBLIC/FILE.TXT")]
    [DataRow("/relative")]
    [DataRow("/root/Users/Public/file.txt")]
    [DataRow("/Root/root/wsl")]
    public void Follows_links_on_the_drive(string path) => Assert.AreEqual("public", WindowsTree.Search(DiskLayout.Read(Disk)).Tree!.ReadAllText(path));

    [TestMethod]
    public void Links_to_other_volumes_lead_nowhere()
    {
        WindowsTree tree = WindowsTree.Search(DiskLayout.Read(Disk)).Tree!;
        Assert.IsNull(tree.Stat("/other-drive"));
        Assert.AreEqual(FileKind.SymbolicLink, tree.LinkStat("/other-drive")!.Kind);
        Assert.AreEqual(@"\??\D:\data", tree.ReadLink("/OTHER-drive"));
        Assert.IsNull(tree.Stat("/volume/file"));
        Assert.Contains("SYSTEM", tree.List("/rooted/config").ToList());
    }

    [TestMethod]
    public void A_path_that_is_too_long_to_follow_is_no_missing_file()
    {
        WindowsTree tree = WindowsTree.Search(DiskLayout.Read(Disk)).Tree!;
        Assert.IsNull(tree.Stat("/" + new string('x', 4095)));
        Assert.AreEqual(DiskFormatErrorKind.Unsupported, Assert.ThrowsExactly<DiskFormatException>(() => tree.Stat("/" + new string('x', 4096))).Kind);
    }

    [TestMethod]
    public void Says_why_there_is_none()
    {
        Assert.Contains("no volume of the disk has an installation of Windows", WindowsTree.Search(DiskLayout.Read(Fixture.Load("Ntfs/ntfs-512"))).Explanation);
        WindowsSearch search = WindowsTree.Search(DiskLayout.Read(Disk.Patched(3, "-FVE-FS-"u8)));
        Assert.Contains("it is encrypted with BitLocker", search.Explanation);
        Assert.HasCount(1, search.UnreadableVolumes);
        Assert.Contains("sectors per cluster is 0", WindowsTree.Search(DiskLayout.Read(Disk.Patched(13, 0))).Explanation);
    }
}
