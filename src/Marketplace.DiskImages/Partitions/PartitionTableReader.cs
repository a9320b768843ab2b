using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Volumes;

namespace Marketplace.DiskImages.Partitions;

/// <summary>Decides which table a disk has: a GPT, an MBR, or none because a file system begins at sector 0.</summary>
internal static class PartitionTableReader
{
    /// <summary>The table; null when the disk has none.</summary>
    /// <exception cref="DiskFormatException">There is a table and it is damaged.</exception>
    public static PartitionTable? Read(DiskContent disk)
    {
        if (disk.Length < MbrFormat.SectorSize)
        {
            return null;
        }

        byte[] first = new byte[MbrFormat.SectorSize];
        disk.Read(0, first);
        MbrSector mbr = MbrSector.Parse(first);
        int gptSectorSize = GptReader.FindSectorSize(disk);
        bool isProtected = mbr.HasSignature && mbr.IsProtective;
        if (isProtected || gptSectorSize != 0)
        {
            // A GPT beside an MBR that does not mention it is what an old tool left over; Linux takes the MBR.
            if (!isProtected && mbr.HasSignature && mbr.ArePlausible(disk.Length / MbrFormat.SectorSize))
            {
                PartitionTable table = MbrReader.Read(disk, mbr);
                return table with { Warnings = [.. table.Warnings, "a GPT stands behind the MBR, which has partitions of its own and does not protect it: the GPT is ignored"] };
            }

            int sectorSize = gptSectorSize != 0 ? gptSectorSize : GptReader.FindBackupSectorSize(disk);
            return GptReader.Read(disk, mbr, sectorSize != 0 ? sectorSize : MbrFormat.SectorSize);
        }

        bool isPlausible = mbr.ArePlausible(disk.Length / MbrFormat.SectorSize);
        if (mbr.HasSignature && isPlausible)
        {
            return MbrReader.Read(disk, mbr);
        }

        // The boot sectors of FAT and NTFS end as an MBR does, and boot code may stand in sector 0 of any file system.
        if (VolumeDetector.Detect(disk).Kind is not (VolumeKind.Unknown or VolumeKind.Empty))
        {
            return null;
        }

        return mbr.HasSignature ? MbrReader.Read(disk, mbr)
            : isPlausible ? throw DiskFormatException.Corrupt(MbrFormat.Structure, MbrFormat.SignatureOffset, $"sector 0 has partition entries but ends with 0x{mbr.Signature:x4}, not 0x{MbrFormat.Signature:x4}")
            : null;
    }
}
