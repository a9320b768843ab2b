using System.Buffers.Binary;
using System.IO.Hashing;
using Marketplace.DiskImages;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Volumes;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests;

/// <summary>Volumes of a system that cannot be read: what needs their files is inconclusive, never passed. The disk is that of RHEL: every directory on a volume of its own.</summary>
[TestClass]
public sealed class UnreadableVolumeTests
{
    private const int Superblock = 1024;
    private const int Uuid = Superblock + 0x68;

    /// <summary>What is written over the start of a volume.</summary>
    private static readonly Dictionary<string, (long Offset, byte[] Bytes)[]> Kinds = new()
    {
        ["LUKS"] = [(0, [0x4C, 0x55, 0x4B, 0x53, 0xBA, 0xBE, 0, 2])],
        ["RAID"] = [(4096, [0xFC, 0x4E, 0x2B, 0xA9, 1, 0, 0, 0])],
        ["BitLocker"] = [(3, "-FVE-FS-"u8.ToArray())],
        ["damaged superblock"] = [(Superblock + 0x10, [0xFF, 0xEE])],
        ["unknown feature"] = [(Superblock + 0x60, [0xFF, 0xFF, 0xFF, 0x7F])],
        ["no magic"] = [(Superblock + 0x38, [1, 2])],
        ["F2FS"] = [(Superblock + 0x38, [0, 0]), (Superblock, [0x10, 0x20, 0xF5, 0xF2])],
    };

    /// <summary>The requirements that are passed when all can be read, and need files of the volume.</summary>
    public static IEnumerable<object[]> Cases =>
        from volume in (IEnumerable<(string Name, string Requirements)>)
        [
            ("partition 2", "MKT2013 MKT2014 MKT2015"),
            ("rootvg/rootlv", "MKT1018 MKT2011 MKT2013 MKT2014 MKT2015 MKT2024 MKT2027 MKT2028 MKT2030 MKT2032"),
            ("rootvg/usrlv", "MKT2011 MKT2013 MKT2014 MKT2015 MKT2027 MKT2030 MKT2032"),
            ("rootvg/varlv", "MKT2011 MKT2030"),
            ("rootvg/tmplv", "MKT2011"),
            ("rootvg/homelv", "MKT2011 MKT2028"),
        ]
        from kind in Kinds.Keys
        select new object[] { volume.Name, kind, volume.Requirements };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void What_needs_a_volume_that_cannot_be_read_is_inconclusive(string volume, string kind, string requirements)
    {
        using DiskFolder folder = new();
        string disk = folder.FromPacked("os.vhd", 30 * DiskFolder.GiB, "Lvm/system");
        ValidationReport whole = Images.Validate(Images.Linux(disk));
        long start = FindStart(disk, volume);
        foreach ((long offset, byte[] bytes) in Kinds[kind])
        {
            DiskFolder.Patch(disk, start + offset, bytes);
        }

        ValidationReport report = Images.Validate(Images.Linux(disk));

        foreach (string id in requirements.Split(' '))
        {
            Assert.AreEqual(Outcome.Passed, whole.Result(id).Outcome, id);
            Assert.AreEqual(Outcome.Inconclusive, report.Result(id).Outcome, id);
        }

        // What could not be seen is not said to be missing either: the faults of this disk are in /usr and in the root.
        foreach (RequirementResult result in report.Results.Where(result => result.Outcome == Outcome.Failed))
        {
            Assert.AreEqual(Outcome.Failed, whole.Result(result.Id).Outcome, result.Id);
        }

        Assert.Contains("MKT1090", report.Codes());
    }

    /// <summary>A partition that fstab does not mention can hold another file system, logical volumes and swap.</summary>
    [TestMethod]
    [DataRow("RAID", "MKT2009 MKT2010 MKT2011")]
    [DataRow("LUKS", "MKT2009 MKT2011")]
    [DataRow("unknown data", "MKT2010")]
    public void What_a_partition_hides_is_not_passed(string kind, string requirements)
    {
        using DiskFolder folder = new();
        string disk = folder.Packed("os.vhd", "Contoso/os");
        AddPartition(disk, firstSector: 64, lastSector: 1023);
        ValidationReport whole = Images.Validate(Images.Linux(disk));
        foreach ((long offset, byte[] bytes) in Kinds.GetValueOrDefault(kind, [(0, [1, 2, 3])]))
        {
            DiskFolder.Patch(disk, (64 * 512) + offset, bytes);
        }

        ValidationReport report = Images.Validate(Images.Linux(disk));

        foreach (string id in requirements.Split(' '))
        {
            Assert.AreEqual(Outcome.Passed, whole.Result(id).Outcome, id);
            Assert.AreEqual(Outcome.Inconclusive, report.Result(id).Outcome, id);
        }
    }

    /// <summary>Adds partition 2, of the type of Linux file systems, to a GPT.</summary>
    private static void AddPartition(string path, long firstSector, long lastSector)
    {
        const int header = 512;
        const int entries = 1024;
        byte[] table = new byte[entries + (128 * 128)];
        using (FileStream disk = File.OpenRead(path))
        {
            disk.ReadExactly(table);
        }

        Span<byte> entry = table.AsSpan(entries + 128, 128);
        new Guid("0fc63daf-8483-4772-8e79-3d69d8477de4").TryWriteBytes(entry);
        entry[16] = 1;
        BinaryPrimitives.WriteInt64LittleEndian(entry[32..], firstSector);
        BinaryPrimitives.WriteInt64LittleEndian(entry[40..], lastSector);
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(header + 88), Crc32.HashToUInt32(table.AsSpan(entries)));
        table.AsSpan(header + 16, 4).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(header + 16), Crc32.HashToUInt32(table.AsSpan(header, 92)));
        DiskFolder.Patch(path, 0, table);
    }

    /// <summary>Where a volume begins on the disk. Logical volumes of this disk are in one piece and at whole extents of 64 KiB.</summary>
    private static long FindStart(string path, string name)
    {
        using DiskImage image = DiskImage.Open(path);
        Volume volume = DiskLayout.Read(image.Disk!).Volumes.Single(volume => volume.DisplayName.EndsWith(name, StringComparison.Ordinal));
        if (volume.Partition is { } partition)
        {
            return partition.Offset;
        }

        byte[] wanted = new byte[16];
        byte[] found = new byte[16];
        volume.Content.Read(Uuid, wanted);
        foreach (Extent extent in image.Disk!.GetAllocatedExtents())
        {
            for (long offset = extent.Offset / 65536 * 65536; offset < extent.End; offset += 65536)
            {
                image.Disk.Read(offset + Uuid, found);
                if (found.AsSpan().SequenceEqual(wanted))
                {
                    return offset;
                }
            }
        }

        throw new InvalidDataException($"The disk has no superblock of {name}.");
    }
}
