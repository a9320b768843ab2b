using System.Buffers.Binary;
using Marketplace.DiskImages.Packages;
using Marketplace.DiskImages.Packages.Rpm;

namespace Marketplace.DiskImages.Tests.Packages;

/// <summary>One field is wrong each time; the reader names the structure, and never hangs.</summary>
[TestClass]
public sealed class RpmDamageTests
{
    private static readonly MemoryContent Sqlite = PackageFixtures.Load("rpmdb-512.sqlite");
    private static readonly MemoryContent Berkeley = PackageFixtures.Load("Packages-little");
    private static readonly MemoryContent Ndb = PackageFixtures.Load("Packages.db");

    [TestMethod]
    [DataRow("")]
    [DataRow("x")]
    [DataRow("SQLite format 2\0")]
    [DataRow("RpmXxxxxxxxxxxxxxxxxxxxx")]
    public void A_file_that_is_no_database(string text) => Expect.Corrupt("/db", () => PackageFixtures.ReadRpm(new MemoryContent(System.Text.Encoding.UTF8.GetBytes(text))));

    [TestMethod]
    [DataRow(16, (byte)3)]
    [DataRow(20, (byte)255)]
    public void A_SQLite_header_that_cannot_be(int offset, byte value) => Expect.Corrupt("SQLite header", () => PackageFixtures.ReadRpm(Sqlite.Patched(offset, value)));

    [TestMethod]
    [DataRow(19, (byte)3)]
    [DataRow(21, (byte)63)]
    [DataRow(59, (byte)2)]
    public void A_SQLite_header_that_is_not_read(int offset, byte value) => Expect.Unsupported("SQLite header", () => PackageFixtures.ReadRpm(Sqlite.Patched(offset, value)));

    [TestMethod]
    public void A_SQLite_database_that_is_cut_off()
    {
        Expect.Truncated("SQLite header", () => PackageFixtures.ReadRpm(Sqlite.Resized(99)));
        Expect.Truncated("disk content", () => PackageFixtures.ReadRpm(Sqlite.Resized(1024)));
    }

    [TestMethod]
    [DataRow((byte)0)]
    [DataRow((byte)0x0A)]
    public void A_SQLite_page_of_another_kind(byte kind) => Expect.Corrupt("SQLite page", () => PackageFixtures.ReadRpm(Sqlite.Patched(100, kind)));

    [TestMethod]
    public void A_SQLite_page_with_too_many_cells() => Expect.Corrupt("SQLite page", () => PackageFixtures.ReadRpm(Sqlite.Patched(103, 0xFF, 0xFF)));

    [TestMethod]
    [DataRow(1u)]
    [DataRow(0u)]
    [DataRow(0x7FFFFFFFu)]
    public void A_SQLite_tree_that_leads_to_itself_or_nowhere(uint page)
    {
        // The first child of the schema, whose root is an inner page at this page size.
        Assert.AreEqual(5, Sqlite.ReadBytes(100, 1)[0]);
        int cell = BinaryPrimitives.ReadUInt16BigEndian(Sqlite.ReadBytes(112, 2));
        byte[] child = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(child, page);

        Expect.Corrupt("SQLite page", () => PackageFixtures.ReadRpm(Sqlite.Patched(cell, child)));
    }

    [TestMethod]
    public void A_SQLite_database_of_something_else()
    {
        MemoryContent database = PackageFixtures.Load("rpmdb-65536.sqlite");
        byte[] page = database.ReadBytes(0, 65536);
        int at = page.AsSpan().LastIndexOf("tablePackagesPackages"u8);

        Expect.Corrupt("SQLite schema", () => PackageFixtures.ReadRpm(database.Patched(at + "table".Length, (byte)'X')));
    }

    [TestMethod]
    [DataRow(16, 7u)]
    [DataRow(16, 11u)]
    [DataRow(36, 1u)]
    [DataRow(24, 1u)]
    [DataRow(24, 0x00010000u)]
    public void A_Berkeley_DB_file_that_is_not_read(int offset, uint value) => Expect.Unsupported("Berkeley DB meta page", () => PackageFixtures.ReadRpm(Berkeley.Patched(offset, BitConverter.GetBytes(value))));

    [TestMethod]
    [DataRow(20, 0u)]
    [DataRow(20, 5000u)]
    [DataRow(72, 0xFFFFFFFFu)]
    public void A_Berkeley_DB_file_that_cannot_be(int offset, uint value) => Expect.Corrupt("Berkeley DB meta page", () => PackageFixtures.ReadRpm(Berkeley.Patched(offset, BitConverter.GetBytes(value))));

    [TestMethod]
    public void A_Berkeley_DB_file_that_is_cut_off()
    {
        Expect.Truncated("Berkeley DB meta page", () => PackageFixtures.ReadRpm(Berkeley.Resized(511)));
        Expect.Truncated("Berkeley DB meta page", () => PackageFixtures.ReadRpm(Berkeley.Resized(Berkeley.Length - 4096)));
    }

    [TestMethod]
    [DataRow(8)]
    [DataRow(25)]
    public void A_Berkeley_DB_page_that_was_lost(int offset) => Expect.Corrupt("Berkeley DB page", () => PackageFixtures.ReadRpm(Berkeley.Patched(FirstBucket + offset, 99)));

    [TestMethod]
    public void A_Berkeley_DB_bucket_that_leads_to_itself() =>
        Expect.Corrupt("Berkeley DB page", () => PackageFixtures.ReadRpm(Berkeley.Patched(FirstBucket + 16, BitConverter.GetBytes(FirstBucket / PageSize))));

    [TestMethod]
    public void A_Berkeley_DB_page_with_too_many_entries() => Expect.Corrupt("Berkeley DB page", () => PackageFixtures.ReadRpm(Berkeley.Patched(FirstBucket + 20, 0xFE, 0xFF)));

    [TestMethod]
    public void A_Berkeley_DB_value_whose_pages_lead_to_themselves()
    {
        int overflow = Enumerable.Range(1, (int)(Berkeley.Length / PageSize) - 1).First(page => Berkeley.ReadBytes((page * PageSize) + 25, 1)[0] == 7 && Next(page) != 0);
        byte[] self = BitConverter.GetBytes(overflow);

        // Only what is needed of a value is read: its second page is asked for when the first one holds nothing of use.
        MemoryContent database = Berkeley.Patched((overflow * PageSize) + 16, self).Patched((overflow * PageSize) + 22, 1, 0);

        DiskFormatException error = Assert.ThrowsExactly<DiskFormatException>(() => PackageFixtures.ReadRpm(database));
        Assert.AreEqual(("Berkeley DB page", DiskFormatErrorKind.Corrupt), (error.Structure, error.Kind));

        int Next(int page) => BinaryPrimitives.ReadInt32LittleEndian(Berkeley.ReadBytes((page * PageSize) + 16, 4));
    }

    [TestMethod]
    [DataRow(12, 0u)]
    [DataRow(12, 0xFFFFFFFFu)]
    public void An_ndb_header_that_cannot_be(int offset, uint value) => Expect.Corrupt("ndb header", () => PackageFixtures.ReadRpm(Ndb.Patched(offset, BitConverter.GetBytes(value))));

    [TestMethod]
    public void An_ndb_database_of_another_version() => Expect.Unsupported("ndb header", () => PackageFixtures.ReadRpm(Ndb.Patched(4, 1)));

    [TestMethod]
    [DataRow(0, 0u)]
    [DataRow(4, 0u)]
    [DataRow(8, 1u)]
    [DataRow(8, 0xFFFFFFFFu)]
    [DataRow(12, 0u)]
    [DataRow(12, 0xFFFFFFFFu)]
    public void An_ndb_slot_that_cannot_be(int field, uint value) => Expect.Corrupt("ndb slot", () => PackageFixtures.ReadRpm(Ndb.Patched(UsedSlot + field, BitConverter.GetBytes(value))));

    [TestMethod]
    public void An_ndb_package_that_is_there_twice() => Expect.Corrupt("ndb slot", () => PackageFixtures.ReadRpm(Ndb.Patched(UsedSlot + 16, Ndb.ReadBytes(UsedSlot, 16))));

    [TestMethod]
    [DataRow(0)]
    [DataRow(4)]
    [DataRow(12)]
    public void An_ndb_blob_that_was_lost(int field)
    {
        int blob = BinaryPrimitives.ReadInt32LittleEndian(Ndb.ReadBytes(UsedSlot + 8, 4)) * 16;

        Expect.Corrupt("ndb blob", () => PackageFixtures.ReadRpm(Ndb.Patched(blob + field, 0xEE)));
    }

    [TestMethod]
    public void An_ndb_blob_without_end()
    {
        int end = (BinaryPrimitives.ReadInt32LittleEndian(Ndb.ReadBytes(UsedSlot + 8, 4)) + BinaryPrimitives.ReadInt32LittleEndian(Ndb.ReadBytes(UsedSlot + 12, 4))) * 16;

        Expect.Corrupt("ndb blob", () => PackageFixtures.ReadRpm(Ndb.Patched(end - 1, 0)));
    }

    [TestMethod]
    public void A_header_is_read()
    {
        InstalledPackage package = ReadHeader(Header((1000, 6, "n"), (1001, 6, "1"), (1002, 6, "2"), (1022, 6, "noarch"), (1003, 4, "\0\0\0\u0003")));

        Assert.AreEqual(("n", "3:1-2", "noarch"), (package.Name, package.Version, package.Architecture));
    }

    [TestMethod]
    public void A_header_that_lacks_something()
    {
        Expect.Corrupt("header", () => ReadHeader(Header((1001, 6, "1"), (1002, 6, "2"))));
        Expect.Corrupt("header", () => ReadHeader(Header((1000, 6, "n"), (1002, 6, "2"))));
        Expect.Corrupt("header", () => ReadHeader(Header((1000, 6, "n"), (1001, 6, "1"))));
    }

    [TestMethod]
    public void A_header_with_two_names() => Expect.Corrupt("header", () => ReadHeader(Header((1000, 6, "n"), (1000, 6, "m"), (1001, 6, "1"), (1002, 6, "2"))));

    [TestMethod]
    public void A_header_whose_name_is_a_number() => Expect.Corrupt("header", () => ReadHeader(Header((1000, 4, "n"), (1001, 6, "1"), (1002, 6, "2"))));

    [TestMethod]
    public void A_header_whose_string_does_not_end()
    {
        byte[] header = Header((1001, 6, "1"), (1002, 6, "2"), (1000, 6, "n"));
        header[^1] = (byte)'x';

        Expect.Corrupt("header", () => ReadHeader(header));
    }

    [TestMethod]
    [DataRow(0, 0u)]
    [DataRow(0, 0x00FFFFFFu)]
    [DataRow(0, 0xFFFFFFFFu)]
    [DataRow(4, 0xFFFFFFFFu)]
    [DataRow(4, 3u)]
    [DataRow(8 + 8, 0x7FFFFFFFu)]
    [DataRow(8 + 12, 2u)]
    public void A_header_that_cannot_be(int offset, uint value)
    {
        byte[] header = Header((1000, 6, "n"), (1001, 6, "1"), (1002, 6, "2"));
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(offset), value);

        Expect.Corrupt("header", () => ReadHeader(header));
    }

    [TestMethod]
    public void A_header_that_ends_before_its_length() => Expect.Truncated("header", () =>
    {
        byte[] header = Header((1000, 6, "n"), (1001, 6, "1"), (1002, 6, "2"));
        using BlobPrefix blob = new("header", header.Length, [header.AsMemory(0, header.Length - 4)]);
        RpmHeader.Read(blob, "/db");
    });

    private const int PageSize = 4096;
    private static readonly int FirstBucket = Enumerable.Range(1, 100).First(page => Berkeley.ReadBytes((page * PageSize) + 25, 1)[0] is 2 or 13) * PageSize;
    private static readonly int UsedSlot = Enumerable.Range(2, 200).First(slot => BinaryPrimitives.ReadUInt32LittleEndian(Ndb.ReadBytes((slot * 16) + 8, 4)) != 0) * 16;

    private static InstalledPackage ReadHeader(byte[] header)
    {
        using BlobPrefix blob = new("header", header.Length, [header]);
        return RpmHeader.Read(blob, "/db");
    }

    private static byte[] Header(params (int Tag, int Type, string Data)[] tags)
    {
        List<byte> index = [];
        List<byte> data = [];
        foreach ((int tag, int type, string text) in tags)
        {
            foreach (int number in (int[])[tag, type, data.Count, 1])
            {
                byte[] bytes = new byte[4];
                BinaryPrimitives.WriteInt32BigEndian(bytes, number);
                index.AddRange(bytes);
            }

            data.AddRange(System.Text.Encoding.Latin1.GetBytes(text));
            data.AddRange(type == 6 ? [0] : []);
        }

        byte[] intro = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(intro, tags.Length);
        BinaryPrimitives.WriteInt32BigEndian(intro.AsSpan(4), data.Count);
        return [.. intro, .. index, .. data];
    }
}
