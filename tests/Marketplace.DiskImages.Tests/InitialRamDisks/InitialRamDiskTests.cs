using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.InitialRamDisks;

namespace Marketplace.DiskImages.Tests.InitialRamDisks;

/// <summary>Initial RAM disks that cpio and the real compressors made, and damaged ones.</summary>
[TestClass]
public sealed class InitialRamDiskTests
{
    private const string Early = "kernel kernel/x86 kernel/x86/microcode kernel/x86/microcode/GenuineIntel.bin";

    [TestMethod]
    [DataRow("plain.cpio", "", "")]
    [DataRow("crc.cpio", "", "")]
    [DataRow("gzip.img", "", "")]
    [DataRow("zstd.img", "", "")]
    [DataRow("xz.img", "", "")]
    [DataRow("xz-blocks.img", "", "")]
    [DataRow("lz4.img", "", "")]
    [DataRow("early-gzip.img", Early, "")]
    [DataRow("early-zstd.img", Early, "")]
    [DataRow("early-xz.img", Early, "")]
    [DataRow("early-lz4.img", Early, "")]
    [DataRow("appended-gzip.img", Early, "late")]
    [DataRow("appended-zstd.img", "", "late")]
    public void Lists_what_was_packed(string name, string before, string after)
    {
        List<CpioEntry> entries = [];
        Assert.IsTrue(InitialRamDisk.Visit(Load(name), entry =>
        {
            entries.Add(entry);
            return true;
        }));

        string[] main = Fixture.Text("InitialRamDisks/main.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] expected = [.. before.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. main, .. after.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        CollectionAssert.AreEqual(expected, entries.Select(entry => entry.Name).ToArray());
        Assert.AreEqual(40000, entries.Single(entry => entry.Name == "usr/bin/busybox").Size, 40);
        Assert.IsTrue(entries.Single(entry => entry.Name == "bin").IsSymbolicLink);
        Assert.IsTrue(entries.Single(entry => entry.Name == "init") is { IsRegular: true, Size: 10 });
    }

    [TestMethod]
    [DataRow("plain.cpio")]
    [DataRow("early-gzip.img")]
    [DataRow("early-zstd.img")]
    [DataRow("early-xz.img")]
    [DataRow("early-lz4.img")]
    public void Stops_when_asked(string name)
    {
        List<string> names = [];
        Assert.IsFalse(InitialRamDisk.Visit(Load(name), entry =>
        {
            names.Add(entry.Name);
            return entry.Name != "init";
        }));

        Assert.AreEqual("init", names[^1]);
    }

    [TestMethod]
    public void The_data_of_files_is_not_read()
    {
        byte[] archive = Archive(("big", 8 << 20), ("small", 1));
        MemoryContent content = new(archive);

        Assert.AreEqual("big small", Names(content));
        Assert.IsLessThan(256 * 1024L, content.BytesRead);
    }

    [TestMethod]
    [DataRow("bzip2.img", "bzip2")]
    [DataRow("lzo.img", "LZO")]
    [DataRow("lzma.img", "LZMA")]
    [DataRow("zstd-large-window.img", "window")]
    public void Says_what_is_not_read(string name, string words)
    {
        DiskFormatException e = Assert.ThrowsExactly<DiskFormatException>(() => Names(Load(name)));

        Assert.AreEqual(DiskFormatErrorKind.Unsupported, e.Kind);
        Assert.Contains(words, e.Message);
    }

    [TestMethod]
    [DataRow("plain.cpio", 0x00, "07a701", DiskFormatErrorKind.Corrupt, "cpio header")]
    [DataRow("plain.cpio", 0x36, "0000000g", DiskFormatErrorKind.Corrupt, "cpio header")] // c_filesize
    [DataRow("plain.cpio", 0x36, "7fffffff", DiskFormatErrorKind.Truncated, "cpio archive")] // c_filesize
    [DataRow("plain.cpio", 0x5E, "7fffffff", DiskFormatErrorKind.Truncated, "cpio archive")] // c_namesize: passed over with its entry
    [DataRow("gzip.img", 2, "\u0009", DiskFormatErrorKind.Unsupported, "gzip member")] // CM
    [DataRow("gzip.img", 3, "\u0080", DiskFormatErrorKind.Unsupported, "gzip member")] // reserved flag
    [DataRow("gzip.img", 0x20, "\u0000\u0000\u0000\u0000", DiskFormatErrorKind.Corrupt, "gzip member")]
    [DataRow("gzip.img", -5, "\u0077", DiskFormatErrorKind.Corrupt, "gzip member")] // CRC32
    [DataRow("gzip.img", -1, "\u0077", DiskFormatErrorKind.Corrupt, "gzip member")] // ISIZE
    [DataRow("zstd.img", 0x40, "\u00FF\u00FF\u00FF\u00FF", DiskFormatErrorKind.Corrupt, "Zstandard frame")]
    [DataRow("zstd.img", -1, "\u0077", DiskFormatErrorKind.Corrupt, "Zstandard frame")] // Content_Checksum
    [DataRow("xz.img", 7, "\u0004", DiskFormatErrorKind.Corrupt, "XZ stream")] // Stream Flags
    [DataRow("xz.img", 0x0E, "\u0003", DiskFormatErrorKind.Corrupt, "XZ block header")]
    [DataRow("xz.img", 0x18, "\u0003", DiskFormatErrorKind.Corrupt, "LZMA2 chunk")] // control: reserved
    [DataRow("xz.img", 0x18, "\u0080", DiskFormatErrorKind.Corrupt, "LZMA2 chunk")] // control: keeps what is not there
    [DataRow("xz.img", 0x1D, "\u00E1", DiskFormatErrorKind.Corrupt, "LZMA2 chunk")] // pb of 5
    [DataRow("xz.img", 0x80, "\u00FF\u00FF\u00FF", DiskFormatErrorKind.Corrupt, "LZMA2 chunk")]
    [DataRow("xz.img", -1, "\u0000", DiskFormatErrorKind.Corrupt, "XZ stream")] // Footer Magic Bytes
    [DataRow("xz.img", -8, "\u0077", DiskFormatErrorKind.Corrupt, "XZ stream")] // Backward Size
    [DataRow("lz4.img", 4, "\u00FF\u00FF\u0000\u0000", DiskFormatErrorKind.Truncated, "LZ4 legacy block")] // block size
    [DataRow("lz4.img", 0x10, "\u00FF\u00FF\u00FF\u00FF", DiskFormatErrorKind.Corrupt, "LZ4 block")]
    public void Damage_is_one_exact_error(string name, int offset, string patch, DiskFormatErrorKind kind, string structure)
    {
        MemoryContent content = Load(name);
        long place = offset < 0 ? content.Length + offset : offset;

        DiskFormatException e = Assert.ThrowsExactly<DiskFormatException>(() => Names(content.Patched(place, Encoding.Latin1.GetBytes(patch))));

        Assert.AreEqual(kind, e.Kind, e.Message);
        Assert.AreEqual(structure, e.Structure, e.Message);
    }

    [TestMethod]
    [DataRow("plain.cpio")]
    [DataRow("gzip.img")]
    [DataRow("zstd.img")]
    [DataRow("xz.img")]
    [DataRow("lz4.img")]
    public void A_cut_file_is_an_error(string name)
    {
        MemoryContent content = Load(name);

        DiskFormatException e = Assert.ThrowsExactly<DiskFormatException>(() => Names(content.Resized(content.Length / 2)));

        Assert.AreEqual(DiskFormatErrorKind.Truncated, e.Kind, e.Message);
    }

    [TestMethod]
    [DataRow("", "nothing but zeros")]
    [DataRow("0000", "nothing but zeros")]
    [DataRow("504b0304", "neither")]
    public void What_is_no_archive_is_an_error(string bytes, string words) =>
        Assert.Contains(words, Assert.ThrowsExactly<DiskFormatException>(() => Names(new MemoryContent(Convert.FromHexString(bytes)))).Message);

    [TestMethod]
    public void A_name_that_is_too_long_is_passed_over_as_the_kernel_does()
    {
        byte[] archive = Archive((new string('x', 5000), 3), ("after", 1));

        Assert.AreEqual("after", Names(new MemoryContent(archive)));
    }

    [TestMethod]
    public void A_bomb_is_stopped_in_time()
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Header("zeros", uint.MaxValue - 3));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 800; i++)
            {
                gzip.Write(zeros);
            }
        }

        Stopwatch watch = Stopwatch.StartNew();
        DiskFormatException e = Assert.ThrowsExactly<DiskFormatException>(() => Names(new MemoryContent(packed.ToArray())));

        Assert.AreEqual(DiskFormatErrorKind.Unsupported, e.Kind);
        Assert.IsLessThan(TimeSpan.FromSeconds(4), watch.Elapsed);
    }

    [TestMethod]
    public void Entries_without_end_are_stopped()
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] entry = Header("a", 0);
            for (int i = 0; i < 300_000; i++)
            {
                gzip.Write(entry);
            }
        }

        DiskFormatException e = Assert.ThrowsExactly<DiskFormatException>(() => InitialRamDisk.Visit(new MemoryContent(packed.ToArray()), _ => true));

        Assert.AreEqual(DiskFormatErrorKind.Unsupported, e.Kind);
    }

    private static MemoryContent Load(string name) => new(Fixture.Bytes("InitialRamDisks/" + name));

    private static string Names(DiskContent content)
    {
        List<string> names = [];
        InitialRamDisk.Visit(content, entry =>
        {
            names.Add(entry.Name);
            return true;
        });
        return string.Join(' ', names);
    }

    private static byte[] Archive(params (string Name, int Size)[] files)
    {
        using MemoryStream archive = new();
        foreach ((string name, int size) in files)
        {
            archive.Write(Header(name, (uint)size));
            archive.Write(new byte[(size + 3) & ~3]);
        }

        archive.Write(Header("TRAILER!!!", 0));
        return archive.ToArray();
    }

    private static byte[] Header(string name, uint size)
    {
        string fields = string.Concat(((uint[])[1, 0x81A4, 0, 0, 1, 0, size, 0, 0, 0, 0, (uint)name.Length + 1, 0]).Select(field => field.ToString("x8", System.Globalization.CultureInfo.InvariantCulture)));
        string header = "070701" + fields + name + "\0";
        return Encoding.ASCII.GetBytes(header.PadRight((header.Length + 3) & ~3, '\0'));
    }
}
