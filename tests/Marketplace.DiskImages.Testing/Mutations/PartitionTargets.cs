using System.Buffers.Binary;
using System.IO.Hashing;
using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>Partition tables.</summary>
internal static class PartitionTargets
{
    private const int Header = 512;
    private const int HeaderSize = 92;
    private const int HeaderChecksum = 16;
    private const int EntriesChecksum = 88;
    private const int Entries = 1024;
    private const int EntriesSize = 128 * 128;
    private const int RecordsOfTable = 440;

    public static IEnumerable<MutationTarget> All =>
    [
        .. ((string[])["gpt-ubuntu", "gpt-hybrid", "gpt-4096"]).Select(name => new MutationTarget(name, () => Fixture.Load("Partitions/" + name), Read)),
        .. ((string[])["gpt-ubuntu", "gpt-hybrid"]).Select(name => new MutationTarget(name + "-repaired", () => Fixture.Load("Partitions/" + name), Read)
        {
            Regions = _ => [new(Header, HeaderSize), new(Entries, EntriesSize)],
            Repair = RepairGpt,
        }),
        new MutationTarget("mbr-logical", () => Fixture.Load("Partitions/mbr-logical"), Read)
        {
            // The table, and the extended boot records sfdisk made.
            Regions = _ => [.. ((long[])[0, 20480, 24574, 40958]).Select(sector => new Extent((sector * 512) + RecordsOfTable, 72))],
        },
    ];

    private static void Read(DiskContent disk, MemoryMeter meter)
    {
        DiskLayout.Read(disk).FindDataInFirstMiB();
        meter.Step();
    }

    private static void RepairGpt(MutantContent disk)
    {
        byte[] header = disk.ReadBytes(Header, HeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(EntriesChecksum), Crc32.HashToUInt32(disk.ReadBytes(Entries, EntriesSize)));
        header.AsSpan(HeaderChecksum, 4).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(HeaderChecksum), Crc32.HashToUInt32(header));
        disk.Write(Header, header);
    }
}
