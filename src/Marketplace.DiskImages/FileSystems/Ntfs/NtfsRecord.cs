using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>An MFT record in use: FILE_RECORD_SEGMENT_HEADER and its attributes.</summary>
internal sealed class NtfsRecord
{
    private const int HeaderSize = 0x2A;
    private const int NumberOffset = 0x2C;
    private const int HeaderSizeWithNumber = 0x30;
    private const int MaxAttributes = 512;
    private const ushort InUse = 1;
    private const ushort Directory = 2;

    private NtfsRecord(uint number, long position, NtfsAttribute[] attributes)
    {
        Number = number;
        Position = position;
        Attributes = attributes;
    }

    public uint Number { get; }

    /// <summary>Offset in bytes within the volume.</summary>
    public long Position { get; }

    public ushort SequenceNumber { get; private init; }

    /// <summary>Hard links, DOS names counted like the others.</summary>
    public ushort LinkCount { get; private init; }

    public bool IsDirectory { get; private init; }

    /// <summary>The record this one belongs to; 0 when it is a base record itself.</summary>
    public ulong BaseReference { get; private init; }

    /// <summary>The attributes in the order of the record.</summary>
    public NtfsAttribute[] Attributes { get; }

    /// <summary>The name of the structure in messages.</summary>
    public string Structure => StructureOf(Number);

    /// <summary>The name of a record in messages.</summary>
    public static string StructureOf(uint number) => $"NTFS MFT record {number}";

    /// <summary>Parses a record and undoes its fixups.</summary>
    /// <param name="raw">The record, which is changed in place and kept.</param>
    /// <param name="number">Its number.</param>
    /// <param name="position">Its offset in bytes within the volume.</param>
    /// <exception cref="DiskFormatException">The record is damaged or not in use.</exception>
    public static NtfsRecord Parse(byte[] raw, uint number, long position)
    {
        string structure = StructureOf(number);
        if (!raw.AsSpan().StartsWith("FILE"u8))
        {
            throw DiskFormatException.Corrupt(structure, position, raw.AsSpan().StartsWith("BAAD"u8)
                ? "Windows has marked the record as incompletely written (BAAD)"
                : $"the signature is 0x{BinaryPrimitives.ReadUInt32BigEndian(raw):X8}, expected FILE");
        }

        NtfsFixup.Apply(raw, structure, position);
        ReadOnlySpan<byte> header = raw;
        ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(header[0x16..]);
        if ((flags & InUse) == 0)
        {
            throw DiskFormatException.Corrupt(structure, position + 0x16, "the record is not in use");
        }

        bool hasNumber = BinaryPrimitives.ReadUInt16LittleEndian(header[0x04..]) >= HeaderSizeWithNumber;
        if (hasNumber && BinaryPrimitives.ReadUInt32LittleEndian(header[NumberOffset..]) != number)
        {
            throw DiskFormatException.Corrupt(structure, position + NumberOffset, $"the record says that its number is {BinaryPrimitives.ReadUInt32LittleEndian(header[NumberOffset..])}");
        }

        int first = BinaryPrimitives.ReadUInt16LittleEndian(header[0x14..]);
        uint used = BinaryPrimitives.ReadUInt32LittleEndian(header[0x18..]);
        if (first % 8 != 0 || first < HeaderSize || used > raw.Length || first > used || BinaryPrimitives.ReadUInt32LittleEndian(header[0x1C..]) > raw.Length)
        {
            throw DiskFormatException.Corrupt(structure, position + 0x14, $"the attributes begin at {first}, {used} of {raw.Length} bytes are in use");
        }

        return new NtfsRecord(number, position, ParseAttributes(raw.AsMemory(0, (int)used), first, number, position))
        {
            SequenceNumber = BinaryPrimitives.ReadUInt16LittleEndian(header[0x10..]),
            LinkCount = BinaryPrimitives.ReadUInt16LittleEndian(header[0x12..]),
            IsDirectory = (flags & Directory) != 0,
            BaseReference = BinaryPrimitives.ReadUInt64LittleEndian(header[0x20..]),
        };
    }

    private static NtfsAttribute[] ParseAttributes(ReadOnlyMemory<byte> record, int offset, uint number, long position)
    {
        List<NtfsAttribute> attributes = [];
        while (record.Length - offset >= sizeof(uint) && attributes.Count < MaxAttributes)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(record.Span[offset..]) == NtfsFormat.EndOfAttributes)
            {
                return [.. attributes];
            }

            attributes.Add(NtfsAttribute.Parse(record[offset..], number, position + offset, out int length));
            offset += length;
        }

        throw DiskFormatException.Corrupt(StructureOf(number), position + offset, "the list of attributes does not end inside the record");
    }
}
