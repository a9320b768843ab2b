using System.Buffers.Binary;
using Marketplace.DiskImages.Volumes;

namespace Marketplace.DiskImages.Tests.Volumes;

[TestClass]
public sealed class VolumeDetectorTests
{
    private static readonly Dictionary<string, VolumeKind> Kinds = new()
    {
        ["ext2"] = VolumeKind.Ext,
        ["ext3"] = VolumeKind.Ext,
        ["ext4"] = VolumeKind.Ext,
        ["xfs"] = VolumeKind.Xfs,
        ["btrfs"] = VolumeKind.Btrfs,
        ["ntfs"] = VolumeKind.Ntfs,
        ["exfat"] = VolumeKind.ExFat,
        ["f2fs"] = VolumeKind.F2fs,
        ["vfat"] = VolumeKind.Fat,
        ["squashfs"] = VolumeKind.ReadOnlyLinux,
        ["erofs"] = VolumeKind.ReadOnlyLinux,
        ["cramfs"] = VolumeKind.ReadOnlyLinux,
        ["iso9660"] = VolumeKind.Iso9660,
        ["swap"] = VolumeKind.Swap,
        ["crypto_LUKS"] = VolumeKind.Luks,
        ["LVM2_member"] = VolumeKind.LvmPhysicalVolume,
    };

    private static IEnumerable<string[]> Truth => Fixture.Text("Volumes/truth.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|'));

    /// <summary>Kind, identifier and label of what every mkfs makes are those blkid tells.</summary>
    [TestMethod]
    public void Agrees_with_blkid()
    {
        foreach (string[] line in Truth)
        {
            (string name, string type, string uuid, string label) = (line[0], line[1], line[2], line[3]);
            VolumeSignature signature = VolumeDetector.Detect(Fixture.Load("Volumes/" + name));

            Assert.AreEqual(Kinds[type], signature.Kind, name);

            // blkid makes an identifier of the date of an ISO image and takes the name of a cramfs for a label; the label of NTFS is in a file.
            Assert.AreEqual(signature.Kind == VolumeKind.Iso9660 ? "" : uuid, signature.Uuid, name);
            Assert.AreEqual(name is "cramfs" or "ntfs" ? "" : label, signature.Label, name);
        }
    }

    [TestMethod]
    public void Every_kind_of_signature_can_be_missed_by_one_bit()
    {
        foreach ((string name, int offset) in new[]
        {
            ("ext4", 1024 + 0x38), ("xfs", 0), ("btrfs", 65536 + 0x40), ("ntfs", 3), ("exfat", 3), ("f2fs", 1024), ("squashfs", 0), ("erofs", 1024),
            ("cramfs", 0), ("iso9660", 32769), ("swap-4096", 4086), ("swap-65536", 65526), ("luks2", 0), ("lvm", 512),
        })
        {
            MemoryContent volume = Fixture.Load("Volumes/" + name);
            MemoryContent damaged = volume.Patched(offset, (byte)(volume.ReadBytes(offset, 1)[0] ^ 0x20));

            Assert.IsTrue(VolumeDetector.Detect(damaged).Kind is VolumeKind.Unknown or VolumeKind.Empty, name);
        }
    }

    [TestMethod]
    [DataRow("S1SUSPEND\0")]
    [DataRow("ULSUSPEND\0")]
    [DataRow("LINHIB0001")]
    public void A_swap_area_that_holds_a_hibernated_machine_is_still_one(string signature)
    {
        MemoryContent volume = Fixture.Load("Volumes/swap-4096").Patched(4086, System.Text.Encoding.ASCII.GetBytes(signature));

        Assert.AreEqual(VolumeKind.Swap, VolumeDetector.Detect(volume).Kind);
    }

    [TestMethod]
    public void A_signature_of_swap_left_in_the_reserved_sectors_of_fat_makes_no_swap_area()
    {
        byte[] boot = new byte[512];
        boot[0] = 0xEB;
        "FAT32   "u8.CopyTo(boot.AsSpan(82));
        MemoryContent volume = new MemoryContent(1 << 20).Patched(0, boot).Patched(4086, "SWAPSPACE2"u8);

        Assert.AreEqual(VolumeKind.Fat, VolumeDetector.Detect(volume).Kind);
    }

    [TestMethod]
    public void The_first_version_of_swap_areas_is_known()
    {
        Assert.AreEqual(VolumeKind.Swap, VolumeDetector.Detect(new MemoryContent(1 << 20).Patched(4086, "SWAP-SPACE"u8)).Kind);
    }

    /// <summary>The kinds no tool here makes, from the offsets of their documentation.</summary>
    [TestMethod]
    public void Signatures_at_their_documented_offsets_are_known()
    {
        byte[] raid = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(raid, 0xA92B4EFC);
        raid[4] = 1;
        MemoryContent empty = new(8 << 20);
        MemoryContent[] raids = [empty.Patched(0, raid), empty.Patched(4096, raid), empty.Patched(empty.Length - 8192, raid), empty.Patched(empty.Length - 65536, raid.AsSpan(0, 4))];

        foreach (MemoryContent volume in raids)
        {
            Assert.AreEqual(VolumeKind.LinuxRaid, VolumeDetector.Detect(volume).Kind);
        }

        Assert.AreEqual(VolumeKind.BitLocker, VolumeDetector.Detect(empty.Patched(0, [0xEB, 0x58, 0x90, .. "-FVE-FS-"u8])).Kind);
        Assert.AreEqual(VolumeKind.ReFs, VolumeDetector.Detect(empty.Patched(3, "ReFS"u8)).Kind);
        Assert.AreEqual(VolumeKind.Zfs, VolumeDetector.Detect(empty.Patched((128 << 10) + 5120, 0x0C, 0xB1, 0xBA, 0)).Kind);
    }

    [TestMethod]
    public void A_mirror_whose_superblock_is_at_the_end_is_known_by_its_file_system()
    {
        byte[] raid = [0xFC, 0x4E, 0x2B, 0xA9, 1, 0, 0, 0];
        MemoryContent volume = Fixture.Load("Volumes/ext4");

        Assert.AreEqual(VolumeKind.Ext, VolumeDetector.Detect(volume.Patched(volume.Length - 8192, raid)).Kind);
    }

    [TestMethod]
    public void Zeros_are_empty_and_noise_is_unknown()
    {
        byte[] noise = new byte[1 << 20];
        new Random(9).NextBytes(noise);

        Assert.AreEqual(VolumeKind.Empty, VolumeDetector.Detect(new MemoryContent(1 << 20)).Kind);
        Assert.AreEqual(VolumeKind.Unknown, VolumeDetector.Detect(new MemoryContent(noise)).Kind);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(511)]
    [DataRow(4090)]
    public void A_volume_may_be_shorter_than_every_signature(int length)
    {
        Assert.AreEqual(VolumeKind.Empty, VolumeDetector.Detect(new MemoryContent(length)).Kind);
    }

    [TestMethod]
    public void The_volume_of_a_FAT_partition_is_opened_and_damage_stays_in_it()
    {
        MemoryContent fat = Fixture.Load("Fat/fat16");
        Assert.IsNotNull(DiskLayout.Read(fat).Volumes[0].FileSystem);

        Volume damaged = DiskLayout.Read(fat.Patched(13, 3)).Volumes[0];

        Assert.IsNull(damaged.FileSystem);
        Assert.AreEqual((VolumeKind.Fat, "FAT boot sector"), (damaged.Kind, damaged.Problem!.Structure));
        Assert.AreEqual("1234-AB16", damaged.Uuid);
    }
}
