using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.FileSystems.Btrfs;
using Marketplace.DiskImages.Trees;

namespace Marketplace.DiskImages.Tests.Btrfs;

/// <summary>Which subvolume is seen, by default, by mount options and as the root of a system.</summary>
[TestClass]
public sealed class BtrfsSubvolumeTests
{
    [TestMethod]
    [DataRow("subvolid=5", "subvolumes-top")]
    [DataRow("subvolid=0", "subvolumes-top")]
    [DataRow("subvol=/", "subvolumes-top")]
    [DataRow("rw,noatime,subvol=snap-rw", "subvolumes-snap-rw")]
    [DataRow("subvol=/@,subvol=/snap-rw/", "subvolumes-snap-rw")]
    [DataRow("defaults", "subvolumes")]
    [DataRow("subvol=@", "subvolumes")]
    [DataRow("subvolid=256,subvol=/@", "subvolumes")]
    public void Options_choose_the_root_as_the_kernel_does(string options, string manifest)
    {
        BtrfsFileSystem fileSystem = Open("subvolumes");
        IReadOnlyList<string> differences = TreeManifest.Compare(new Mounted(fileSystem, options), Fixture.Manifest("Btrfs/" + manifest));

        Assert.IsEmpty(differences, string.Join('\n', differences.Take(10)));
    }

    [TestMethod]
    [DataRow("subvol=gone")]
    [DataRow("subvol=@/dir")]
    [DataRow("subvol=top")]
    [DataRow("subvol=snap-rw/dir/inner")]
    [DataRow("subvolid=999")]
    [DataRow("subvolid=7")]
    [DataRow("subvolid=x")]
    [DataRow("subvolid=5,subvol=@")]
    public void What_the_kernel_does_not_mount_is_unsupported(string options)
    {
        BtrfsFileSystem fileSystem = Open("subvolumes");
        Expect.Unsupported("Btrfs subvolume", () => fileSystem.OpenRoot(options));
    }

    [TestMethod]
    public void Files_of_different_subvolumes_have_different_numbers()
    {
        FileNode top = Open("subvolumes").OpenRoot("subvolid=5");
        FileNode[] roots = [top, top.Find("@")!, top.Find("home")!, top.Find("snap-rw")!, top.Find("@")!.Find("dir")!.Find("moved")!, top.Find("snap-rw")!.Find("dir")!.Find("inner")!];

        Assert.AreEqual(roots.Length, roots.Select(node => node.Id).Distinct().Count());
        Assert.AreEqual(top.Find("@")!.Id, Open("subvolumes").Root.Id | (top.Find("@")!.Id & ~0xFFFFFFFFFFFFUL));
        Assert.AreEqual(256UL, Open("subvolumes").Root.Id);
    }

    [TestMethod]
    public void A_root_that_is_a_snapshot_is_mounted_with_its_subvolumes()
    {
        SystemTree tree = SystemTree.Assemble(DiskLayout.Read(Fixture.Load("Btrfs/suse")))!;

        Assert.AreEqual("ID=sles\n", tree.ReadAllText("/etc/os-release"));
        Assert.AreEqual("user\n", tree.ReadAllText("/home/user"));
        Assert.AreEqual("log\n", tree.ReadAllText("/var/log/messages"));
        Assert.AreEqual("ID=sles\n", tree.ReadAllText("/.snapshots/1/snapshot/usr/lib/os-release"));
        Assert.AreEqual("/ /home /var /.snapshots", string.Join(' ', tree.Mounts.Select(mount => mount.Path)));
        Assert.AreEqual("/srv /opt", string.Join(' ', tree.UnreadableMounts.Select(mount => mount.Path)));
        Assert.Contains("there is no subvolume /@/srv", tree.UnreadableMounts[0].Reason);
        Assert.Contains("there is no subvolume with the id 99", tree.UnreadableMounts[1].Reason);
        Expect.Unsupported("/srv (UUID=11223344-5566-7788-99aa-bbccddeeff00)", () => tree.List("/srv"));
    }

    [TestMethod]
    public void A_root_in_a_subvolume_of_the_top_level_is_found_and_its_own_fstab_decides()
    {
        RootSearch search = SystemTree.Search(DiskLayout.Read(Fixture.Load("Btrfs/fedora")));

        Assert.AreEqual("ID=fedora\n", search.Tree!.ReadAllText("/etc/os-release"));
        Assert.AreEqual("user\n", search.Tree.ReadAllText("/home/user"));
        Assert.IsEmpty(search.UnreadableVolumes);
        Assert.HasCount(2, search.Candidates);
    }

    private static BtrfsFileSystem Open(string name) => BtrfsFileSystem.Open(Fixture.Load("Btrfs/" + name));

    /// <summary>A file system as a mount with options shows it.</summary>
    private sealed class Mounted(FileSystem fileSystem, string options) : FileSystem
    {
        public override string TypeName => fileSystem.TypeName;

        public override string Uuid => fileSystem.Uuid;

        public override string Label => fileSystem.Label;

        public override FileNode Root { get; } = fileSystem.OpenRoot(options);
    }
}
