using System.Buffers.Binary;
using Marketplace.DiskImages.Formats.Vhd;

namespace Marketplace.DiskImages.Tests.Formats;

[TestClass]
public sealed class VhdFooterTests
{
    private const long FixedLength = (24 << 20) + 512;

    [TestMethod]
    public void A_footer_of_qemu_img_with_force_size_has_no_problem()
    {
        VhdFooter footer = VhdFooter.Parse(Footer("Formats/fixed.vhd"));

        Assert.AreEqual("qem2", footer.CreatorApplication);
        Assert.AreEqual("Wi2k", footer.CreatorHostOS);
        Assert.AreEqual(24L << 20, footer.CurrentSize);
        Assert.AreEqual(24L << 20, footer.OriginalSize);
        Assert.AreEqual(2u, footer.DiskType);
        Assert.AreEqual(ulong.MaxValue, footer.DataOffset);
        Assert.AreEqual((65535, 16, 255), (footer.Cylinders, footer.Heads, footer.SectorsPerTrack));
        Assert.IsGreaterThan(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), footer.TimeStamp);
        Assert.IsEmpty(footer.FindProblems(FixedLength));
    }

    [TestMethod]
    public void A_footer_of_qemu_img_without_force_size_is_named_as_such()
    {
        MemoryContent image = Fixture.Load("Formats/chs.vhd");
        VhdFooter footer = VhdFooter.Parse(image.ReadBytes(image.Length - 512, 512));

        VhdProblem problem = footer.FindProblems(image.Length).Single();

        Assert.AreEqual(VhdProblemKind.Alignment, problem.Kind);
        Assert.Contains("made by qemu-img without force_size", problem.Detail);
    }

    [TestMethod]
    [DataRow(11, 0, VhdProblemKind.Features)]
    [DataRow(13, 2, VhdProblemKind.Version)]
    [DataRow(16, 0, VhdProblemKind.DataOffset)]
    [DataRow(55, 1, VhdProblemKind.Length)]
    [DataRow(56, 1, VhdProblemKind.Geometry)]
    [DataRow(84, 1, VhdProblemKind.SavedState)]
    public void One_wrong_byte_under_a_right_checksum_is_one_problem(int offset, int value, VhdProblemKind kind)
    {
        byte[] bytes = Footer("Formats/fixed.vhd");
        bytes[offset] = (byte)value;
        WriteChecksum(bytes);

        IReadOnlyList<VhdProblem> problems = VhdFooter.Parse(bytes).FindProblems(FixedLength);

        CollectionAssert.Contains(problems.Select(problem => problem.Kind).ToArray(), kind);
        Assert.IsTrue(problems.All(problem => problem.Kind == kind || (kind == VhdProblemKind.Length && problem.Kind == VhdProblemKind.Alignment)));
    }

    [TestMethod]
    public void The_data_offset_the_specification_writes_with_32_bits_is_no_problem()
    {
        byte[] bytes = Footer("Formats/fixed.vhd");
        bytes.AsSpan(16, 4).Clear();
        WriteChecksum(bytes);

        Assert.IsEmpty(VhdFooter.Parse(bytes).FindProblems(FixedLength));
    }

    [TestMethod]
    public void Every_single_changed_byte_is_seen_by_the_checksum()
    {
        byte[] good = Footer("Formats/fixed.vhd");
        for (int i = 8; i < 512; i++)
        {
            byte[] bytes = (byte[])good.Clone();
            bytes[i] ^= 0x10;
            Assert.IsTrue(VhdFooter.Parse(bytes).FindProblems(FixedLength).Any(problem => problem.Kind == VhdProblemKind.Checksum), $"byte {i}");
        }
    }

    [TestMethod]
    public void Reserved_bytes_with_a_right_checksum_are_no_problem()
    {
        byte[] bytes = Footer("Formats/fixed.vhd");
        bytes[300] = 0x5A;
        WriteChecksum(bytes);

        Assert.IsEmpty(VhdFooter.Parse(bytes).FindProblems(FixedLength));
    }

    [TestMethod]
    [DataRow(FixedLength - 1, "1 are missing")]
    [DataRow(FixedLength + 4096, "4096 too many")]
    [DataRow(512L, "25165824 are missing")]
    public void The_length_of_the_file_must_fit(long fileLength, string detail)
    {
        VhdProblem problem = VhdFooter.Parse(Footer("Formats/fixed.vhd")).FindProblems(fileLength).Single();

        Assert.AreEqual(VhdProblemKind.Length, problem.Kind);
        Assert.Contains(fileLength == FixedLength - 1 ? "511 bytes" : detail, problem.Detail);
    }

    [TestMethod]
    public void Written_and_read_again_it_is_the_same()
    {
        byte[] bytes = Footer("Formats/fixed.vhd");

        CollectionAssert.AreEqual(bytes, VhdFooter.Parse(bytes).ToBytes());
    }

    [TestMethod]
    public void A_size_that_no_file_can_have_does_not_overflow()
    {
        byte[] bytes = Footer("Formats/fixed.vhd");
        bytes.AsSpan(40, 16).Fill(0xFF);

        VhdFooter footer = VhdFooter.Parse(bytes);

        Assert.AreEqual(long.MaxValue, footer.CurrentSize);
        Assert.IsTrue(footer.FindProblems(FixedLength).Any(problem => problem.Kind == VhdProblemKind.Length));
    }

    [TestMethod]
    public void A_missing_cookie_and_missing_bytes_are_refused()
    {
        byte[] bytes = Footer("Formats/fixed.vhd");
        Expect.Truncated("VHD footer", () => VhdFooter.Parse(bytes.AsSpan(0, 510)));
        bytes[3] ^= 1;
        Expect.Corrupt("VHD footer", () => VhdFooter.Parse(bytes));
    }

    /// <summary>Values worked out by hand from the appendix of the specification.</summary>
    [TestMethod]
    [DataRow(20L << 20, 602, 4, 17)]
    [DataRow(64L << 20, 963, 8, 17)]
    [DataRow(30L << 30, 62415, 16, 63)]
    [DataRow(127L << 30, 65278, 16, 255)]
    [DataRow(1023L << 30, 65535, 16, 255)]
    public void The_geometry_of_a_size_is_the_one_of_the_specification(long size, int cylinders, int heads, int sectors) =>
        Assert.AreEqual(new VhdGeometry(cylinders, heads, sectors), VhdGeometry.FromSize(size));

    [TestMethod]
    public void Random_footers_are_read_without_an_exception()
    {
        Random random = new(1);
        byte[] bytes = new byte[512];
        for (int i = 0; i < 2000; i++)
        {
            random.NextBytes(bytes);
            "conectix"u8.CopyTo(bytes);
            bytes[60] = bytes[61] = bytes[62] = 0;
            bytes[63] = (byte)random.Next(5);
            Assert.IsNotEmpty(VhdFooter.Parse(bytes).FindProblems(random.NextInt64()));
        }
    }

    internal static void WriteChecksum(byte[] footer)
    {
        footer.AsSpan(64, 4).Clear();
        uint sum = 0;
        foreach (byte b in footer)
        {
            sum += b;
        }

        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(64), ~sum);
    }

    private static byte[] Footer(string name)
    {
        MemoryContent image = Fixture.Load(name);
        return image.ReadBytes(image.Length - 512, 512);
    }
}
