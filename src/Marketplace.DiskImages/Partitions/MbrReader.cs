using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Partitions;

/// <summary>Reads an MBR with the chains of its extended partitions. Its sector numbers count 512 bytes, as on every disk of Azure.</summary>
internal static class MbrReader
{
    /// <exception cref="DiskFormatException">An entry or a link of a chain is damaged.</exception>
    public static PartitionTable Read(DiskContent disk, MbrSector mbr)
    {
        List<Partition> partitions = [];
        List<string> warnings = [];
        for (int i = 0; i < mbr.Entries.Count; i++)
        {
            MbrEntry entry = mbr.Entries[i];
            if (!entry.IsStatusValid)
            {
                throw DiskFormatException.Corrupt(
                    MbrFormat.Structure, MbrFormat.EntriesOffset + (i * MbrFormat.EntrySize), $"the status of entry {i + 1} is 0x{entry.Status:x2}, it must be 0x00 or 0x80");
            }

            if (!entry.IsEmpty && !MbrFormat.IsExtended(entry.Type))
            {
                partitions.Add(ToPartition(entry, i + 1, entry.FirstLba, mbr.DiskSignature));
            }
        }

        HashSet<long> seen = [];
        int next = MbrFormat.FirstLogicalNumber;
        foreach (MbrEntry entry in mbr.Entries.Where(entry => !entry.IsEmpty && MbrFormat.IsExtended(entry.Type)))
        {
            next = ReadChain(disk, entry, next, mbr.DiskSignature, seen, partitions, warnings);
        }

        OverlapCheck.AddWarnings(partitions, warnings);
        long end = mbr.Entries.Where(entry => !entry.IsEmpty).Select(entry => (entry.FirstLba + (long)entry.Sectors) * MbrFormat.SectorSize).DefaultIfEmpty(MbrFormat.SectorSize).Max();
        if (end > disk.Length)
        {
            warnings.Add($"the MBR describes a disk of at least {end} bytes, the disk has {disk.Length} bytes: it was cut off");
        }

        return new PartitionTable
        {
            Kind = PartitionTableKind.Mbr,
            SectorSize = MbrFormat.SectorSize,
            Partitions = partitions,
            Warnings = warnings,
            TableEnd = MbrFormat.SectorSize,
            DescribedLength = end,
            HasBootCode = mbr.HasBootCode,
            DiskId = mbr.DiskSignature.ToString("x8", System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Follows the extended boot records of one extended partition and returns the number of the next logical one.</summary>
    private static int ReadChain(DiskContent disk, MbrEntry extended, int next, uint diskSignature, HashSet<long> seen, List<Partition> partitions, List<string> warnings)
    {
        long lba = extended.FirstLba;
        while (true)
        {
            long offset = lba * MbrFormat.SectorSize;
            if (!seen.Add(lba))
            {
                throw DiskFormatException.Corrupt(MbrFormat.ExtendedStructure, offset, "the chain of extended boot records comes back to one it has passed");
            }

            if (seen.Count > MbrFormat.MaxExtendedRecords)
            {
                throw DiskFormatException.Unsupported(MbrFormat.ExtendedStructure, offset, $"more than {MbrFormat.MaxExtendedRecords} extended boot records");
            }

            if (offset > disk.Length - MbrFormat.SectorSize)
            {
                throw DiskFormatException.Truncated(MbrFormat.ExtendedStructure, offset, $"the extended boot record is not inside the disk of {disk.Length} bytes");
            }

            byte[] bytes = new byte[MbrFormat.SectorSize];
            disk.Read(offset, bytes);
            if (lba == extended.FirstLba && !bytes.AsSpan().ContainsAnyExcept((byte)0))
            {
                warnings.Add("the extended partition was never given an extended boot record");
                return next;
            }

            MbrSector record = MbrSector.Parse(bytes);
            if (!record.HasSignature)
            {
                throw DiskFormatException.Corrupt(MbrFormat.ExtendedStructure, offset, $"the extended boot record ends with 0x{record.Signature:x4}, not 0x{MbrFormat.Signature:x4}");
            }

            // Only the first two entries have a meaning: the logical partition and the link, in the order of whoever wrote them.
            MbrEntry[] used = [.. record.Entries.Take(2).Where(entry => !entry.IsEmpty)];
            foreach (MbrEntry entry in used.Where(entry => !MbrFormat.IsExtended(entry.Type)))
            {
                partitions.Add(ToPartition(entry, next++, lba + entry.FirstLba, diskSignature));
            }

            MbrEntry link = used.FirstOrDefault(entry => MbrFormat.IsExtended(entry.Type));
            if (link.IsEmpty)
            {
                return next;
            }

            lba = extended.FirstLba + (long)link.FirstLba;
        }
    }

    private static Partition ToPartition(MbrEntry entry, int number, long firstLba, uint diskSignature) => new()
    {
        Number = number,
        Offset = firstLba * MbrFormat.SectorSize,
        Length = (long)entry.Sectors * MbrFormat.SectorSize,
        MbrType = entry.Type,
        PartUuid = diskSignature == 0 ? "" : $"{diskSignature:x8}-{number:x2}",
        IsActive = entry.Status == MbrFormat.StatusActive,
    };
}
