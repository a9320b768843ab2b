using System.Buffers.Binary;
using Marketplace.DiskImages.FileSystems.Ntfs;

namespace Marketplace.DiskImages.Tests.Ntfs;

/// <summary>Directories, $UpCase, links and packed data with a few bytes changed.</summary>
[TestClass]
public sealed class NtfsIndexDamageTests
{
    private const string Many = "/many";

    // INDEX_HEADER begins at 0x18 of a block and holds the offset of the first entry.
    private const int BlockHeader = 0x18;

    private static MemoryContent Image { get; } = NtfsFixture.Load("ntfs-512");

    private static MemoryContent Windows { get; } = NtfsFixture.Load("ntfs-windows");

    private static long Block { get; } = NtfsDamage.IndexBlock(Image, Many, 0);

    private static long FirstEntry { get; } = Block + BlockHeader + BinaryPrimitives.ReadUInt32LittleEndian(Image.ReadBytes(Block + BlockHeader, 4));

    private static string BlockStructure { get; } = $"NTFS index block 0 of record {NtfsDamage.Record(Image, Many).Number}";

    [TestMethod]
    [DataRow(0x00, new byte[] { (byte)'X' }, "0x584E4458, expected INDX")]
    [DataRow(0x06, new byte[] { 3 }, "the update sequence array has 3 entries")]
    [DataRow(0x10, new byte[] { 8 }, "its number is 8")]
    [DataRow(0x18, new byte[] { 0, 0 }, "the entries begin at 0")]
    [DataRow(0x18, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, "the entries begin at 4294967295")]
    [DataRow(0x1C, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, "end at 4294967295")]
    [DataRow(0x5FE, new byte[] { 0xAB, 0xCD }, "sector 2 was not written with the others")]
    public void Rejects_an_index_block(int offset, byte[] bytes, string detail) =>
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, BlockStructure, detail, Image.Patched(Block + offset, bytes), Many);

    [TestMethod]
    [DataRow(0x08, new byte[] { 0, 0 }, "an entry has a length of 0")]
    [DataRow(0x08, new byte[] { 0x11, 0 }, "an entry has a length of 17")]
    [DataRow(0x08, new byte[] { 0xF8, 0xFF }, "an entry has a length of 65528")]
    [DataRow(0x0A, new byte[] { 0xFF, 0xFF }, "a key of 65535")]
    [DataRow(0x0A, new byte[] { 0, 0 }, "a file name has 0 bytes")]
    [DataRow(0x50, new byte[] { 0 }, "its name 0")]
    [DataRow(0x50, new byte[] { 255 }, "its name 510")]
    [DataRow(0x52, new byte[] { 0 }, "zero or a slash")]
    [DataRow(0x52, new byte[] { (byte)'/' }, "zero or a slash")]
    [DataRow(0x52, new byte[] { (byte)'z' }, "are not in order")]
    [DataRow(0x10, new byte[] { 99 }, "belongs to the directory in record 99")]
    public void Rejects_an_entry(int offset, byte[] bytes, string detail) =>
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, BlockStructure, detail, Image.Patched(FirstEntry + offset, bytes), Many);

    [TestMethod]
    public void Names_that_are_not_in_order_are_no_missing_file()
    {
        DiskFormatException exception = NtfsDamage.Expect(
            DiskFormatErrorKind.Corrupt, BlockStructure, "are not in order", () => NtfsFileSystem.Open(Image.Patched(FirstEntry + 0x52, (byte)'z')).At(Many).Find("entry-0001-with-a-name-of-some-length"));
        Assert.AreEqual(Block + BlockHeader, exception.Offset);
    }

    [TestMethod]
    public void A_block_below_itself_ends_in_an_error()
    {
        NtfsAttribute root = NtfsDamage.Attribute(Image, Many, NtfsFormat.IndexRoot, NtfsFormat.DirectoryIndex);
        string allocation = NtfsDamage.Attribute(Image, Many, NtfsFormat.IndexAllocation, NtfsFormat.DirectoryIndex).Structure;

        // The root has one entry, whose block is above all others: the first entry there is told to be above that same block.
        int first = 0x10 + BinaryPrimitives.ReadInt32LittleEndian(root.Value.Span[0x10..]);
        long top = BinaryPrimitives.ReadInt64LittleEndian(root.Value.Span[(first + BinaryPrimitives.ReadUInt16LittleEndian(root.Value.Span[(first + 8)..]) - 8)..]);
        long block = NtfsDamage.IndexBlock(Image, Many, top * 512);
        long entry = block + BlockHeader + BinaryPrimitives.ReadUInt32LittleEndian(Image.ReadBytes(block + BlockHeader, 4));
        long child = entry + BinaryPrimitives.ReadUInt16LittleEndian(Image.ReadBytes(entry + 8, 2)) - 8;
        byte[] again = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(again, top);
        MemoryContent image = Image.Patched(child, again);
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, allocation, "is met again", image, Many);
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, allocation, "index block 16777208 is not inside", Image.Patched(child, 0xF8, 0xFF, 0xFF, 0, 0, 0, 0, 0), Many);
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, $"NTFS index block {top} of record {NtfsDamage.Record(Image, Many).Number}", "the block below an entry is -", Image.Patched(child + 7, 0x80), Many);
    }

    [TestMethod]
    public void Rejects_a_root_of_an_index()
    {
        NtfsRecord record = NtfsDamage.Record(Image, Many);
        NtfsAttribute root = NtfsDamage.Attribute(record, NtfsFormat.IndexRoot, NtfsFormat.DirectoryIndex);
        long value = root.Position + BinaryPrimitives.ReadUInt16LittleEndian(Image.ReadBytes(root.Position + 0x14, 2));
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, root.Structure, "not one of file names", Image.Patched(value, 0x80), Many);
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, root.Structure, "not one of file names", Image.Patched(value + 4, 2), Many);
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, root.Structure, "blocks of 0 bytes", Image.Patched(value + 8, 0, 0, 0, 0), Many);
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, root.Structure, "blocks of 4294967295 bytes", Image.Patched(value + 8, 0xFF, 0xFF, 0xFF, 0xFF), Many);
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, record.Structure, "no resident $INDEX_ROOT", Image.Patched(root.Position, 0x91), Many);
        NtfsAttribute bitmap = NtfsDamage.Attribute(record, NtfsFormat.Bitmap, NtfsFormat.DirectoryIndex);
        long bits = bitmap.Position + BinaryPrimitives.ReadUInt16LittleEndian(Image.ReadBytes(bitmap.Position + 0x14, 2));
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, NtfsDamage.Attribute(record, NtfsFormat.IndexAllocation, NtfsFormat.DirectoryIndex).Structure, "$BITMAP says that it is free", Image.Patched(bits, 0), Many);
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, root.Structure, "there is no $BITMAP", Image.Patched(bitmap.Position, 0xB1), Many);
    }

    [TestMethod]
    public void A_case_mapping_of_the_wrong_size_is_not_guessed()
    {
        NtfsAttribute data = NtfsDamage.Attribute(NtfsVolume.Open(Image).ReadRecord(NtfsFormat.RecordUpCase), NtfsFormat.Data);
        NtfsDamage.ExpectOpen(DiskFormatErrorKind.Corrupt, data.Structure, "$UpCase has 131070 bytes", Image.Patched(data.Position + 0x30, 0xFE, 0xFF, 1, 0, 0, 0, 0, 0, 0xFE, 0xFF, 1));
    }

    [TestMethod]
    [DataRow(0x04, new byte[] { 0xFF, 0xFF }, "its data 65535")]
    [DataRow(0x0A, new byte[] { 0xFE, 0xFF }, "the target of 65534 bytes")]
    [DataRow(0x08, new byte[] { 0xFE, 0xFF }, "at 65534")]
    [DataRow(0x0A, new byte[] { 0, 0 }, "the target of 0 bytes")]
    [DataRow(0x14, new byte[] { (byte)'/' }, "no path of Windows has")]
    public void Rejects_a_link(int offset, byte[] bytes, string detail)
    {
        NtfsAttribute reparse = NtfsDamage.Attribute(Windows, "/relative", NtfsFormat.ReparsePoint);
        long value = reparse.Position + BinaryPrimitives.ReadUInt16LittleEndian(Windows.ReadBytes(reparse.Position + 0x14, 2));
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, reparse.Structure, detail, Windows.Patched(value + offset, bytes), "/relative");
    }

    [TestMethod]
    public void Rejects_packed_data_that_do_not_unpack()
    {
        foreach (string algorithm in (string[])["xpress4k", "xpress8k", "xpress16k", "lzx"])
        {
            string path = $"/wof/{algorithm}-text";
            NtfsNode node = NtfsFileSystem.Open(Windows).Node(path);
            string structure = $"WOF data of attribute 0xC0 of record {node.Id}";
            NtfsStream stream = node.OpenStream("WofCompressedData")!;
            long table = stream.PositionOf(0);

            // The end of the first chunk: before its begin, and far behind.
            NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, structure, "chunk 0: it takes bytes 0 to 0", Windows.Patched(table, 0, 0, 0, 0), path);
            NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, structure, "chunk 0: it takes bytes 0 to 4294967295", Windows.Patched(table, 0xFF, 0xFF, 0xFF, 0xFF), path);

            // Code lengths of one for every symbol, and blocks of no known type.
            int chunk = algorithm == "lzx" ? 32768 : algorithm == "xpress4k" ? 4096 : algorithm == "xpress8k" ? 8192 : 16384;
            long data = stream.PositionOf(((node.Size + chunk - 1) / chunk - 1) * 4);
            NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, structure, algorithm == "lzx" ? "a block of" : "too short for a prefix code", Windows.Patched(data, 0x11, 0x11, 0x11, 0x11), path);
        }
    }

    [TestMethod]
    public void Rejects_a_chunk_of_LZNT1_that_does_not_unpack()
    {
        NtfsNode node = NtfsFileSystem.Open(Image).Node("/packed/text");
        NtfsAttribute attribute = NtfsDamage.Attribute(Image, "/packed/text", NtfsFormat.Data);
        long cluster = NtfsRuns.Parse(attribute, NtfsVolume.Open(Image).Boot.ClusterCount).Find(0).Cluster;
        string structure = $"NTFS LZNT1 data of attribute 0x80 of record {node.Id}";
        DiskFormatException exception = NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, structure, "the chunk header at 0 is 0xFFFF", Image.Patched(cluster * 512, 0xFF, 0xFF), "/packed/text");
        Assert.AreEqual(cluster * 512, exception.Offset);
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, structure, "the chunk at 2 is damaged", Image.Patched((cluster * 512) + 2, 0xFF), "/packed/text");
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Unsupported, attribute.Structure, "the compression method is 2", Image.Patched(attribute.Position + 0x0C, 2), "/packed/text");
        NtfsDamage.ExpectUse(DiskFormatErrorKind.Corrupt, attribute.Structure, "the compression unit is 2^30", Image.Patched(attribute.Position + 0x22, 30), "/packed/text");
    }
}
