using System.Buffers.Binary;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems.Ntfs;

namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>NTFS with each size of clusters and sectors, and what only NTFS has: packed files, streams, attribute lists, reparse points.</summary>
internal static class NtfsTargets
{
    private const int Sector = 512;

    private static readonly string[] Images = ["ntfs-512", "ntfs-64k", "ntfs-sector-4k", "ntfs-cluster-1m", "ntfs-streams", "ntfs-mft", "ntfs-windows"];

    public static IEnumerable<MutationTarget> All => Images.SelectMany(name => (MutationTarget[])
    [
        new MutationTarget(name, () => Fixture.Load("Ntfs/" + name), Read),

        // Update sequence numbers catch most changes of a record's last bytes: here they are made right again.
        new MutationTarget(name + "-repaired", () => Fixture.Load("Ntfs/" + name), Read) { Repair = RepairFixups },
    ]);

    private static void Read(DiskContent volume, MemoryMeter meter) => FileSystemWalk.Run(() => NtfsFileSystem.Open(volume), meter);

    /// <summary>Makes the ends of the sectors of every changed record those its update sequence array asks for.</summary>
    private static void RepairFixups(MutantContent mutant)
    {
        foreach (long page in mutant.ChangedPages.ToList())
        {
            byte[] data = mutant.ReadBytes(page, (int)Math.Min(MemoryContent.PageSize, mutant.Length - page));
            for (int start = 0; start + Sector <= data.Length; start += Sector)
            {
                Span<byte> record = data.AsSpan(start);
                int array = BinaryPrimitives.ReadUInt16LittleEndian(record[4..]);
                int sectors = BinaryPrimitives.ReadUInt16LittleEndian(record[6..]) - 1;
                if ((record.StartsWith("FILE"u8) || record.StartsWith("INDX"u8)) && array < Sector - 2 && sectors > 0 && sectors * Sector <= record.Length)
                {
                    for (int i = 1; i <= sectors; i++)
                    {
                        record.Slice(array, 2).CopyTo(record[((i * Sector) - 2)..]);
                    }
                }
            }

            mutant.Write(page, data);
        }
    }
}
