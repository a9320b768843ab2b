using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Partitions;
using Marketplace.DiskImages.Trees;
using Marketplace.DiskImages.Volumes;

namespace Marketplace.DiskImages.Tests.Trees;

[TestClass]
public sealed class SystemTreeTests
{
    private const string OsRelease = "/etc/os-release=ID=x";
    private static readonly MemoryContent Nothing = new(4096);

    [TestMethod]
    [DataRow("UUID=uuid-2")]
    [DataRow("UUID=\"UUID-2\"")]
    [DataRow("LABEL=label\\0402")]
    [DataRow("PARTUUID=part-2")]
    [DataRow("PARTLABEL=name2")]
    [DataRow("/dev/disk/by-uuid/uuid-2")]
    [DataRow("/dev/disk/by-label/label\\x202")]
    [DataRow("/dev/disk/by-partuuid/part-2")]
    [DataRow("/dev/sda2")]
    [DataRow("/dev/vda2")]
    [DataRow("/dev/nvme0n1p2")]
    [DataRow("/dev/disk/azure/root-part2")]
    public void Fstab_names_volumes_in_many_ways(string source)
    {
        SystemTree tree = Assemble(Root(OsRelease, $"/etc/fstab={source} /boot ext4 defaults 0 2", "/boot/hidden=x"), Part(2, new MemoryFileSystem("/vmlinuz=k")));

        Assert.AreEqual("/ /boot", string.Join(' ', tree.Mounts.Select(mount => mount.Path)));
        Assert.IsTrue(tree.FileExists("/boot/vmlinuz"));
        Assert.IsFalse(tree.FileExists("/boot/hidden"));
        Assert.IsEmpty(tree.UnreadableMounts);
    }

    [TestMethod]
    [DataRow("UUID=other", "no volume of this disk has the UUID other")]
    [DataRow("/dev/sdb2", "no volume of this disk is known by that name")]
    [DataRow("/dev/disk/cloud/azure_resource-part1", "no volume of this disk is known by that name")]
    [DataRow("/dev/mapper/rootvg-homelv", "no logical volume of this disk has that name")]
    [DataRow("/dev/rootvg/homelv", "no logical volume of this disk has that name")]
    public void What_is_not_on_the_disk_is_unreadable_and_not_absent(string source, string reason)
    {
        SystemTree tree = Assemble(Root(OsRelease, $"/etc/fstab={source} /home xfs defaults,nofail 0 2", "/home/user/.bash_history=x"));

        Assert.AreEqual(new UnreadableMount("/home", source, reason), tree.UnreadableMounts.Single());
        Assert.AreEqual(FileKind.Directory, tree.Stat("/home")!.Kind);
        foreach (Action access in (Action[])[() => tree.List("/home"), () => tree.Stat("/home/user"), () => tree.FileExists("/home/user/.bash_history"), () => tree.ReadLink("/home/x"), () => tree.Read("/home/x", 0, new byte[1])])
        {
            Assert.AreEqual(DiskFormatErrorKind.Unsupported, Assert.ThrowsExactly<DiskFormatException>(access).Kind);
        }

        Assert.IsTrue(tree.FileExists("/etc/os-release"));
        Assert.IsTrue(tree.FileExists("/home/../etc/os-release"));
    }

    [TestMethod]
    [DataRow("tmpfs /tmp tmpfs defaults 0 0")]
    [DataRow("proc /proc proc defaults 0 0")]
    [DataRow("UUID=uuid-9 none swap sw 0 0")]
    [DataRow("/swapfile swap swap defaults 0 0")]
    [DataRow("UUID=uuid-9 /data ext4 noauto 0 2")]
    [DataRow("server:/export /srv nfs _netdev 0 0")]
    [DataRow("//server/share /srv cifs credentials=/x 0 0")]
    [DataRow("UUID=uuid-1 / ext4 defaults 0 1")]
    [DataRow("UUID=gone / ext4 defaults 0 1")]
    public void Entries_that_show_no_local_files_are_no_mounts(string line)
    {
        SystemTree tree = Assemble(Root(OsRelease, "/etc/fstab=" + line, "/srv/x=1"));

        Assert.HasCount(1, tree.Mounts);
        Assert.IsEmpty(tree.UnreadableMounts);
        Assert.HasCount(1, tree.FstabEntries);
        Assert.IsTrue(tree.FileExists("/srv/x"));
    }

    [TestMethod]
    public void A_volume_of_a_kind_that_is_not_read_is_unreadable_where_it_is_mounted()
    {
        SystemTree tree = Assemble(Root(OsRelease, "/etc/fstab=UUID=uuid-2 /var f2fs defaults 0 0"), Part(2, null, VolumeKind.F2fs));

        Assert.AreEqual("F2FS is not read", tree.UnreadableMounts.Single().Reason);
        Assert.AreEqual(VolumeKind.F2fs, tree.UnreadableMounts.Single().Volume?.Kind);
    }

    [TestMethod]
    public void Mounts_are_made_from_the_top_whatever_the_order_of_the_lines()
    {
        SystemTree tree = Assemble(
            Root(OsRelease, "/etc/fstab=UUID=uuid-3 /boot/efi vfat umask=0077 0 1\nUUID=uuid-2 /boot ext4 defaults 0 2"),
            Part(2, new MemoryFileSystem("/efi/", "/vmlinuz=k")),
            Part(3, new MemoryFileSystem("/EFI/BOOT/BOOTX64.EFI=x")));

        Assert.IsTrue(tree.FileExists("/boot/efi/EFI/BOOT/BOOTX64.EFI"));
        Assert.AreEqual("efi vmlinuz", string.Join(' ', tree.List("/boot")));
        Assert.AreEqual("/boot", tree.Stat("/boot/efi/..")!.Path);
    }

    [TestMethod]
    public void Links_lead_across_mounts_and_from_the_root_of_the_tree()
    {
        SystemTree tree = Assemble(
            Root(OsRelease, "/etc/fstab=UUID=uuid-2 /usr ext4 defaults 0 2", "/usr/", "/etc/vendor -> ../usr/etc/vendor", "/lib -> usr/lib"),
            Part(2, new MemoryFileSystem("/lib/modules/m=1", "/etc/vendor=v", "/conf -> /etc/os-release")));

        Assert.AreEqual("v", tree.ReadAllText("/etc/vendor"));
        Assert.AreEqual("1", tree.ReadAllText("/lib/modules/m"));
        Assert.AreEqual("ID=x", tree.ReadAllText("/usr/conf"));
        Assert.AreEqual("/usr/lib/modules", tree.Stat("/lib/modules")!.Path);
    }

    [TestMethod]
    public void A_mount_point_behind_a_link_is_where_the_link_leads()
    {
        SystemTree tree = Assemble(Root(OsRelease, "/etc/fstab=UUID=uuid-2 /srv/data ext4 defaults 0 2", "/srv -> /var/srv", "/var/srv/data/"), Part(2, new MemoryFileSystem("/x=1")));

        Assert.AreEqual("/var/srv/data", tree.Mounts[1].Path);
        Assert.IsTrue(tree.FileExists("/srv/data/x"));
        Assert.IsTrue(tree.FileExists("/var/srv/data/x"));
    }

    [TestMethod]
    public void A_mount_point_that_is_made_at_boot_is_there()
    {
        SystemTree tree = Assemble(Root(OsRelease, "/etc/fstab=UUID=uuid-2 /opt/app/data ext4 defaults 0 2\nUUID=gone /opt/app/other ext4 nofail 0 2"), Part(2, new MemoryFileSystem("/x=1")));

        Assert.IsTrue(tree.FileExists("/opt/app/data/x"));
        Assert.AreEqual("data other", string.Join(' ', tree.List("/opt/app")));
        Assert.IsTrue(tree.DirectoryExists("/opt/app/other"));
        Assert.ThrowsExactly<DiskFormatException>(() => tree.List("/opt/app/other"));
        CollectionAssert.Contains(tree.List("/").ToArray(), "opt");
    }

    [TestMethod]
    public void A_bind_mount_shows_the_other_directory()
    {
        SystemTree tree = Assemble(
            Root(OsRelease, "/etc/fstab=UUID=uuid-2 /data ext4 defaults 0 2\n/data/home /home none bind 0 0\n/nowhere /srv none bind 0 0\n/gone/x /opt none rbind 0 0\nUUID=no /gone ext4 nofail 0 0", "/data/", "/home/", "/srv/"),
            Part(2, new MemoryFileSystem("/home/user/.profile=p")));

        Assert.AreEqual("p", tree.ReadAllText("/home/user/.profile"));
        Assert.AreEqual(2, tree.Mounts.Single(mount => mount.Path == "/home").Volume.Partition!.Number);
        Assert.AreEqual("/gone /opt /srv", string.Join(' ', tree.UnreadableMounts.Select(mount => mount.Path).Order(StringComparer.Ordinal)));
    }

    [TestMethod]
    public void Boot_partitions_that_fstab_does_not_mention_are_mounted_by_their_type()
    {
        SystemTree tree = Assemble(
            Root(OsRelease, "/boot/"),
            Part(15, new MemoryFileSystem("/EFI/x=1"), type: PartitionTypes.EfiSystem),
            Part(16, new MemoryFileSystem("/vmlinuz=k"), type: PartitionTypes.ExtendedBoot));

        Assert.IsTrue(tree.FileExists("/boot/vmlinuz"));
        Assert.AreEqual("/ /boot", string.Join(' ', tree.Mounts.Select(mount => mount.Path)));
    }

    [TestMethod]
    public void An_EFI_system_partition_is_mounted_below_the_boot_partition_whatever_their_order()
    {
        SystemTree tree = Assemble(
            Root(OsRelease, "/boot/"),
            Part(15, new MemoryFileSystem("/EFI/x=1"), type: PartitionTypes.EfiSystem),
            Part(16, new MemoryFileSystem("/efi/", "/vmlinuz=k"), type: PartitionTypes.ExtendedBoot));

        Assert.IsTrue(tree.FileExists("/boot/efi/EFI/x"));
    }

    [TestMethod]
    public void Directories_with_files_are_not_covered_by_type()
    {
        SystemTree tree = Assemble(
            Root(OsRelease, "/boot/vmlinuz=k", "/efi/x=1"),
            Part(15, new MemoryFileSystem("/EFI/x=1"), type: PartitionTypes.EfiSystem),
            Part(16, new MemoryFileSystem("/other=k"), type: PartitionTypes.ExtendedBoot));

        Assert.HasCount(1, tree.Mounts);
        Assert.IsTrue(tree.FileExists("/boot/vmlinuz"));
    }

    [TestMethod]
    public void The_root_is_the_volume_with_os_release()
    {
        RootSearch search = SystemTree.Search(Layout(Part(1, new MemoryFileSystem("/data/x=1")), Part(2, new MemoryFileSystem("/usr/lib/os-release=ID=x"))));

        Assert.AreEqual(2, search.Tree!.RootVolume.Partition!.Number);
        Assert.AreEqual("", search.Explanation);
    }

    [TestMethod]
    public void A_link_to_os_release_on_another_volume_makes_a_root()
    {
        SystemTree? tree = SystemTree.Assemble(Layout(
            Part(1, new MemoryFileSystem("/etc/os-release -> ../usr/lib/os-release", "/usr/", "/etc/fstab=UUID=uuid-2 /usr ext4 defaults 0 0")),
            Part(2, new MemoryFileSystem("/lib/os-release=ID=y"))));

        Assert.AreEqual("ID=y", tree!.ReadAllText("/etc/os-release"));
    }

    [TestMethod]
    public void Of_several_roots_the_partition_type_and_then_the_own_fstab_decide()
    {
        Volume first = Part(1, new MemoryFileSystem(OsRelease));
        Volume own = Part(2, new MemoryFileSystem(OsRelease, "/etc/fstab=UUID=uuid-2 / ext4 defaults 0 1"));
        Volume typed = Part(3, new MemoryFileSystem(OsRelease), type: PartitionTypes.LinuxRootX64);

        Assert.AreEqual(first, SystemTree.Assemble(Layout(first))!.RootVolume);
        Assert.AreEqual(own, SystemTree.Assemble(Layout(first, own))!.RootVolume);
        RootSearch search = SystemTree.Search(Layout(first, own, typed));
        Assert.AreEqual(typed, search.Tree!.RootVolume);
        Assert.HasCount(3, search.Candidates);
        Assert.IsFalse(search.IsAmbiguous);
    }

    /// <summary>Two copies of a system for updates in turn: the boot loader decides, which is not read here.</summary>
    [TestMethod]
    public void Two_roots_that_as_much_speaks_for_are_ambiguous()
    {
        Volume a = Part(2, new MemoryFileSystem(OsRelease, "/etc/fstab=UUID=uuid-2 / ext4 defaults 0 1"));
        Volume b = Part(3, new MemoryFileSystem(OsRelease, "/etc/fstab=UUID=uuid-3 / ext4 defaults 0 1"));

        Assert.IsTrue(SystemTree.Search(Layout(a, b)).IsAmbiguous);
        Assert.IsFalse(SystemTree.Search(Layout(a)).IsAmbiguous);
        Assert.IsFalse(SystemTree.Search(Layout(a, Part(3, new MemoryFileSystem(OsRelease)))).IsAmbiguous);
    }

    [TestMethod]
    public void A_name_that_two_volumes_have_leads_to_neither()
    {
        Volume copy = new(null, Nothing, VolumeKind.Ext, "uuid-2", "", new MemoryFileSystem("/a=x"), null, new LogicalVolumeName("vg", "copy"));
        SystemTree tree = Assemble(Root(OsRelease, "/etc/fstab=UUID=uuid-2 /home ext4 defaults 0 2"), Part(2, new MemoryFileSystem("/b=x")), copy);

        Assert.AreEqual("2 volumes of this disk have the UUID uuid-2, and nothing says which one is used", tree.UnreadableMounts.Single().Reason);
    }

    /// <summary>The files of /usr are not missing when their superblock is destroyed.</summary>
    [TestMethod]
    public void A_partition_for_usr_with_unknown_data_is_unreadable()
    {
        SystemTree tree = Assemble(Root(OsRelease), Part(3, null, VolumeKind.Unknown, PartitionTypes.LinuxUsrX64));

        Assert.AreEqual("/usr", tree.UnreadableMounts.Single().Path);
    }

    [TestMethod]
    public void A_system_in_the_partition_for_usr_is_mounted_on_the_root_by_type()
    {
        Volume root = Part(9, new MemoryFileSystem("/lost+found/"), type: PartitionTypes.FlatcarRoot);
        Volume usr = Part(3, new MemoryFileSystem("/lib/os-release=ID=flatcar", "/share/oem/"), type: PartitionTypes.FlatcarUsr);
        Volume efi = Part(1, new MemoryFileSystem("/flatcar/grub=x"), type: PartitionTypes.EfiSystem);
        SystemTree tree = Assemble(efi, usr, Part(4, null, VolumeKind.Empty, PartitionTypes.FlatcarUsr), root);

        Assert.AreEqual(root, tree.RootVolume);
        Assert.AreEqual("ID=flatcar", tree.ReadAllText("/usr/lib/os-release"));
        Assert.AreEqual("/ /usr /boot", string.Join(' ', tree.Mounts.Select(mount => mount.Path)));

        SystemTree ambiguous = Assemble(usr, Part(4, new MemoryFileSystem("/lib/os-release=ID=flatcar"), type: PartitionTypes.FlatcarUsr), root);
        Assert.AreEqual("/usr /etc", string.Join(' ', ambiguous.UnreadableMounts.Select(mount => mount.Path)));
        Assert.ThrowsExactly<DiskFormatException>(() => tree.ReadAllText("/etc/ssh/sshd_config"), "made at the first start");
        Assert.IsNull(SystemTree.Assemble(Layout(root, Part(3, null, VolumeKind.Btrfs, PartitionTypes.FlatcarUsr, DiskFormatException.Corrupt("x", 0, "y")))));
    }

    /// <summary>systemd mounts them without a line in fstab; what cannot be read there is not an empty directory.</summary>
    [TestMethod]
    public void Partitions_for_data_are_mounted_by_type()
    {
        Volume home = Part(2, new MemoryFileSystem("/user/.bash_history=x"), type: PartitionTypes.LinuxHome);
        Volume server = Part(3, null, VolumeKind.Luks, PartitionTypes.LinuxServerData);
        SystemTree tree = Assemble(Root(OsRelease, "/home/"), home, server);
        SystemTree used = Assemble(Root(OsRelease, "/home/other/x=1"), home);
        SystemTree named = Assemble(Root(OsRelease, "/etc/fstab=UUID=uuid-2 /data ext4 defaults 0 2"), home);

        Assert.AreEqual("/ /home", string.Join(' ', tree.Mounts.Select(mount => mount.Path)));
        Assert.AreEqual(new UnreadableMount("/srv", "partition of the type of /srv", "it is encrypted with LUKS") { Volume = server }, tree.UnreadableMounts.Single());
        Assert.AreEqual("/", string.Join(' ', used.Mounts.Select(mount => mount.Path)));
        Assert.AreEqual("/ /data", string.Join(' ', named.Mounts.Select(mount => mount.Path)));
    }

    [TestMethod]
    public void A_directory_usr_with_files_is_not_covered_by_type()
    {
        SystemTree tree = Assemble(Root(OsRelease, "/usr/bin/sh=x"), Part(3, new MemoryFileSystem("/lib/os-release=ID=y"), type: PartitionTypes.LinuxUsrX64));

        Assert.HasCount(1, tree.Mounts);
        Assert.IsTrue(tree.FileExists("/usr/bin/sh"));
    }

    [TestMethod]
    public void Without_a_root_the_search_says_which_volumes_it_could_not_look_into()
    {
        DiskFormatException damage = DiskFormatException.Corrupt("ext4 superblock", 1024, "checksum");
        RootSearch search = SystemTree.Search(Layout(
            Part(1, null, VolumeKind.F2fs), Part(2, null, VolumeKind.LvmPhysicalVolume), Part(3, null, VolumeKind.Ext, problem: damage), Part(4, new MemoryFileSystem("/etc!")),
            Part(5, null, VolumeKind.Empty), Part(6, null, VolumeKind.Swap), Part(14, null, VolumeKind.Unknown, PartitionTypes.BiosBoot)));

        Assert.IsNull(search.Tree);
        Assert.AreEqual("1 3 4", string.Join(' ', search.UnreadableVolumes.Select(volume => volume.Volume.Partition!.Number)));
        Assert.Contains("partition 1: F2FS is not read", search.Explanation);
        Assert.Contains("ext4 superblock", search.Explanation);
    }

    [TestMethod]
    public void Without_any_file_system_the_search_says_so()
    {
        RootSearch search = SystemTree.Search(Layout(Part(1, null, VolumeKind.Swap), Part(2, new MemoryFileSystem("/x=1"))));

        Assert.IsNull(search.Tree);
        Assert.AreEqual("no volume of the disk has the root of a Linux system (/etc/os-release, or /etc/fstab and /etc/passwd)", search.Explanation);
    }

    [TestMethod]
    public void Damage_in_the_fstab_of_the_root_is_not_an_empty_fstab()
    {
        Expect.Corrupt("memory node", () => SystemTree.Assemble(Layout(Part(1, new MemoryFileSystem(OsRelease, "/etc/fstab=!")))));
    }

    [TestMethod]
    public void An_fstab_without_end_is_given_up()
    {
        string many = string.Join('\n', Enumerable.Range(0, 1025).Select(i => $"/dev/x /m{i} ext4"));
        string large = new('#', (1 << 20) + 1);

        Expect.Unsupported("/etc/fstab", () => Assemble(Root(OsRelease, "/etc/fstab=" + many)));
        Expect.Unsupported("/etc/fstab", () => Assemble(Root(OsRelease, "/etc/fstab=" + large)));
        Assert.HasCount(1024, Assemble(Root(OsRelease, "/etc/fstab=" + many[..many.LastIndexOf('\n')])).UnreadableMounts);
    }

    private static Volume Root(params string[] lines) => Part(1, new MemoryFileSystem(lines));

    private static SystemTree Assemble(params Volume[] volumes) => SystemTree.Assemble(Layout(volumes))!;

    private static DiskLayout Layout(params Volume[] volumes) => new(Nothing, null, volumes);

    private static Volume Part(int number, MemoryFileSystem? fileSystem, VolumeKind kind = VolumeKind.Ext, Guid? type = null, DiskFormatException? problem = null)
    {
        Partition partition = new() { Number = number, Offset = number * 4096L, Length = 4096, GptType = type, PartUuid = $"part-{number}", Name = $"name{number}" };
        return new Volume(partition, Nothing, kind, $"uuid-{number}", $"label {number}", fileSystem, problem);
    }
}
