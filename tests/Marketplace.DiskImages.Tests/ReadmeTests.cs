using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Packages;
using Marketplace.DiskImages.Registry;
using Marketplace.DiskImages.Trees;
using Marketplace.DiskImages.Volumes;

namespace Marketplace.DiskImages.Tests;

/// <summary>What the README of the library shows; the hive has other keys than a real Windows.</summary>
[TestClass]
public sealed class ReadmeTests
{
    [TestMethod]
    public void Lists_the_volumes_of_a_disk_and_reads_a_file_of_its_system()
    {
        using TemporaryFile file = TemporaryFile.From(Fixture.Load("Trees/ubuntu.vhd"), ".vhd");
        using DiskImage image = DiskImage.Open(file.Path);
        DiskLayout layout = DiskLayout.Read(image.Disk ?? throw new InvalidOperationException(image.Problem?.Message ?? $"{image.Format} is not read"));
        List<string> volumes = [];
        foreach (Volume volume in layout.Volumes)
        {
            volumes.Add($"{volume.DisplayName}: {volume.Kind} {volume.Label} {volume.Uuid} {volume.Problem?.Message}");
        }

        SystemTree tree = SystemTree.Assemble(layout) ?? throw new InvalidOperationException(SystemTree.Search(layout).Explanation);
        string? release = tree.ReadAllText("/etc/os-release");
        List<string> names = [];
        foreach (string name in tree.List("/etc"))
        {
            names.Add($"{name} {tree.LinkStat("/etc/" + name)?.Kind}");
        }

        Assert.Contains("ID=ubuntu", release!);
        Assert.HasCount(layout.Table!.Partitions.Count, volumes);
        Assert.Contains("fstab Regular", names);
    }

    [TestMethod]
    public void Walks_a_file_system()
    {
        List<string> lines = [];
        Walk(DiskLayout.Read(Fixture.Load("Fat/fat32")).Volumes[0].FileSystem!.Root, "");

        Assert.IsTrue(lines.Any(line => line.StartsWith("/EFI", StringComparison.Ordinal)));

        void Walk(FileNode directory, string path)
        {
            foreach (DirectoryEntry entry in directory.EnumerateDirectory())
            {
                lines.Add($"{path}/{FileName.ToDisplay(entry.Name)} {entry.Node.Size}");
                if (entry.Node.Kind == FileKind.Directory)
                {
                    Walk(entry.Node, $"{path}/{entry.Name}");
                }
            }
        }
    }

    [TestMethod]
    public void Reads_a_value_of_a_hive_on_a_Windows_disk()
    {
        WindowsTree windows = WindowsTree.Search(DiskLayout.Read(Fixture.Load("Ntfs/ntfs-windows"))).Tree ?? throw new InvalidOperationException("no Windows here");
        FileTree tree = new ContentTree().Add("/Windows/System32/config/SOFTWARE", Fixture.Load("Registry/small"));
        RegistryHive? software = RegistryHive.Open(tree, "/Windows/System32/config/SOFTWARE");
        string? product = software?.FindKey(@"Deep\1\2\3\4")?.FindValue("bottom")?.ReadString();

        Assert.IsNotNull(RegistryHive.Open(windows, "/Windows/System32/config/SOFTWARE"));
        Assert.AreEqual(4, product?.Length);
    }

    [TestMethod]
    public void Finds_an_installed_package()
    {
        FileTree tree = new ContentTree().Add("/var/lib/dpkg/status", "Package: waagent\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2.9.1.1-2\n\n");

        string? version = InstalledPackages.Read(tree)?.Find("waagent") is [var agent, ..] ? agent.Version : null;

        Assert.AreEqual("2.9.1.1-2", version);
    }
}
