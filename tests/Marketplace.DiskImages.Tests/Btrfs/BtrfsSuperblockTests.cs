using Marketplace.DiskImages.FileSystems.Btrfs;

namespace Marketplace.DiskImages.Tests.Btrfs;

/// <summary>One byte or field of the superblock changed in all copies, its checksum right: one exact error.</summary>
[TestClass]
public sealed class BtrfsSuperblockTests
{
    private const string Structure = "Btrfs superblock";
    private const int First = 0x10000;
    private const int Second = 0x4000000;

    private static BtrfsImage Image { get; } = new(Fixture.Load("Btrfs/fedora"));

    [TestMethod]
    [DataRow(0xBD, (byte)0x10, "Zoned")]
    [DataRow(0xBD, (byte)0x20, "ExtentTreeV2")]
    [DataRow(0xBD, (byte)0x40, "RaidStripeTree")]
    [DataRow(0xBE, (byte)0x02, "RemapTree")]
    [DataRow(0xBD, (byte)0x80, "32768")]
    [DataRow(0xC3, (byte)0x80, "9223372036854775808")]
    public void Refuses_features_that_change_what_is_on_disk(int offset, byte bit, string name)
    {
        byte old = Image.Content.ReadBytes(First + offset, 1)[0];
        DiskFormatException error = Expect.Unsupported(Structure, () => BtrfsFileSystem.Open(Image.WithSuperblock(offset, (byte)(old | bit))));
        Assert.Contains(name, error.Detail);
    }

    [TestMethod]
    [DataRow(0x3C, new byte[] { 1 }, "seed")]
    [DataRow(0x3C, new byte[] { 2 }, "dump of metadata")]
    [DataRow(0x3C, new byte[] { 16 }, "conversion")]
    [DataRow(0xC4, new byte[] { 4 }, "csum_type is 4")]
    [DataRow(0x88, new byte[] { 2 }, "2 devices")]
    public void Refuses_what_is_not_read(int offset, byte[] bytes, string detail)
    {
        Assert.Contains(detail, Expect.Unsupported(Structure, () => BtrfsFileSystem.Open(Image.WithSuperblock(offset, bytes))).Detail);
    }

    [TestMethod]
    [DataRow(0x40, new byte[] { 0 }, "magic")]
    [DataRow(0x90, new byte[] { 0, 8 }, "sectorsize is 2048")]
    [DataRow(0x94, new byte[] { 0, 0x48 }, "nodesize is 18432")]
    [DataRow(0x94, new byte[] { 0, 0, 2 }, "nodesize is 131072")]
    [DataRow(0x94, new byte[] { 0, 0, 0, 0x80 }, "nodesize is 2147")]
    [DataRow(0xA0, new byte[] { 1, 8 }, "sys_chunk_array_size is 2049")]
    [DataRow(0xA0, new byte[] { 0 }, "sys_chunk_array_size is 0")]
    [DataRow(0xA0, new byte[] { 20 }, "20 bytes left")]
    [DataRow(0xC6, new byte[] { 8 }, "root_level is 8")]
    [DataRow(0xC7, new byte[] { 255 }, "chunk_root_level is 255")]
    [DataRow(0xC8, new byte[] { 9 }, "log_root_level is 9")]
    [DataRow(0x88, new byte[] { 0 }, "num_devices is 0")]
    [DataRow(0x11B, new byte[] { 0 }, "fsid of the device")]
    public void Refuses_fields_that_cannot_be(int offset, byte[] bytes, string detail)
    {
        Assert.Contains(detail, Expect.Corrupt(Structure, () => BtrfsFileSystem.Open(Image.WithSuperblock(offset, bytes))).Detail);
    }

    [TestMethod]
    public void A_volume_shorter_than_its_device_is_truncated()
    {
        Expect.Truncated(Structure, () => BtrfsFileSystem.Open(Image.Content.Resized(Image.Content.Length - 4096)));
        Expect.Truncated(Structure, () => BtrfsFileSystem.Open(Image.Content.Resized(First + 4095)));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(0x40)]
    [DataRow(0x800)]
    public void A_damaged_first_superblock_is_replaced_by_its_copy_and_told(int offset)
    {
        BtrfsFileSystem fileSystem = BtrfsFileSystem.Open(Image.Content.Patched(First + offset, 0xA5));

        Assert.AreEqual("fedora", fileSystem.Label);
        Assert.IsNotNull(fileSystem.Root.Find("home"));
        Assert.Contains("The first superblock is damaged, so Linux does not mount the file system; its copy at byte 67108864 was used", fileSystem.Notes.Single());
    }

    [TestMethod]
    public void A_damaged_copy_of_the_superblock_changes_nothing()
    {
        Assert.IsEmpty(BtrfsFileSystem.Open(Image.Content.Patched(Second + 0x40, 0xA5)).Notes);
    }

    [TestMethod]
    public void Without_any_good_superblock_the_error_is_that_of_the_first()
    {
        DiskFormatException error = Expect.Corrupt(Structure, () => BtrfsFileSystem.Open(Image.Content.Patched(First + 0x48, 0xA5).Patched(Second + 0x40, 0)));
        Assert.AreEqual(First, error.Offset);
        Assert.Contains("checksum (Crc32C)", error.Detail);
    }

    [TestMethod]
    public void Recorded_errors_are_told()
    {
        Assert.Contains("records errors", BtrfsFileSystem.Open(Image.WithSuperblock(0x38, 5)).Notes.Single());
    }

    [TestMethod]
    public void Refuses_a_file_system_of_which_a_device_is_elsewhere()
    {
        Assert.Contains("2 devices", Expect.Unsupported(Structure, () => BtrfsFileSystem.Open(Fixture.Load("Btrfs/raid1"))).Detail);
    }
}
