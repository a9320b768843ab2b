using Marketplace.DiskImages.Formats.Qcow;
using static Marketplace.DiskImages.Tests.Containers.ContainerFixture;

namespace Marketplace.DiskImages.Tests.Containers;

[TestClass]
public sealed class QcowTests
{
    private const string Plain = "qcow/v3.qcow2";
    private const string Middle = "qcow/chain/middle.qcow2";

    [TestMethod]
    [DataRow(7, 1, DiskFormatErrorKind.Unsupported, DisplayName = "version 1")]
    [DataRow(7, 4, DiskFormatErrorKind.Unsupported, DisplayName = "version 4")]
    [DataRow(23, 8, DiskFormatErrorKind.Corrupt, DisplayName = "cluster bits too few")]
    [DataRow(23, 22, DiskFormatErrorKind.Corrupt, DisplayName = "cluster bits too many")]
    [DataRow(24, 0x80, DiskFormatErrorKind.Corrupt, DisplayName = "size")]
    [DataRow(35, 1, DiskFormatErrorKind.Unsupported, DisplayName = "AES")]
    [DataRow(35, 2, DiskFormatErrorKind.Unsupported, DisplayName = "LUKS")]
    [DataRow(39, 0, DiskFormatErrorKind.Corrupt, DisplayName = "no L1 table")]
    [DataRow(47, 1, DiskFormatErrorKind.Corrupt, DisplayName = "L1 table not at a cluster")]
    [DataRow(79, 2, DiskFormatErrorKind.Corrupt, DisplayName = "marked as corrupt")]
    [DataRow(79, 4, DiskFormatErrorKind.Unsupported, DisplayName = "external data")]
    [DataRow(72, 1, DiskFormatErrorKind.Unsupported, DisplayName = "unknown incompatible feature")]
    public void A_header_that_is_damaged_or_not_understood_is_refused(int offset, int value, DiskFormatErrorKind kind) =>
        Refused(Plain, Load(Plain).Patched(offset, (byte)value), kind, QcowFormat.HeaderStructure);

    [TestMethod]
    public void An_unknown_compression_is_refused() =>
        Refused(Plain, Load(Plain).Patched(79, 8).Patched(104, 2), DiskFormatErrorKind.Unsupported, QcowFormat.HeaderStructure);

    [TestMethod]
    public void An_external_data_file_is_refused() =>
        Refused("qcow/external.qcow2", Load("qcow/external.qcow2"), DiskFormatErrorKind.Unsupported, QcowFormat.HeaderStructure);

    [TestMethod]
    public void A_dirty_file_is_read_with_a_note()
    {
        using DiskImage image = DiskImage.Open(Load(Plain).Patched(79, 1));

        Assert.IsNull(image.Problem);
        Assert.Contains("not closed properly", image.Notes.Single());
    }

    [TestMethod]
    public void An_L2_table_used_twice_is_refused()
    {
        // With clusters of 512 bytes there are many tables.
        const string Name = "qcow/cluster-512.qcow2";
        MemoryContent qcow = Load(Name);
        long l1 = L1(qcow);

        Refused(Name, qcow.Patched(l1 + 8, qcow.ReadBytes(l1, 8)), DiskFormatErrorKind.Corrupt, QcowFormat.L1Structure);
    }

    [TestMethod]
    public void An_L1_entry_with_unknown_bits_is_refused() =>
        Refused(Plain, Load(Plain) is var qcow ? qcow.Patched(L1(qcow) + 7, 1) : null!, DiskFormatErrorKind.Corrupt, QcowFormat.L1Structure);

    [TestMethod]
    public void An_L2_table_past_the_end_is_truncated() =>
        Refused(Plain, Load(Plain) is var qcow ? qcow.Patched(L1(qcow) + 2, 0x7F) : null!, DiskFormatErrorKind.Truncated, QcowFormat.L2Structure);

    [TestMethod]
    [DataRow(7, (byte)2, DiskFormatErrorKind.Corrupt, QcowFormat.L2Structure, DisplayName = "unknown bits")]
    [DataRow(6, (byte)2, DiskFormatErrorKind.Corrupt, QcowFormat.L2Structure, DisplayName = "not at a cluster")]
    [DataRow(2, (byte)0x7F, DiskFormatErrorKind.Truncated, QcowFormat.ClusterStructure, DisplayName = "past the end")]
    public void A_damaged_cluster_entry_is_told_when_it_is_read(int offset, byte value, DiskFormatErrorKind kind, string structure)
    {
        MemoryContent qcow = Load(Plain);
        using DiskImage image = DiskImage.Open(qcow.Patched(L2(qcow) + offset, value));
        DiskFormatException error = Assert.ThrowsExactly<DiskFormatException>(() => image.Disk!.Read(0, new byte[10]));

        Assert.AreEqual((kind, structure), (error.Kind, error.Structure), error.Message);
        Assert.ThrowsExactly<DiskFormatException>(() => image.Disk!.GetAllocatedExtents().Count());
    }

    [TestMethod]
    [DataRow("qcow/zlib.qcow2")]
    [DataRow("qcow/zstd.qcow2")]
    public void Damaged_compressed_data_is_told(string name)
    {
        MemoryContent qcow = Load(name);
        long place = (long)(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(qcow.ReadBytes(L2(qcow), 8)) & 0x003F_FFFF_FFFF_FFFF);
        using DiskImage image = DiskImage.Open(qcow.Patched(place, 0xFF, 0xFF, 0xFF, 0xFF));
        DiskFormatException error = Assert.ThrowsExactly<DiskFormatException>(() => image.Disk!.Read(0, new byte[10]));

        Assert.AreEqual((DiskFormatErrorKind.Corrupt, QcowFormat.ClusterStructure), (error.Kind, error.Structure), error.Message);
    }

    [TestMethod]
    [DataRow("/etc/passwd")]
    [DataRow("../base.raw")]
    [DataRow("json:{}a")]
    [DataRow("nbd://host")]
    public void A_backing_file_outside_of_the_folder_is_never_opened(string backing)
    {
        MemoryContent qcow = Load(Middle);
        long offset = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(qcow.ReadBytes(8, 8));
        FixtureFolder folder = new("Containers/qcow/chain");
        using DiskImage image = folder.Open("middle.qcow2", qcow.Patched(19, (byte)backing.Length).Patched(offset, System.Text.Encoding.ASCII.GetBytes(backing)));

        Assert.AreEqual((DiskFormatErrorKind.Unsupported, QcowFormat.BackingStructure), (image.Problem!.Kind, image.Problem.Structure), image.Problem.Message);
        Assert.IsEmpty(folder.Asked);
    }

    [TestMethod]
    public void An_absolute_backing_file_in_the_folder_is_opened()
    {
        MemoryContent qcow = Load(Middle);
        long offset = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(qcow.ReadBytes(8, 8));
        byte[] name = "/images/base.raw"u8.ToArray();
        FixtureFolder folder = new("Containers/qcow/chain");
        using DiskImage image = folder.Open("middle.qcow2", qcow.Patched(19, (byte)name.Length).Patched(offset, name));

        Assert.IsNull(image.Problem);
        CollectionAssert.AreEqual((string[])["base.raw"], folder.Asked);
    }

    [TestMethod]
    public void A_backing_file_that_is_the_file_itself_is_refused()
    {
        FixtureFolder folder = new("Containers/qcow/chain");
        using DiskImage image = folder.Open("base.raw", Load(Middle));

        Assert.AreEqual((DiskFormatErrorKind.Corrupt, QcowFormat.BackingStructure), (image.Problem!.Kind, image.Problem.Structure));
    }

    private static long L1(MemoryContent qcow) => System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(qcow.ReadBytes(40, 8));

    private static long L2(MemoryContent qcow) => System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(qcow.ReadBytes(L1(qcow), 8)) & 0x00FF_FFFF_FFFF_FE00;
}
