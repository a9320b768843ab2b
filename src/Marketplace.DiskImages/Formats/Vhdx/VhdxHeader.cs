using System.Buffers.Binary;
using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Formats.Vhdx;

/// <summary>The header: 4 KiB, kept twice; the one with the higher sequence number counts.</summary>
internal sealed record VhdxHeader
{
    /// <summary>SequenceNumber.</summary>
    public required ulong SequenceNumber { get; init; }

    /// <summary>DataWriteGuid: changes when the disk's bytes do; a child remembers that of its parent.</summary>
    public required Guid DataWriteGuid { get; init; }

    /// <summary>LogGuid: entries of the log with it must be replayed; empty when the log is empty.</summary>
    public required Guid LogGuid { get; init; }

    /// <summary>LogLength in bytes.</summary>
    public required uint LogLength { get; init; }

    /// <summary>LogOffset in the file.</summary>
    public required ulong LogOffset { get; init; }

    /// <summary>Reads the header that counts.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <exception cref="DiskFormatException">Neither copy is sound, or both claim to be the newer one.</exception>
    public static VhdxHeader Read(DiskContent file)
    {
        byte[] bytes1 = ReadCopy(file, VhdxFormat.Header1Offset);
        byte[] bytes2 = ReadCopy(file, VhdxFormat.Header2Offset);
        bool sound1 = IsSound(bytes1);
        bool sound2 = IsSound(bytes2);
        if (!sound1 && !sound2)
        {
            throw DiskFormatException.Corrupt(VhdxFormat.HeaderStructure, VhdxFormat.Header1Offset, "neither copy has its signature and its checksum");
        }

        if (sound1 && sound2)
        {
            ulong sequence1 = BinaryPrimitives.ReadUInt64LittleEndian(bytes1.AsSpan(8));
            ulong sequence2 = BinaryPrimitives.ReadUInt64LittleEndian(bytes2.AsSpan(8));
            if (sequence1 == sequence2 && !bytes1.AsSpan().SequenceEqual(bytes2))
            {
                throw DiskFormatException.Corrupt(VhdxFormat.HeaderStructure, VhdxFormat.Header1Offset, $"two different headers have the sequence number {sequence1}");
            }

            sound1 = sequence1 >= sequence2;
        }

        return sound1 ? Parse(bytes1, VhdxFormat.Header1Offset) : Parse(bytes2, VhdxFormat.Header2Offset);
    }

    /// <summary>Reads a header whose checksum was verified.</summary>
    /// <param name="bytes">4 KiB.</param>
    /// <param name="offset">Where it stands, for messages.</param>
    public static VhdxHeader Parse(ReadOnlySpan<byte> bytes, long offset)
    {
        ushort logVersion = BinaryPrimitives.ReadUInt16LittleEndian(bytes[64..]); // LogVersion
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[66..]); // Version
        if (version != 1)
        {
            throw DiskFormatException.Unsupported(VhdxFormat.HeaderStructure, offset + 66, $"version {version}");
        }

        VhdxHeader header = new()
        {
            SequenceNumber = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
            DataWriteGuid = new Guid(bytes.Slice(32, 16)),
            LogGuid = new Guid(bytes.Slice(48, 16)),
            LogLength = BinaryPrimitives.ReadUInt32LittleEndian(bytes[68..]),
            LogOffset = BinaryPrimitives.ReadUInt64LittleEndian(bytes[72..]),
        };
        if (header.LogGuid != Guid.Empty && logVersion != 0)
        {
            throw DiskFormatException.Unsupported(VhdxFormat.HeaderStructure, offset + 64, $"a log of version {logVersion} that is not empty");
        }

        if (header.LogOffset % VhdxFormat.MiB != 0 || header.LogLength % VhdxFormat.MiB != 0 || (header.LogLength > 0 && header.LogOffset < VhdxFormat.HeaderSectionSize))
        {
            throw DiskFormatException.Corrupt(VhdxFormat.HeaderStructure, offset + 68, $"a log of {header.LogLength} bytes at byte {header.LogOffset}");
        }

        return header;
    }

    private static bool IsSound(ReadOnlySpan<byte> bytes) => bytes.StartsWith(VhdxFormat.HeaderSignature) && VhdxChecksum.IsRight(bytes);

    private static byte[] ReadCopy(DiskContent file, long offset)
    {
        if (file.Length < VhdxFormat.HeaderSectionSize)
        {
            throw DiskFormatException.Truncated(VhdxFormat.FileStructure, file.Length, $"the file has {file.Length} bytes, its headers alone have {VhdxFormat.HeaderSectionSize}");
        }

        byte[] bytes = new byte[VhdxFormat.HeaderSize];
        file.Read(offset, bytes);
        return bytes;
    }
}
