using System.Buffers.Binary;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.FileSystems.Fat;

namespace Marketplace.DiskImages.Tests.Fat;

[TestClass]
public sealed class DamagedFatTests
{
    private const int MaxNodes = 2000;

    [TestMethod]
    [DataRow(11, 1, DisplayName = "bytes per sector")]
    [DataRow(13, 3, DisplayName = "sectors per cluster")]
    [DataRow(13, 0, DisplayName = "no sectors per cluster")]
    [DataRow(16, 0, DisplayName = "no FATs")]
    [DataRow(16, 17, DisplayName = "too many FATs")]
    [DataRow(21, 0xF1, DisplayName = "media")]
    public void A_wrong_byte_in_the_boot_sector_is_refused(int offset, int value)
    {
        DiskFormatException error = Expect.Corrupt("FAT boot sector", () => FatFileSystem.Open(Fixture.Load("Fat/fat16").Patched(offset, (byte)value)));

        Assert.AreEqual(offset, error.Offset);
    }

    [TestMethod]
    public void A_file_system_longer_than_its_volume_is_truncated()
    {
        MemoryContent volume = Fixture.Load("Fat/fat16");

        Expect.Truncated("FAT boot sector", () => FatFileSystem.Open(volume.Resized(volume.Length - 1)));
        Expect.Truncated("FAT boot sector", () => FatFileSystem.Open(new MemoryContent(100)));
    }

    [TestMethod]
    public void Reserved_sectors_and_FAT_sectors_must_be_there()
    {
        Expect.Corrupt("FAT boot sector", () => FatFileSystem.Open(Fixture.Load("Fat/fat16").Patched(14, 0, 0)));
        Expect.Corrupt("FAT boot sector", () => FatFileSystem.Open(Fixture.Load("Fat/fat32").Patched(36, 0, 0, 0, 0)));
        Expect.Corrupt("FAT boot sector", () => FatFileSystem.Open(Fixture.Load("Fat/fat32").Patched(36, 0xFF, 0xFF, 0xFF, 0xFF)));
    }

    [TestMethod]
    public void The_root_cluster_must_be_a_cluster()
    {
        Expect.Corrupt("FAT boot sector", () => FatFileSystem.Open(Fixture.Load("Fat/fat32").Patched(44, 0)));
        Expect.Corrupt("FAT boot sector", () => FatFileSystem.Open(Fixture.Load("Fat/fat32").Patched(44, 0xFF, 0xFF, 0xFF, 0xFF)));
    }

    [TestMethod]
    public void A_FAT_that_is_not_mirrored_is_the_one_that_is_read()
    {
        MemoryContent volume = Fixture.Load("Fat/fat32");
        int reserved = BinaryPrimitives.ReadUInt16LittleEndian(volume.ReadBytes(14, 2)) * 512;
        int size = BinaryPrimitives.ReadInt32LittleEndian(volume.ReadBytes(36, 4)) * 512;
        MemoryContent firstGone = volume.Patched(reserved, new byte[size]);

        Assert.ThrowsExactly<DiskFormatException>(() => CountFiles(firstGone));
        Assert.AreEqual(CountFiles(volume), CountFiles(firstGone.Patched(40, 0x81)));
        Expect.Corrupt("FAT boot sector", () => FatFileSystem.Open(volume.Patched(40, 0x82)));
    }

    [TestMethod]
    [DataRow("fat12")]
    [DataRow("fat16")]
    [DataRow("fat32")]
    public void A_chain_that_goes_round_is_refused(string name)
    {
        MemoryContent volume = Fixture.Load("Fat/" + name);
        FatDirectoryEntry file = LongFile(volume);
        MemoryContent circle = SetNext(volume, file.FirstCluster, file.FirstCluster).Patched(file.Position + 28, 0xFF, 0xFF, 0xFF, 0x7F);

        Expect.Corrupt("FAT", () => ReadToEnd(circle));
    }

    [TestMethod]
    public void A_directory_that_goes_round_is_refused()
    {
        MemoryContent volume = Fixture.Load("Fat/fat16");
        FatFileSystem fileSystem = FatFileSystem.Open(volume);
        FatDirectoryEntry many = fileSystem.ReadDirectory(null).Single(entry => entry.Name == "many");

        MemoryContent circle = SetNext(volume, many.FirstCluster, many.FirstCluster);

        Expect.Corrupt("FAT directory", () => FatFileSystem.Open(circle).Root.Find("many")!.Find("nothing"));
    }

    [TestMethod]
    [DataRow(0u, DisplayName = "free")]
    [DataRow(1u, DisplayName = "reserved")]
    [DataRow(0xFFF7u, DisplayName = "bad")]
    [DataRow(0xFFF0u, DisplayName = "past the last")]
    public void A_chain_that_leads_to_no_cluster_is_refused(uint next)
    {
        MemoryContent volume = Fixture.Load("Fat/fat16");

        Expect.Corrupt("FAT", () => ReadToEnd(SetNext(volume, LongFile(volume).FirstCluster, next)));
    }

    [TestMethod]
    public void A_chain_shorter_than_the_file_is_refused()
    {
        MemoryContent volume = Fixture.Load("Fat/fat16");

        Expect.Corrupt("FAT", () => ReadToEnd(SetNext(volume, LongFile(volume).FirstCluster, 0xFFFF)));
    }

    [TestMethod]
    public void A_file_with_data_and_no_cluster_is_refused()
    {
        MemoryContent volume = Fixture.Load("Fat/fat16");

        Expect.Corrupt("FAT directory", () => ReadToEnd(volume.Patched(LongFile(volume).Position + 26, 0, 0)));
    }

    [TestMethod]
    public void A_long_name_whose_checksum_is_wrong_gives_way_to_the_short_one()
    {
        MemoryContent volume = Fixture.Load("Fat/fat16");
        FatDirectoryEntry entry = FatFileSystem.Open(volume).ReadDirectory(null).Single(entry => entry.Name == "a directory with a long name");
        MemoryContent damaged = volume.Patched(entry.Position - 32 + 13, (byte)(volume.ReadBytes(entry.Position - 32 + 13, 1)[0] ^ 1));

        FileNode root = FatFileSystem.Open(damaged).Root;

        Assert.IsNull(root.Find("a directory with a long name"));
        Assert.IsNotNull(root.Find("ADIREC~1"));
    }

    [TestMethod]
    public void A_name_with_a_slash_is_refused()
    {
        MemoryContent volume = Fixture.Load("Fat/fat16");
        FatDirectoryEntry entry = FatFileSystem.Open(volume).ReadDirectory(null).Single(entry => entry.Name == "EFI");

        Expect.Corrupt("FAT directory", () => FatFileSystem.Open(volume.Patched(entry.Position, (byte)'/')).Root.Find("x"));
    }

    private static int CountFiles(MemoryContent volume) => ReadToEnd(volume);

    /// <summary>Walks everything once, as a careful caller does: no directory twice, and not without end.</summary>
    private static int ReadToEnd(MemoryContent volume)
    {
        HashSet<ulong> seen = [];
        Stack<FileNode> pending = new([FatFileSystem.Open(volume).Root]);
        byte[] buffer = new byte[65536];
        while (seen.Count < MaxNodes && pending.TryPop(out FileNode? node))
        {
            if (!seen.Add(node.Id))
            {
                continue;
            }

            if (node.Kind == FileKind.Directory)
            {
                foreach (DirectoryEntry entry in node.EnumerateDirectory().Take(MaxNodes))
                {
                    pending.Push(entry.Node);
                }
            }
            else
            {
                for (long offset = 0; offset < Math.Min(node.Size, 1L << 26);)
                {
                    offset += node.Read(offset, buffer);
                }
            }
        }

        return seen.Count;
    }

    private static FatDirectoryEntry LongFile(MemoryContent volume)
    {
        FatFileSystem fileSystem = FatFileSystem.Open(volume);
        FatDirectoryEntry? directory = null;
        foreach (string name in (string[])["a directory with a long name", "deep", "deeper"])
        {
            directory = fileSystem.ReadDirectory(directory).Single(entry => entry.Name == name);
        }

        return fileSystem.ReadDirectory(directory).Single();
    }

    private static MemoryContent SetNext(MemoryContent volume, uint cluster, uint next)
    {
        FatBootSector boot = FatBootSector.Parse(volume.ReadBytes(0, 512), volume.Length);
        long offset = boot.TableOffset + (cluster * (long)boot.Bits / 8);
        byte[] bytes = volume.ReadBytes(offset, 4);
        uint old = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        uint value = boot.Bits switch
        {
            32 => next,
            16 => (old & 0xFFFF0000) | (next & 0xFFFF),
            _ when (cluster & 1) == 0 => (old & 0xFFFFF000) | (next & 0xFFF),
            _ => (old & 0xFFFF000F) | ((next & 0xFFF) << 4),
        };
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return volume.Patched(offset, bytes);
    }
}
