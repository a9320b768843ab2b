using System.Buffers.Binary;
using System.Text;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.FileSystems.Ntfs;

namespace Marketplace.DiskImages.Tests.Ntfs;

/// <summary>What NTFS has and other file systems do not.</summary>
[TestClass]
public sealed class NtfsFeatureTests
{
    private const int LogPageSize = 4096;

    private static MemoryContent Windows { get; } = NtfsFixture.Load("ntfs-windows");

    private static MemoryContent Streams { get; } = NtfsFixture.Load("ntfs-streams");

    [TestMethod]
    public void Reads_alternate_data_streams()
    {
        NtfsFileSystem fileSystem = NtfsFileSystem.Open(Streams);
        NtfsNode node = fileSystem.Node("/with-streams");
        Assert.AreEqual("large small été", string.Join(' ', node.StreamNames.Order(StringComparer.Ordinal)));
        Assert.AreEqual("resident stream", Encoding.ASCII.GetString(node.OpenStream("small")!.ReadAll(100)));
        Assert.AreEqual("name of the stream", Encoding.ASCII.GetString(node.OpenStream("été")!.ReadAll(100)));
        Assert.AreEqual(100_000, node.OpenStream("large")!.Length);
        Assert.IsNull(node.OpenStream("none"));
        Assert.AreEqual("stream of a directory", Encoding.ASCII.GetString(fileSystem.Node("/directory").OpenStream("note")!.ReadAll(100)));
        Assert.HasCount(60, fileSystem.Node("/many-streams").StreamNames.ToList());
        Assert.AreEqual("stream 59", Encoding.ASCII.GetString(fileSystem.Node("/many-streams").OpenStream("stream-59")!.ReadAll(100)));
    }

    [TestMethod]
    public void The_fixtures_have_lists_of_attributes_and_extents_in_several_records()
    {
        NtfsVolume volume = NtfsVolume.Open(Streams);
        foreach (string path in (string[])["/few-links", "/many-links", "/many-streams", "/holes"])
        {
            Assert.IsTrue(NtfsDamage.Record(Streams, path).Attributes.Any(attribute => attribute.Type == NtfsFormat.AttributeList), path);
        }

        NtfsFile holes = new(volume, NtfsDamage.Record(Streams, "/holes"));
        Assert.IsGreaterThan(3, holes.FindAll(NtfsFormat.Data).Count());
        Assert.AreEqual(301u, NtfsFileSystem.Open(Streams).At("/many-links").LinkCount);
    }

    [TestMethod]
    [DataRow("/Documents and Settings", "/Users")]
    [DataRow("/Users/All Users", "/ProgramData")]
    [DataRow("/Users/Default User", "/Users/Default")]
    [DataRow("/relative", "Users/../Users/Public/file.txt")]
    [DataRow("/rooted", "/Windows/System32")]
    [DataRow("/root", "/")]
    [DataRow("/other-drive", @"\??\D:\data")]
    [DataRow("/volume", @"\??\Volume{01234567-89ab-cdef-0123-456789abcdef}\")]
    [DataRow("/wsl", "Users/Public/file.txt")]
    public void Translates_links(string path, string target)
    {
        FileNode node = NtfsFileSystem.Open(Windows).At(path);
        Assert.AreEqual(FileKind.SymbolicLink, node.Kind);
        Assert.AreEqual(target, node.ReadLink());
        Assert.AreEqual(FileName.Encode(target).Length, node.Size);
    }

    [TestMethod]
    public void Drive_C_is_not_taken_for_a_volume_without_Windows()
    {
        // Without a directory System32 nobody knows how this volume is called.
        MemoryContent image = Windows.Patched(NtfsDamage.NameInIndexRoot(Windows, "/Windows", "System32"), (byte)'S', 0, (byte)'z');
        Assert.AreEqual(@"\??\C:\Users", NtfsFileSystem.Open(image).At("/Documents and Settings").ReadLink());
    }

    [TestMethod]
    public void DOS_names_are_not_listed_but_lead_to_their_file()
    {
        FileNode directory = NtfsFileSystem.Open(Windows).At("/dos");
        Assert.AreEqual("A long name of a file.txt", string.Join('|', directory.EnumerateDirectory().Select(entry => entry.Name)));
        Assert.AreEqual(directory.Find("A LONG NAME of a file.txt")!.Id, directory.Find("alongn~1.txt")!.Id);
        Assert.AreEqual(1u, directory.Find("ALONGN~1.TXT")!.LinkCount);
    }

    [TestMethod]
    public void Case_decides_only_in_directories_where_it_was_switched_on()
    {
        FileNode directory = NtfsFileSystem.Open(Windows).At("/SENSITIVE");
        Assert.AreEqual("lower", Encoding.ASCII.GetString(directory.Find("name")!.ReadAll()));
        Assert.AreEqual("upper", Encoding.ASCII.GetString(directory.Find("Name")!.ReadAll()));
        Assert.IsNotNull(directory.Find("NAME"));
        Assert.IsNotNull(directory.Find("oTHER"));

        NtfsAttribute information = NtfsDamage.Attribute(Windows, "/sensitive", NtfsFormat.StandardInformation);
        long value = information.Position + BinaryPrimitives.ReadUInt16LittleEndian(Windows.ReadBytes(information.Position + 0x14, 2));
        directory = NtfsFileSystem.Open(Windows.Patched(value + 0x28, 1)).At("/sensitive");
        Assert.AreEqual("lower", Encoding.ASCII.GetString(directory.Find("name")!.ReadAll()));
        Assert.AreEqual("upper", Encoding.ASCII.GetString(directory.Find("Name")!.ReadAll()));
        Assert.IsNull(directory.Find("NAME"));
        Assert.IsNull(directory.Find("other"));
        Assert.HasCount(3, directory.EnumerateDirectory().ToList());
    }

    [TestMethod]
    [DataRow("/wof/in-a-wim", "not those in a WIM")]
    [DataRow("/wof/deduplicated", "deduplicated")]
    [DataRow("/wof/onedrive", "OneDrive")]
    [DataRow("/wof/unknown", "the reparse tag is 0x80001234")]
    public void Files_whose_data_are_elsewhere_are_unsupported_each_by_itself(string path, string detail)
    {
        NtfsNode node = NtfsFileSystem.Open(Windows).Node(path);
        NtfsDamage.Expect(DiskFormatErrorKind.Unsupported, $"NTFS attribute 0xC0 of record {node.Id}", detail, () => node.Read(0, new byte[1]));
        Assert.AreEqual(FileKind.Regular, node.Kind);
    }

    [TestMethod]
    public void An_encrypted_file_is_unsupported()
    {
        NtfsAttribute data = NtfsDamage.Attribute(Windows, "/hiberfil.sys", NtfsFormat.Data);
        NtfsDamage.ExpectOpen(DiskFormatErrorKind.Unsupported, data.Structure, "encrypted (EFS)", Windows.Patched(data.Position + 0x0D, 0x40));
    }

    [TestMethod]
    public void A_dirty_volume_is_a_note()
    {
        NtfsAttribute information = NtfsDamage.Attribute(NtfsVolume.Open(Windows).ReadRecord(NtfsFormat.RecordVolume), NtfsFormat.VolumeInformation);
        NtfsFileSystem fileSystem = NtfsFileSystem.Open(Windows.Patched(information.Position + 0x18 + 10, 1));
        Assert.Contains("chkdsk", fileSystem.Notes.Single());
        Assert.AreEqual("", fileSystem.PendingChanges);
        NtfsDamage.ExpectOpen(DiskFormatErrorKind.Unsupported, information.Structure, "version of NTFS is 4.1", Windows.Patched(information.Position + 0x18 + 8, 4));
    }

    [TestMethod]
    [DataRow((ushort)0xFFFF, (ushort)0, "")]
    [DataRow((ushort)0, (ushort)2, "")]
    [DataRow((ushort)0, (ushort)0, "$LogFile was not closed")]
    public void A_log_that_was_not_closed_makes_the_files_uncertain(ushort client, ushort flags, string pending)
    {
        NtfsFileSystem fileSystem = NtfsFileSystem.Open(WithRestartPages(Windows, (10, client, flags), (5, 0, 0)));
        Assert.StartsWith(pending, fileSystem.PendingChanges);
        Assert.HasCount(pending.Length == 0 ? 0 : 1, fileSystem.Notes);
        Assert.StartsWith(pending, NtfsFileSystem.Open(WithRestartPages(Windows, (5, 0, 0), (10, client, flags))).PendingChanges);
    }

    [TestMethod]
    public void A_log_that_cannot_be_judged_and_a_hibernated_Windows_make_the_files_uncertain()
    {
        Assert.Contains("restart page of $LogFile is damaged", NtfsFileSystem.Open(Windows.Patched(LogPosition(Windows), (byte)'X')).PendingChanges);
        NtfsAttribute data = NtfsDamage.Attribute(Windows, "/hiberfil.sys", NtfsFormat.Data);
        NtfsVolume volume = NtfsVolume.Open(Windows);
        long position = NtfsRuns.Parse(data, volume.Boot.ClusterCount).Find(0).Cluster * volume.Boot.ClusterSize;
        Assert.Contains("hibernated", NtfsFileSystem.Open(Windows.Patched(position, "HIBR"u8)).PendingChanges);
        Assert.AreEqual("", NtfsFileSystem.Open(Windows.Patched(position, "wake"u8)).PendingChanges);
    }

    [TestMethod]
    public void Reads_little_for_the_files_of_a_check()
    {
        MemoryContent image = NtfsFixture.Load("ntfs-large");
        NtfsFileSystem fileSystem = NtfsFileSystem.Open(image);
        Assert.IsLessThan(400 * 1024, image.BytesRead);
        for (int i = 0; i < 20; i++)
        {
            fileSystem.At($"/grove/{i / 16:x}/{i % 16:x}/leaf {i}/file-{i}-5").ReadAll();
            Assert.IsNotNull(fileSystem.At("/many").Find($"late-{i + 10_000:D5}"));
        }

        Assert.IsLessThan(2 << 20, image.BytesRead);
    }

    // Not as rows of data: attributes cannot hold such strings.
    [TestMethod]
    public void Names_are_kept_without_loss()
    {
        foreach ((string units, string name) in (ReadOnlySpan<(string, string)>)
        [
            ("plain", "plain"),
            ("\uD83D\uDE80", "\uD83D\uDE80"),
            ("a\uD800", "a\uDCED\uDCA0\uDC80"),
            ("\uDFFF\uD800", "\uDCED\uDCBF\uDCBF\uDCED\uDCA0\uDC80"),
        ])
        {
            Assert.AreEqual(name, NtfsName.ToFileName(units));
            Assert.AreEqual(units, NtfsName.FromFileName(name));
            Assert.AreEqual(name, FileName.Decode(FileName.Encode(name)));
        }

        foreach (string name in (ReadOnlySpan<string>)["\uDCFF", "\uDCED\uDCA0", "\uDCED\uDCA0\uDC80\uDCED\uDCB0\uDC80", "\uD800"])
        {
            Assert.IsNull(NtfsName.FromFileName(name));
        }

        Assert.AreEqual("bad\uDCED\uDCA0\uDC80name", NtfsFileSystem.Open(Windows).At("/lone-surrogate").ReadLink());
    }

    private static long LogPosition(MemoryContent image)
    {
        NtfsVolume volume = NtfsVolume.Open(image);
        return new NtfsFile(volume, volume.ReadRecord(NtfsFormat.RecordLogFile)).OpenStream(NtfsFormat.Data, "")!.PositionOf(0);
    }

    private static MemoryContent WithRestartPages(MemoryContent image, params (long Lsn, ushort Client, ushort Flags)[] pages)
    {
        for (int i = 0; i < pages.Length; i++)
        {
            byte[] page = new byte[LogPageSize];
            "RSTR"u8.CopyTo(page);
            BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(0x10), LogPageSize);
            BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(0x18), 0x30);
            BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(0x30), pages[i].Lsn);
            BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(0x3C), pages[i].Client);
            BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(0x3E), pages[i].Flags);
            image = image.Patched(LogPosition(image) + (i * LogPageSize), page);
        }

        return image;
    }
}
