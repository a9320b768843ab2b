using System.Text;
using Marketplace.DiskImages.Formats.Vmdk;
using static Marketplace.DiskImages.Tests.Containers.ContainerFixture;

namespace Marketplace.DiskImages.Tests.Containers;

[TestClass]
public sealed class VmdkTests
{
    private const string Sparse = "vmdk/sparse.vmdk";
    private const string Stream = "vmdk/stream.vmdk";

    [TestMethod]
    [DataRow(4, 9, DiskFormatErrorKind.Unsupported, VmdkFormat.HeaderStructure, DisplayName = "version")]
    [DataRow(11, 1, DiskFormatErrorKind.Unsupported, VmdkFormat.HeaderStructure, DisplayName = "unknown flag")]
    [DataRow(20, 3, DiskFormatErrorKind.Corrupt, VmdkFormat.HeaderStructure, DisplayName = "grain size no power of two")]
    [DataRow(27, 1, DiskFormatErrorKind.Corrupt, VmdkFormat.HeaderStructure, DisplayName = "two bits in the grain size")]
    [DataRow(28, 0, DiskFormatErrorKind.Unsupported, VmdkFormat.HeaderStructure, DisplayName = "no descriptor inside")]
    [DataRow(47, 1, DiskFormatErrorKind.Corrupt, VmdkFormat.HeaderStructure, DisplayName = "too many entries")]
    [DataRow(74, (int)'\n', DiskFormatErrorKind.Corrupt, VmdkFormat.HeaderStructure, DisplayName = "transferred as text")]
    [DataRow(62, 1, DiskFormatErrorKind.Truncated, VmdkFormat.DirectoryStructure, DisplayName = "directory past the end")]
    [DataRow(19, 1, DiskFormatErrorKind.Corrupt, VmdkFormat.HeaderStructure, DisplayName = "capacity")]
    public void A_damaged_header_is_refused(int offset, int value, DiskFormatErrorKind kind, string structure) =>
        Refused(Sparse, Load(Sparse).Patched(offset, (byte)value), kind, structure);

    [TestMethod]
    public void A_grain_of_another_place_is_told()
    {
        MemoryContent vmdk = Load(Stream);

        // The first grain of the stream is at sector 128.
        using DiskImage image = DiskImage.Open(vmdk.Patched(128 * 512, 0x80));
        DiskFormatException error = Assert.ThrowsExactly<DiskFormatException>(() => image.Disk!.Read(0, new byte[10]));

        Assert.AreEqual((DiskFormatErrorKind.Corrupt, VmdkFormat.GrainStructure), (error.Kind, error.Structure), error.Message);
    }

    [TestMethod]
    public void A_stream_without_its_end_is_refused()
    {
        MemoryContent vmdk = Load(Stream);
        vmdk = vmdk.Patched(56, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF);

        Refused(Stream, vmdk.Resized(vmdk.Length - 4096), DiskFormatErrorKind.Corrupt, VmdkFormat.HeaderStructure);
    }

    [TestMethod]
    [DataRow("createType=\"vmfs\"\nRW 100 VMFS \"flat-flat.vmdk\"", DiskFormatErrorKind.Unsupported, DisplayName = "ESX")]
    [DataRow("createType=\"monolithicFlat\"\nparentCID=12345678\nRW 100 FLAT \"flat-flat.vmdk\" 0", DiskFormatErrorKind.Unsupported, DisplayName = "a snapshot")]
    [DataRow("createType=\"monolithicFlat\"\nRW 100 FLAT \"../flat-flat.vmdk\" 0", DiskFormatErrorKind.Unsupported, DisplayName = "outside of the folder")]
    [DataRow("createType=\"monolithicFlat\"\nRW 100 FLAT \"/etc/passwd\" 0", DiskFormatErrorKind.Unsupported, DisplayName = "absolute")]
    [DataRow("createType=\"monolithicFlat\"\nRW 100 FLAT \"none.vmdk\" 0", DiskFormatErrorKind.Unsupported, DisplayName = "missing")]
    [DataRow("createType=\"monolithicFlat\"\nRW 100 FLAT \"flat-flat.vmdk\" 18435", DiskFormatErrorKind.Truncated, DisplayName = "longer than its file")]
    [DataRow("createType=\"monolithicFlat\"\nRW 9223372036854775807 ZERO", DiskFormatErrorKind.Corrupt, DisplayName = "too many sectors")]
    [DataRow("createType=\"monolithicFlat\"\nRW x FLAT \"flat-flat.vmdk\"", DiskFormatErrorKind.Corrupt, DisplayName = "no number")]
    [DataRow("createType=\"monolithicFlat\"\n", DiskFormatErrorKind.Corrupt, DisplayName = "no extent")]
    public void A_descriptor_that_is_not_read_is_refused(string text, DiskFormatErrorKind kind) =>
        Refused("vmdk/x.vmdk", new MemoryContent(Encoding.ASCII.GetBytes("# Disk DescriptorFile\n" + text + "\n")), kind, VmdkFormat.DescriptorStructure);

    [TestMethod]
    public void Extents_of_zeros_and_of_a_part_of_a_file_are_joined()
    {
        const string Text = "# Disk DescriptorFile\ncreateType=\"twoGbMaxExtentFlat\"\nRW 4 ZERO\nRW 2 FLAT \"flat-flat.vmdk\" 1\n";
        using DiskImage image = Folder(Sparse).Open("x.vmdk", new MemoryContent(Encoding.ASCII.GetBytes(Text)));
        byte[] disk = new byte[6 * 512];
        image.Disk!.Read(0, disk);

        Assert.AreEqual(disk.Length, image.Disk.Length);
        Assert.IsFalse(disk.AsSpan(0, 2048).ContainsAnyExcept((byte)0));
        CollectionAssert.AreEqual(Load("vmdk/flat-flat.vmdk").ReadBytes(512, 1024), disk[2048..]);
    }
}
