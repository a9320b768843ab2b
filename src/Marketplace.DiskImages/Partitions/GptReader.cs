using System.Globalization;
using System.IO.Hashing;
using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Partitions;

/// <summary>Reads a GUID partition table: the primary one, or the backup when the primary is damaged.</summary>
internal static class GptReader
{
    /// <summary>The sector size for which sector 1 begins as a header; 0 when there is none.</summary>
    public static int FindSectorSize(DiskContent disk)
    {
        foreach (int size in GptFormat.SectorSizes)
        {
            if (disk.Length >= 2L * size && GptHeader.HasSignature(ReadBytes(disk, size, GptFormat.Signature.Length)))
            {
                return size;
            }
        }

        return 0;
    }

    /// <summary>The sector size for which the last sector begins as a header; 0 when there is none.</summary>
    public static int FindBackupSectorSize(DiskContent disk)
    {
        foreach (int size in GptFormat.SectorSizes)
        {
            if (disk.Length >= 3L * size && GptHeader.HasSignature(ReadBytes(disk, LastSector(disk, size) * size, GptFormat.Signature.Length)))
            {
                return size;
            }
        }

        return 0;
    }

    /// <exception cref="DiskFormatException">Neither the primary nor the backup table can be used.</exception>
    public static PartitionTable Read(DiskContent disk, MbrSector mbr, int sectorSize)
    {
        List<string> warnings = [];
        string? primaryProblem = null;
        (GptHeader Header, byte[] Entries) table;
        try
        {
            table = ReadTable(disk, 1, sectorSize);
            CheckBackup(disk, table.Header, sectorSize, warnings);
        }
        catch (DiskFormatException primary)
        {
            if (ReadBackup(disk, sectorSize) is not { } backup)
            {
                throw;
            }

            table = backup;
            primaryProblem = primary.Message;
            warnings.Add($"the primary GPT cannot be used ({primary.Message}); the backup at the end of the disk was read");
        }

        bool isHybrid = mbr.HasSignature && mbr.IsProtective && mbr.Entries.Any(entry => !entry.IsEmpty && entry.Type != MbrFormat.TypeProtective);
        if (!mbr.HasSignature || !mbr.IsProtective)
        {
            warnings.Add("the MBR does not protect the GPT: it has no entry of type 0xEE");
        }

        List<Partition> partitions = ReadPartitions(disk, table.Header, table.Entries, sectorSize, warnings);
        OverlapCheck.AddWarnings(partitions, warnings);
        long primaryEnd = (primaryProblem is null ? table.Header.PartitionEntryLba : 2) * sectorSize;
        return new PartitionTable
        {
            Kind = PartitionTableKind.Gpt,
            SectorSize = sectorSize,
            Partitions = partitions,
            Warnings = warnings,
            TableEnd = Math.Min(primaryEnd + RoundUp(table.Header.EntriesSize, sectorSize), disk.Length),
            DescribedLength = (Math.Max(table.Header.MyLba, table.Header.AlternateLba) + 1) * sectorSize,
            HasBootCode = mbr.HasBootCode,
            IsHybrid = isHybrid,
            DiskId = table.Header.DiskGuid.ToString(),
            PrimaryProblem = primaryProblem,
        };
    }

    private static (GptHeader Header, byte[] Entries) ReadTable(DiskContent disk, long lba, int sectorSize)
    {
        GptHeader header = GptHeader.Parse(ReadBytes(disk, lba * sectorSize, sectorSize), lba * sectorSize);
        long offset = header.PartitionEntryLba * sectorSize;
        if (header.PartitionEntryLba < 2 || header.EntriesSize > disk.Length - offset)
        {
            throw DiskFormatException.Truncated(GptFormat.EntriesStructure, offset, $"{header.EntriesSize} bytes from sector {header.PartitionEntryLba} are not inside the disk of {disk.Length} bytes");
        }

        // EntriesSize is at most 1 MiB and was just found to be inside the disk.
        byte[] entries = ReadBytes(disk, offset, header.EntriesSize);
        uint crc = Crc32.HashToUInt32(entries);
        return crc == header.EntriesCrc32
            ? (header, entries)
            : throw DiskFormatException.Corrupt(GptFormat.EntriesStructure, offset, $"the header has the checksum 0x{header.EntriesCrc32:x8}, the entries have 0x{crc:x8}");
    }

    /// <summary>The backup in the last sector, or where a damaged primary header still says it is.</summary>
    private static (GptHeader Header, byte[] Entries)? ReadBackup(DiskContent disk, int sectorSize)
    {
        long last = LastSector(disk, sectorSize);
        long alternate = GptHeader.ReadLba(ReadBytes(disk, sectorSize + GptFormat.AlternateLbaOffset, sizeof(ulong)));
        foreach (long lba in new[] { last, alternate })
        {
            if (lba <= 1 || lba > last)
            {
                continue;
            }

            try
            {
                return ReadTable(disk, lba, sectorSize);
            }
            catch (DiskFormatException)
            {
                // The caller reports what is wrong with the primary, which is what has to be repaired.
                continue;
            }
        }

        return null;
    }

    private static void CheckBackup(DiskContent disk, GptHeader primary, int sectorSize, List<string> warnings)
    {
        long last = LastSector(disk, sectorSize);
        if (primary.AlternateLba > last)
        {
            warnings.Add($"the GPT describes a disk of {(primary.AlternateLba + 1) * sectorSize} bytes, the disk has {disk.Length} bytes: it was cut off");
            return;
        }

        if (primary.AlternateLba < last)
        {
            warnings.Add($"the backup GPT is not at the end of the disk but {(last - primary.AlternateLba) * sectorSize} bytes before it: the disk was made larger after it was partitioned");
        }

        try
        {
            (GptHeader backup, _) = ReadTable(disk, primary.AlternateLba, sectorSize);
            if (backup.EntriesCrc32 != primary.EntriesCrc32 || backup.DiskGuid != primary.DiskGuid)
            {
                warnings.Add("the backup GPT differs from the primary one");
            }
        }
        catch (DiskFormatException backup)
        {
            warnings.Add($"the backup GPT cannot be used ({backup.Message})");
        }
    }

    private static List<Partition> ReadPartitions(DiskContent disk, GptHeader header, byte[] entries, int sectorSize, List<string> warnings)
    {
        List<Partition> partitions = [];
        for (int i = 0; i < header.EntryCount; i++)
        {
            GptEntry entry = GptEntry.Parse(entries.AsSpan(i * header.EntrySize, header.EntrySize));
            if (entry.Type == Guid.Empty)
            {
                continue;
            }

            int number = i + 1;
            long entryOffset = (header.PartitionEntryLba * sectorSize) + ((long)i * header.EntrySize);
            if (partitions.Count == GptFormat.MaxPartitions)
            {
                throw DiskFormatException.Unsupported(GptFormat.EntriesStructure, entryOffset, $"more than {GptFormat.MaxPartitions} partitions");
            }

            if (entry.FirstLba > entry.LastLba)
            {
                throw DiskFormatException.Corrupt($"GPT partition entry {number}", entryOffset, $"it ends in sector {entry.LastLba}, before it begins in sector {entry.FirstLba}");
            }

            if (entry.FirstLba < header.FirstUsableLba || entry.LastLba > header.LastUsableLba)
            {
                warnings.Add(string.Create(CultureInfo.InvariantCulture, $"partition {number} has the sectors {entry.FirstLba} to {entry.LastLba}, outside the usable ones {header.FirstUsableLba} to {header.LastUsableLba}"));
            }

            partitions.Add(new Partition
            {
                Number = number,
                Offset = entry.FirstLba * sectorSize,
                Length = (entry.LastLba - entry.FirstLba + 1) * sectorSize,
                GptType = entry.Type,
                PartUuid = entry.UniqueId.ToString(),
                Name = entry.Name,
            });
        }

        return partitions;
    }

    private static long LastSector(DiskContent disk, int sectorSize) => (disk.Length / sectorSize) - 1;

    private static long RoundUp(long value, long unit) => (value + unit - 1) / unit * unit;

    private static byte[] ReadBytes(DiskContent disk, long offset, int count)
    {
        byte[] bytes = new byte[count];
        disk.Read(offset, bytes);
        return bytes;
    }
}
