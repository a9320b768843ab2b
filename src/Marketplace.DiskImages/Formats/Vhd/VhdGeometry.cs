namespace Marketplace.DiskImages.Formats.Vhd;

/// <summary>Cylinders, heads and sectors per track of a disk.</summary>
/// <param name="Cylinders">Cylinders.</param>
/// <param name="Heads">Heads.</param>
/// <param name="SectorsPerTrack">Sectors per track.</param>
public readonly record struct VhdGeometry(int Cylinders, int Heads, int SectorsPerTrack)
{
    /// <summary>The bytes the geometry addresses.</summary>
    public long Size => (long)Cylinders * Heads * SectorsPerTrack * VhdFormat.SectorSize;

    /// <summary>The geometry the specification's appendix "CHS Calculation" gives for a size.</summary>
    /// <param name="size">Virtual size in bytes.</param>
    public static VhdGeometry FromSize(long size)
    {
        long sectors = Math.Min(Math.Max(size, 0) / VhdFormat.SectorSize, (long)VhdFormat.MaxCylinders * VhdFormat.MaxHeads * VhdFormat.MaxSectorsPerTrack);
        if (sectors >= (long)VhdFormat.MaxCylinders * VhdFormat.MaxHeads * 63)
        {
            return Divide(sectors, VhdFormat.MaxHeads, VhdFormat.MaxSectorsPerTrack);
        }

        long cylinderTimesHeads = sectors / 17;
        int heads = (int)Math.Max(4, (cylinderTimesHeads + 1023) / 1024);
        if (cylinderTimesHeads < heads * 1024L && heads <= VhdFormat.MaxHeads)
        {
            return Divide(sectors, heads, 17);
        }

        return sectors / 31 < VhdFormat.MaxHeads * 1024L
            ? Divide(sectors, VhdFormat.MaxHeads, 31)
            : Divide(sectors, VhdFormat.MaxHeads, 63);
    }

    /// <summary>The three numbers as <c>cylinders/heads/sectors</c>.</summary>
    public override string ToString() => $"{Cylinders}/{Heads}/{SectorsPerTrack}";

    private static VhdGeometry Divide(long sectors, int heads, int sectorsPerTrack) => new((int)(sectors / sectorsPerTrack / heads), heads, sectorsPerTrack);
}
