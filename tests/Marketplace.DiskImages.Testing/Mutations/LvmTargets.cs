using System.Buffers.Binary;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Volumes;
using Marketplace.DiskImages.Volumes.Lvm;

namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>Logical volumes: labels, rings and descriptions, as they are and with every checksum made right again.</summary>
internal static class LvmTargets
{
    private const int Label = 512;
    private const int Area = 4096;
    private const int SectorSize = 512;
    private const int MaxText = 1 << 16;

    private static readonly string[] Images = ["system", "striped", "whole", "twins", "types"];

    public static IEnumerable<MutationTarget> All => Images.SelectMany(name => (MutationTarget[])
    [
        new MutationTarget("lvm-" + name, () => Fixture.Load("Lvm/" + name), Read) { Regions = image => [.. Starts(image).SelectMany(start => Structures(image, start))] },
        new MutationTarget($"lvm-{name}-repaired", () => Fixture.Load("Lvm/" + name), Read)
        {
            Regions = image => [.. Starts(image).SelectMany(start => Structures(image, start))],
            Repair = Repairer(name),
        },
    ]);

    private static void Read(DiskContent disk, MemoryMeter meter)
    {
        DiskLayout layout = DiskLayout.Read(disk);
        meter.Step();
        byte[] buffer = new byte[1 << 16];
        foreach (Volume volume in layout.Volumes.Where(volume => volume is { LogicalVolume: not null, Problem: null }))
        {
            for (long offset = 0; offset < Math.Min(volume.Content.Length, 1 << 22); offset += buffer.Length)
            {
                volume.Content.Read(offset, buffer.AsSpan(0, (int)Math.Min(buffer.Length, volume.Content.Length - offset)));
            }

            _ = volume.Content.GetAllocatedExtents().Take(10_000).Count();
            meter.Step();
        }

        if (layout.Volumes.FirstOrDefault(volume => volume.Problem is not null && (volume.LogicalVolume is not null || volume.Kind == VolumeKind.LvmPhysicalVolume)) is { } damaged)
        {
            throw damaged.Problem!;
        }
    }

    /// <summary>Where the physical volumes start.</summary>
    private static long[] Starts(MemoryContent image) =>
        [.. DiskLayout.Read(image).Volumes.Where(volume => volume is { Kind: VolumeKind.LvmPhysicalVolume, LogicalVolume: null }).Select(volume => volume.Partition?.Offset ?? 0)];

    private static Extent[] Structures(MemoryContent image, long start)
    {
        byte[] header = image.ReadBytes(start + Area, SectorSize);
        long offset = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(40));
        long size = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(48));
        long inOnePiece = Math.Min(size, BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(32)) - offset);
        return [new(start + Label, SectorSize), new(start + Area, 64), new(start + Area + offset, inOnePiece)];
    }

    private static Action<MutantContent> Repairer(string name)
    {
        Lazy<long[]> starts = new(() => Starts(Fixture.Load("Lvm/" + name)));
        return mutant =>
        {
            foreach (long start in starts.Value)
            {
                RepairText(mutant, start + Area);
                Seal(mutant, start + Area + 4, SectorSize - 4, start + Area);
                Seal(mutant, start + Label + 20, SectorSize - 20, start + Label + 16);
            }
        };
    }

    /// <summary>The checksum of the text, wherever the mutant says that the text is.</summary>
    private static void RepairText(MutantContent mutant, long area)
    {
        byte[] header = mutant.ReadBytes(area, SectorSize);
        ulong ring = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(32));
        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(40));
        ulong size = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(48));
        if (size > MaxText || ring > (ulong)(mutant.Length - area) || offset > ring || ring < SectorSize + size)
        {
            return;
        }

        int first = (int)Math.Min(size, ring - offset);
        byte[] text = [.. mutant.ReadBytes(area + (long)offset, first), .. mutant.ReadBytes(area + SectorSize, (int)size - first)];
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(56), LvmChecksum.Compute(text));
        mutant.Write(area + 56, header.AsSpan(56, 4));
    }

    private static void Seal(MutantContent mutant, long start, int length, long place)
    {
        byte[] checksum = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, LvmChecksum.Compute(mutant.ReadBytes(start, length)));
        mutant.Write(place, checksum);
    }
}
