using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Marketplace.DiskImages.Registry;

/// <summary>The base block of a hive or of one of its logs. Whether it is intact is a finding, not an error: logs can replace a damaged one.</summary>
internal sealed record HiveBaseBlock
{
    /// <summary>Primary sequence number: raised when a write begins.</summary>
    public required uint PrimarySequence { get; init; }

    /// <summary>Secondary sequence number: raised when the write has ended.</summary>
    public required uint SecondarySequence { get; init; }

    /// <summary>Last written timestamp, a FILETIME.</summary>
    public required ulong LastWritten { get; init; }

    public required uint MajorVersion { get; init; }

    public required uint MinorVersion { get; init; }

    /// <summary>0 a hive, 1 or 2 a log of dirty pages, 6 a log of entries.</summary>
    public required uint FileType { get; init; }

    public required uint FileFormat { get; init; }

    /// <summary>Offset of the root cell from the start of the bins.</summary>
    public required uint RootCell { get; init; }

    /// <summary>Size of the bins in bytes.</summary>
    public required uint BinsSize { get; init; }

    /// <summary>Sector size of the disk in units of 512 bytes.</summary>
    public required uint ClusteringFactor { get; init; }

    /// <summary>What is wrong with the signature or the checksum; empty when they are right.</summary>
    public required string Damage { get; init; }

    /// <summary>Whether a write to the hive was begun and not ended.</summary>
    public bool IsDirty => Damage.Length > 0 || PrimarySequence != SecondarySequence;

    /// <exception cref="DiskFormatException">There are too few bytes.</exception>
    public static HiveBaseBlock Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < RegistryFormat.BaseBlockUsedSize)
        {
            throw DiskFormatException.Truncated(RegistryFormat.BaseBlockStructure, 0, $"{bytes.Length} bytes, {RegistryFormat.BaseBlockUsedSize} are needed");
        }

        uint stored = U32(bytes, RegistryFormat.ChecksumOffset);
        uint computed = Checksum(bytes[..RegistryFormat.ChecksumOffset]);
        return new HiveBaseBlock
        {
            PrimarySequence = U32(bytes, RegistryFormat.PrimarySequenceOffset),
            SecondarySequence = U32(bytes, RegistryFormat.SecondarySequenceOffset),
            LastWritten = BinaryPrimitives.ReadUInt64LittleEndian(bytes[RegistryFormat.LastWrittenOffset..]),
            MajorVersion = U32(bytes, RegistryFormat.MajorVersionOffset),
            MinorVersion = U32(bytes, RegistryFormat.MinorVersionOffset),
            FileType = U32(bytes, RegistryFormat.FileTypeOffset),
            FileFormat = U32(bytes, RegistryFormat.FileFormatOffset),
            RootCell = U32(bytes, RegistryFormat.RootCellOffset),
            BinsSize = U32(bytes, RegistryFormat.BinsSizeOffset),
            ClusteringFactor = U32(bytes, RegistryFormat.ClusteringFactorOffset),
            Damage = !bytes.StartsWith(RegistryFormat.BaseBlockSignature) ? "the signature 'regf' is missing"
                : stored != computed ? $"the checksum is 0x{stored:x8}, the bytes add up to 0x{computed:x8}"
                : "",
        };
    }

    /// <summary>Checks that the fields describe a hive this library reads, and that its bins lie inside the content.</summary>
    /// <exception cref="DiskFormatException">They do not.</exception>
    public void Check(long contentLength)
    {
        if (MajorVersion != RegistryFormat.MajorVersion || MinorVersion is < RegistryFormat.MinMinorVersion or > RegistryFormat.MaxMinorVersion)
        {
            throw DiskFormatException.Unsupported(RegistryFormat.BaseBlockStructure, RegistryFormat.MajorVersionOffset, $"the version is {MajorVersion}.{MinorVersion}, 1.3 to 1.6 are read");
        }

        if (FileType != RegistryFormat.FileTypePrimary)
        {
            throw DiskFormatException.Unsupported(RegistryFormat.BaseBlockStructure, RegistryFormat.FileTypeOffset, $"the file type is {FileType}: the file is a transaction log, not a hive");
        }

        if (FileFormat != RegistryFormat.FileFormatMemory)
        {
            throw DiskFormatException.Unsupported(RegistryFormat.BaseBlockStructure, RegistryFormat.FileFormatOffset, $"the file format is {FileFormat}, not 1");
        }

        if (BinsSize == 0 || BinsSize % RegistryFormat.BinAlignment != 0)
        {
            throw DiskFormatException.Corrupt(RegistryFormat.BaseBlockStructure, RegistryFormat.BinsSizeOffset, $"the bins have {BinsSize} bytes, not a multiple of {RegistryFormat.BinAlignment}");
        }

        if (BinsSize > contentLength - RegistryFormat.BaseBlockSize)
        {
            throw DiskFormatException.Truncated(RegistryFormat.BaseBlockStructure, RegistryFormat.BinsSizeOffset, $"the bins have {BinsSize} bytes, the file has {Math.Max(0, contentLength - RegistryFormat.BaseBlockSize)} for them");
        }
    }

    /// <summary>The exclusive or of the 127 numbers, with the two results that mean nothing replaced.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        foreach (uint number in MemoryMarshal.Cast<byte, uint>(bytes))
        {
            sum ^= BitConverter.IsLittleEndian ? number : BinaryPrimitives.ReverseEndianness(number);
        }

        return sum switch { 0 => 1, uint.MaxValue => uint.MaxValue - 1, _ => sum };
    }

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
