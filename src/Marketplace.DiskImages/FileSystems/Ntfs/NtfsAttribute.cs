using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>An attribute of an MFT record, or one extent of it.</summary>
internal sealed class NtfsAttribute
{
    private const int ResidentHeaderSize = 0x18;
    private const int NonResidentHeaderSize = 0x40;
    private const int LengthOffset = 0x04;

    private NtfsAttribute(uint type, string name, ushort flags, ushort id, string structure, long position)
    {
        Type = type;
        Name = name;
        Flags = flags;
        Id = id;
        Structure = structure;
        Position = position;
    }

    public uint Type { get; }

    /// <summary>The name; empty for the usual attributes.</summary>
    public string Name { get; }

    /// <summary>Compressed (method in the low byte), encrypted, sparse.</summary>
    public ushort Flags { get; }

    /// <summary>Number of the attribute within its record.</summary>
    public ushort Id { get; }

    /// <summary>The name of the structure in messages.</summary>
    public string Structure { get; }

    /// <summary>Offset of the header in bytes within the volume.</summary>
    public long Position { get; }

    public bool IsResident { get; private init; }

    /// <summary>The value of a resident attribute.</summary>
    public ReadOnlyMemory<byte> Value { get; private init; }

    /// <summary>First virtual cluster this extent maps.</summary>
    public long LowestVcn { get; private init; }

    /// <summary>Last virtual cluster this extent maps, one less than the first when it maps none.</summary>
    public long HighestVcn { get; private init; }

    /// <summary>Mapping pairs of a non-resident attribute.</summary>
    public ReadOnlyMemory<byte> MappingPairs { get; private init; }

    /// <summary>Exponent of the clusters in a compression unit; 0 when the attribute was never compressed or sparse.</summary>
    public byte CompressionUnit { get; private init; }

    /// <summary>Length of the data in bytes; of a non-resident attribute only the first extent knows it.</summary>
    public long DataSize { get; private init; }

    /// <summary>Bytes from the start that were ever written; the others read as zeros.</summary>
    public long InitializedSize { get; private init; }

    /// <summary>Parses an attribute.</summary>
    /// <param name="record">The rest of the record, up to its used size.</param>
    /// <param name="number">The number of the record, for messages.</param>
    /// <param name="position">Offset of the attribute in bytes within the volume.</param>
    /// <param name="length">Bytes of the attribute.</param>
    /// <exception cref="DiskFormatException">The header is damaged.</exception>
    public static NtfsAttribute Parse(ReadOnlyMemory<byte> record, uint number, long position, out int length)
    {
        ReadOnlySpan<byte> raw = record.Span;
        uint type = BinaryPrimitives.ReadUInt32LittleEndian(raw);
        string structure = $"NTFS attribute 0x{type:X} of record {number}";
        uint size = raw.Length >= ResidentHeaderSize ? BinaryPrimitives.ReadUInt32LittleEndian(raw[LengthOffset..]) : 0;
        bool isResident = raw.Length >= ResidentHeaderSize && raw[0x08] == 0;
        int headerSize = isResident ? ResidentHeaderSize : NonResidentHeaderSize;
        if (size < headerSize || size % 8 != 0 || size > raw.Length)
        {
            throw DiskFormatException.Corrupt(structure, position + LengthOffset, $"the length is {size}, {raw.Length} bytes are left in the record");
        }

        length = (int)size;
        raw = raw[..length];
        int nameLength = raw[0x09] * sizeof(char);
        int nameOffset = BinaryPrimitives.ReadUInt16LittleEndian(raw[0x0A..]);
        if (nameLength > 0 && (nameOffset < headerSize || nameOffset + nameLength > length))
        {
            throw DiskFormatException.Corrupt(structure, position + 0x0A, $"the name of {nameLength} bytes at {nameOffset} is not inside the attribute of {length}");
        }

        string name = nameLength == 0 ? "" : NtfsName.Read(raw.Slice(nameOffset, nameLength));
        ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(raw[0x0C..]);
        ushort id = BinaryPrimitives.ReadUInt16LittleEndian(raw[0x0E..]);
        return isResident
            ? ParseResident(record[..length], type, name, flags, id, structure, position)
            : ParseNonResident(record[..length], type, name, flags, id, structure, position);
    }

    private static NtfsAttribute ParseResident(ReadOnlyMemory<byte> record, uint type, string name, ushort flags, ushort id, string structure, long position)
    {
        ReadOnlySpan<byte> raw = record.Span;
        uint valueLength = BinaryPrimitives.ReadUInt32LittleEndian(raw[0x10..]);
        int valueOffset = BinaryPrimitives.ReadUInt16LittleEndian(raw[0x14..]);
        if (valueLength > raw.Length || valueOffset < ResidentHeaderSize || valueOffset > raw.Length - (int)valueLength)
        {
            throw DiskFormatException.Corrupt(structure, position + 0x10, $"the value of {valueLength} bytes at {valueOffset} is not inside the attribute of {raw.Length}");
        }

        return new NtfsAttribute(type, name, flags, id, structure, position)
        {
            IsResident = true,
            Value = record.Slice(valueOffset, (int)valueLength),
            DataSize = valueLength,
            InitializedSize = valueLength,
        };
    }

    private static NtfsAttribute ParseNonResident(ReadOnlyMemory<byte> record, uint type, string name, ushort flags, ushort id, string structure, long position)
    {
        ReadOnlySpan<byte> raw = record.Span;
        long lowest = BinaryPrimitives.ReadInt64LittleEndian(raw[0x10..]);
        long highest = BinaryPrimitives.ReadInt64LittleEndian(raw[0x18..]);
        int pairs = BinaryPrimitives.ReadUInt16LittleEndian(raw[0x20..]);
        if (lowest < 0 || highest < lowest - 1 || pairs < NonResidentHeaderSize || pairs >= raw.Length)
        {
            throw DiskFormatException.Corrupt(structure, position + 0x10, $"the mapping pairs of clusters {lowest} to {highest} begin at {pairs} of {raw.Length} bytes");
        }

        long allocated = BinaryPrimitives.ReadInt64LittleEndian(raw[0x28..]);
        long dataSize = BinaryPrimitives.ReadInt64LittleEndian(raw[0x30..]);
        long initialized = BinaryPrimitives.ReadInt64LittleEndian(raw[0x38..]);

        // The sizes of later extents are not kept.
        if (lowest == 0 && (dataSize < 0 || initialized < 0 || initialized > dataSize || allocated < dataSize))
        {
            throw DiskFormatException.Corrupt(structure, position + 0x28, $"allocated size is {allocated}, data size {dataSize}, initialized size {initialized}");
        }

        return new NtfsAttribute(type, name, flags, id, structure, position)
        {
            LowestVcn = lowest,
            HighestVcn = highest,
            MappingPairs = record[pairs..],
            CompressionUnit = raw[0x22],
            DataSize = dataSize,
            InitializedSize = initialized,
        };
    }
}
