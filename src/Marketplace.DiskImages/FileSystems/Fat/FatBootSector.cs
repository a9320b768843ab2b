using System.Buffers.Binary;
using System.Numerics;

namespace Marketplace.DiskImages.FileSystems.Fat;

/// <summary>The boot sector of a FAT file system with its BIOS parameter block, and the layout that follows from it.</summary>
internal sealed record FatBootSector
{
    /// <summary>Bits of an entry of the FAT: 12, 16 or 32.</summary>
    public required int Bits { get; init; }

    public required int ClusterSize { get; init; }

    /// <summary>Number of data clusters; the last one has the number ClusterCount + 1.</summary>
    public required uint ClusterCount { get; init; }

    /// <summary>Offset in bytes of the FAT that is in use.</summary>
    public required long TableOffset { get; init; }

    /// <summary>Offset in bytes of the root directory of FAT12 and FAT16.</summary>
    public required long RootOffset { get; init; }

    /// <summary>Length in bytes of the root directory of FAT12 and FAT16; 0 on FAT32.</summary>
    public required int RootSize { get; init; }

    /// <summary>First cluster of the root directory of FAT32.</summary>
    public required uint RootCluster { get; init; }

    /// <summary>Offset in bytes of cluster 2.</summary>
    public required long DataOffset { get; init; }

    public required string Uuid { get; init; }

    public required string Label { get; init; }

    /// <summary>Whether the sector names a FAT type, or has a parameter block that can be one of FAT.</summary>
    public static bool LooksLikeOne(ReadOnlySpan<byte> sector)
    {
        if (sector[0] is not (0xEB or 0xE9))
        {
            return false;
        }

        bool isNamed = sector[FatFormat.TypeNameOffset16..].StartsWith("FAT12   "u8) || sector[FatFormat.TypeNameOffset16..].StartsWith("FAT16   "u8) || sector[FatFormat.TypeNameOffset32..].StartsWith("FAT32   "u8);
        int sectorSize = BinaryPrimitives.ReadUInt16LittleEndian(sector[FatFormat.BytesPerSectorOffset..]);
        return isNamed
            || (sector[FatFormat.SignatureOffset] == 0x55 && sector[FatFormat.SignatureOffset + 1] == 0xAA
                && BitOperations.IsPow2(sectorSize) && sectorSize is >= FatFormat.MinSectorSize and <= FatFormat.MaxSectorSize
                && BitOperations.IsPow2((uint)sector[FatFormat.SectorsPerClusterOffset])
                && BinaryPrimitives.ReadUInt16LittleEndian(sector[FatFormat.ReservedSectorsOffset..]) != 0
                && sector[FatFormat.NumberOfFatsOffset] is 1 or 2
                && IsMedia(sector[FatFormat.MediaOffset]));
    }

    /// <summary>Reads the boot sector of a volume and checks that everything it describes lies inside.</summary>
    /// <param name="sector">512 bytes.</param>
    /// <param name="volumeLength">Length of the volume in bytes.</param>
    /// <exception cref="DiskFormatException">A field cannot be right.</exception>
    public static FatBootSector Parse(ReadOnlySpan<byte> sector, long volumeLength)
    {
        static DiskFormatException Bad(int offset, string detail) => DiskFormatException.Corrupt(FatFormat.BootSectorStructure, offset, detail);
        int sectorSize = BinaryPrimitives.ReadUInt16LittleEndian(sector[FatFormat.BytesPerSectorOffset..]);
        if (!BitOperations.IsPow2(sectorSize) || sectorSize is < FatFormat.MinSectorSize or > FatFormat.MaxSectorSize)
        {
            throw Bad(FatFormat.BytesPerSectorOffset, $"{sectorSize} bytes per sector");
        }

        int sectorsPerCluster = sector[FatFormat.SectorsPerClusterOffset];
        if (!BitOperations.IsPow2(sectorsPerCluster))
        {
            throw Bad(FatFormat.SectorsPerClusterOffset, $"{sectorsPerCluster} sectors per cluster, not a power of two");
        }

        int reserved = BinaryPrimitives.ReadUInt16LittleEndian(sector[FatFormat.ReservedSectorsOffset..]);
        if (reserved == 0)
        {
            throw Bad(FatFormat.ReservedSectorsOffset, "no reserved sectors, not even the boot sector itself");
        }

        int tables = sector[FatFormat.NumberOfFatsOffset];
        if (tables is 0 or > FatFormat.MaxTables)
        {
            throw Bad(FatFormat.NumberOfFatsOffset, $"{tables} FATs");
        }

        if (!IsMedia(sector[FatFormat.MediaOffset]))
        {
            throw Bad(FatFormat.MediaOffset, $"media byte 0x{sector[FatFormat.MediaOffset]:x2}, it must be 0xf0 or at least 0xf8");
        }

        // As Linux decides it: FAT32 is what has no 16-bit table size, whatever the number of its clusters.
        uint tableSectors = BinaryPrimitives.ReadUInt16LittleEndian(sector[FatFormat.SectorsPerFat16Offset..]);
        bool is32 = tableSectors == 0;
        tableSectors = is32 ? BinaryPrimitives.ReadUInt32LittleEndian(sector[FatFormat.SectorsPerFat32Offset..]) : tableSectors;
        if (tableSectors == 0)
        {
            throw Bad(FatFormat.SectorsPerFat16Offset, "the FAT has no sectors");
        }

        uint totalSectors = BinaryPrimitives.ReadUInt16LittleEndian(sector[FatFormat.TotalSectors16Offset..]);
        totalSectors = totalSectors != 0 ? totalSectors : BinaryPrimitives.ReadUInt32LittleEndian(sector[FatFormat.TotalSectors32Offset..]);
        if ((long)totalSectors * sectorSize > volumeLength)
        {
            throw DiskFormatException.Truncated(FatFormat.BootSectorStructure, FatFormat.TotalSectors32Offset, $"the file system has {(long)totalSectors * sectorSize} bytes, the volume {volumeLength}");
        }

        int rootSize = is32 ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(sector[FatFormat.RootEntriesOffset..]) * FatFormat.EntrySize;
        long rootOffset = (reserved + ((long)tables * tableSectors)) * sectorSize;
        long dataOffset = rootOffset + ((rootSize + sectorSize - 1) / sectorSize * sectorSize);
        int clusterSize = sectorSize * sectorsPerCluster;
        long clusters = (((long)totalSectors * sectorSize) - dataOffset) / clusterSize;
        if (clusters <= 0)
        {
            throw Bad(FatFormat.TotalSectors32Offset, $"{totalSectors} sectors leave no room for data after the {dataOffset} bytes of boot sector, FATs and root directory");
        }

        int bits = is32 ? 32 : clusters > FatFormat.MaxClusters12 ? 16 : 12;
        long max = bits switch { 32 => FatFormat.MaxClusters32, 16 => FatFormat.MaxClusters16, _ => FatFormat.MaxClusters12 };
        if (clusters > max)
        {
            throw Bad(FatFormat.TotalSectors32Offset, $"{clusters} clusters, FAT{bits} has at most {max}");
        }

        int activeTable = 0;
        int flags = is32 ? BinaryPrimitives.ReadUInt16LittleEndian(sector[FatFormat.ExtendedFlagsOffset..]) : 0;
        if ((flags & FatFormat.NoMirroringFlag) != 0)
        {
            activeTable = flags & 0xF;
            if (activeTable >= tables)
            {
                throw Bad(FatFormat.ExtendedFlagsOffset, $"FAT {activeTable} is said to be in use, there are {tables}");
            }
        }

        // Clusters that the FAT has no entry for cannot hold anything.
        long entries = (long)tableSectors * sectorSize * 8 / bits;
        return new FatBootSector
        {
            Bits = bits,
            ClusterSize = clusterSize,
            ClusterCount = (uint)Math.Min(clusters, Math.Max(0, entries - FatFormat.FirstCluster)),
            TableOffset = (reserved + ((long)activeTable * tableSectors)) * sectorSize,
            RootOffset = rootOffset,
            RootSize = rootSize,
            RootCluster = is32 ? BinaryPrimitives.ReadUInt32LittleEndian(sector[FatFormat.RootClusterOffset..]) : 0,
            DataOffset = dataOffset,
            Uuid = ReadUuid(sector),
            Label = ReadLabel(sector),
        };
    }

    /// <summary>The serial number as <c>fstab</c> writes it; empty when the sector has none.</summary>
    public static string ReadUuid(ReadOnlySpan<byte> sector)
    {
        int offset = Is32(sector) ? FatFormat.SerialOffset32 : FatFormat.SerialOffset16;

        // The byte before the label, and so before the serial number, says whether the two are there.
        uint serial = BinaryPrimitives.ReadUInt32LittleEndian(sector[offset..]);
        return sector[offset - 1] is 0x28 or 0x29 && serial != 0 ? FatFormat.FormatSerial(serial) : "";
    }

    /// <summary>The label of the boot sector; empty when it has none. The one in the root directory goes before it.</summary>
    public static string ReadLabel(ReadOnlySpan<byte> sector)
    {
        bool is32 = Is32(sector);
        string label = sector[(is32 ? FatFormat.SerialOffset32 : FatFormat.SerialOffset16) - 1] == 0x29
            ? FatName.Decode(sector.Slice(is32 ? FatFormat.LabelOffset32 : FatFormat.LabelOffset16, FatFormat.LabelSize)).TrimEnd(' ', '\0')
            : "";
        return label == "NO NAME" ? "" : label;
    }

    private static bool Is32(ReadOnlySpan<byte> sector) => BinaryPrimitives.ReadUInt16LittleEndian(sector[FatFormat.SectorsPerFat16Offset..]) == 0;

    private static bool IsMedia(byte media) => media is 0xF0 or >= 0xF8;
}
