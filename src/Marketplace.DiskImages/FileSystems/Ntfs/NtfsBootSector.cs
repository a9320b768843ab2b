using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>The boot sector: where the MFT is and how large everything is.</summary>
internal sealed class NtfsBootSector
{
    /// <summary>The name of the structure in messages.</summary>
    public const string Structure = "NTFS boot sector";

    private const int BytesPerSectorOffset = 0x0B;
    private const int SectorsPerClusterOffset = 0x0D;
    private const int TotalSectorsOffset = 0x28;
    private const int MftOffset = 0x30;
    private const int RecordSizeOffset = 0x40;
    private const int IndexBlockSizeOffset = 0x44;
    private const int SerialOffset = 0x48;
    private const int SignatureOffset = 0x1FE;

    private NtfsBootSector()
    {
    }

    /// <summary>Bytes of a cluster.</summary>
    public int ClusterSize { get; private init; }

    /// <summary>Clusters of the volume.</summary>
    public long ClusterCount { get; private init; }

    /// <summary>First cluster of the MFT.</summary>
    public long MftCluster { get; private init; }

    /// <summary>Bytes of an MFT record.</summary>
    public int RecordSize { get; private init; }

    /// <summary>The serial number as blkid prints it: 16 hexadecimal digits, upper case.</summary>
    public string Uuid { get; private init; } = "";

    /// <summary>Parses the boot sector.</summary>
    /// <param name="raw">At least <see cref="NtfsFormat.BootSectorSize"/> bytes.</param>
    /// <param name="volumeLength">Length of the volume in bytes.</param>
    /// <exception cref="DiskFormatException">It is damaged, or the volume is shorter than the file system.</exception>
    public static NtfsBootSector Parse(ReadOnlySpan<byte> raw, long volumeLength)
    {
        ReadOnlySpan<byte> oemId = raw.Slice(3, 8);
        if (oemId.SequenceEqual("-FVE-FS-"u8))
        {
            throw DiskFormatException.Unsupported(Structure, 3, "the volume is encrypted with BitLocker");
        }

        if (!oemId.SequenceEqual("NTFS    "u8) || BinaryPrimitives.ReadUInt16LittleEndian(raw[SignatureOffset..]) != 0xAA55)
        {
            throw DiskFormatException.Corrupt(Structure, 3, "the OEM identifier NTFS or the signature 0xAA55 is missing");
        }

        int sectorSize = BinaryPrimitives.ReadUInt16LittleEndian(raw[BytesPerSectorOffset..]);
        if (sectorSize is < 256 or > 4096 || !BitOperations.IsPow2(sectorSize))
        {
            throw DiskFormatException.Corrupt(Structure, BytesPerSectorOffset, $"bytes per sector is {sectorSize}, expected a power of 2 from 256 to 4096");
        }

        int clusterSize = ReadClusterSize(raw[SectorsPerClusterOffset], sectorSize);
        long sectors = BinaryPrimitives.ReadInt64LittleEndian(raw[TotalSectorsOffset..]);
        if (sectors <= 0 || sectors > long.MaxValue / sectorSize || sectors * sectorSize < clusterSize)
        {
            throw DiskFormatException.Corrupt(Structure, TotalSectorsOffset, $"the volume has {sectors} sectors of {sectorSize} bytes");
        }

        if (sectors * sectorSize > volumeLength)
        {
            throw DiskFormatException.Truncated(Structure, TotalSectorsOffset, $"the file system has {sectors * sectorSize} bytes, the volume {volumeLength}");
        }

        long clusters = sectors * sectorSize / clusterSize;
        long mft = BinaryPrimitives.ReadInt64LittleEndian(raw[MftOffset..]);
        if (mft <= 0 || mft >= clusters)
        {
            throw DiskFormatException.Corrupt(Structure, MftOffset, $"the MFT begins in cluster {mft}, the volume has {clusters}");
        }

        _ = ReadSize(raw, IndexBlockSizeOffset, clusterSize, NtfsFormat.MinIndexBlockSize, NtfsFormat.MaxClusterSize);
        return new NtfsBootSector
        {
            ClusterSize = clusterSize,
            ClusterCount = clusters,
            MftCluster = mft,
            RecordSize = ReadSize(raw, RecordSizeOffset, clusterSize, NtfsFormat.MinRecordSize, NtfsFormat.MaxRecordSize),
            Uuid = BinaryPrimitives.ReadUInt64LittleEndian(raw[SerialOffset..]).ToString("X16", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>A count of sectors up to 128, or the exponent of one as a negative number.</summary>
    private static int ReadClusterSize(byte value, int sectorSize)
    {
        long sectors = value <= 128 ? value : 256 - value <= 20 ? 1L << (256 - value) : 0;
        if (sectors == 0 || !BitOperations.IsPow2(sectors) || sectors * sectorSize > NtfsFormat.MaxClusterSize || sectors * sectorSize < NtfsFormat.FixupStride)
        {
            throw DiskFormatException.Corrupt(Structure, SectorsPerClusterOffset, $"sectors per cluster is {value}, with sectors of {sectorSize} bytes");
        }

        return (int)(sectors * sectorSize);
    }

    /// <summary>A count of clusters, or the exponent of a count of bytes as a negative number.</summary>
    private static int ReadSize(ReadOnlySpan<byte> raw, int offset, int clusterSize, int min, int max)
    {
        sbyte value = (sbyte)raw[offset];
        long size = value > 0 ? (long)value * clusterSize : value is < 0 and > -31 ? 1L << -value : 0;
        return size >= min && size <= max && BitOperations.IsPow2(size)
            ? (int)size
            : throw DiskFormatException.Corrupt(Structure, offset, $"the size of {(offset == RecordSizeOffset ? "MFT records" : "index blocks")} is given as {value}, with clusters of {clusterSize} bytes");
    }
}
