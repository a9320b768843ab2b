using System.Globalization;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;

namespace Marketplace.DiskImages.Tests.Trees;

/// <summary>The whole way from a fixed VHD to the files of its system, on a disk laid out as Ubuntu 24.04 lays it out.</summary>
[TestClass]
public sealed class UbuntuDiskTests
{
    [TestMethod]
    public void The_tree_is_the_one_the_kernel_shows()
    {
        using DiskImage image = DiskImage.Open(Fixture.Load("Trees/ubuntu.vhd"));
        SystemTree tree = SystemTree.Assemble(DiskLayout.Read(image.Disk!))!;
        List<string> lines = [];
        Walk(tree, "/", lines);
        lines.Sort(StringComparer.Ordinal);
        string[] truth = Fixture.Text("Trees/truth.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Array.Sort(truth, StringComparer.Ordinal);

        Assert.AreEqual(string.Join('\n', truth), string.Join('\n', lines));
    }

    [TestMethod]
    public void Mounts_and_links_are_those_of_fstab()
    {
        using DiskImage image = DiskImage.Open(Fixture.Load("Trees/ubuntu.vhd"));
        RootSearch search = SystemTree.Search(DiskLayout.Read(image.Disk!));
        SystemTree tree = search.Tree!;

        Assert.AreEqual("/ 1, /boot 16, /boot/efi 15", string.Join(", ", tree.Mounts.Select(mount => $"{mount.Path} {mount.Volume.Partition!.Number}")));
        Assert.AreEqual("/mnt", tree.UnreadableMounts.Single().Path);
        Assert.AreEqual("kernel", tree.ReadAllText("/lib/modules/vmlinuz"));
        Assert.AreEqual("shim", tree.ReadAllText("/boot/efi/efi/boot/bootx64.efi"));
        Assert.Contains("VERSION_ID=\"24.04\"", tree.ReadAllText("/etc/os-release")!);
        Assert.IsNull(tree.Stat("/etc/resolv.conf"));
        Assert.IsNull(tree.Stat("/boot/grub/hidden"));
        Expect.Unsupported("/mnt (/dev/disk/cloud/azure_resource-part1)", () => tree.List("/mnt"));
    }

    [TestMethod]
    public void Little_is_read_of_the_disk()
    {
        MemoryContent vhd = Fixture.Load("Trees/ubuntu.vhd");
        using DiskImage image = DiskImage.Open(vhd);

        SystemTree.Assemble(DiskLayout.Read(image.Disk!))!.ReadAllText("/etc/os-release");

        Assert.IsLessThan(2L << 20, vhd.BytesRead);
    }

    private static void Walk(SystemTree tree, string directory, List<string> lines)
    {
        // A damaged directory may lead back to itself; no path of this disk is as deep.
        if (directory.Count(c => c == '/') > 8)
        {
            return;
        }

        foreach (string name in tree.List(directory))
        {
            string path = directory == "/" ? "/" + name : $"{directory}/{name}";
            FileStat stat = tree.LinkStat(path)!;
            char kind = stat.Kind switch { FileKind.Directory => 'd', FileKind.SymbolicLink => 'l', _ => 'f' };
            string size = kind == 'd' ? "" : stat.Size.ToString(CultureInfo.InvariantCulture);
            if (path is not ("/boot" or "/mnt") && !path.StartsWith("/boot/efi", StringComparison.Ordinal))
            {
                lines.Add($"{path}|{kind}|{Convert.ToString(stat.Mode, 8)}|{stat.UserId}|{stat.GroupId}|{size}|{tree.ReadLink(path)}");
            }

            if (kind == 'd' && path != "/mnt")
            {
                Walk(tree, path, lines);
            }
        }
    }
}
