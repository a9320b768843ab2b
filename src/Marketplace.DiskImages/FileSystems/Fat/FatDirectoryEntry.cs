using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Fat;

/// <summary>An entry of 32 bytes that stands for a file or a directory.</summary>
internal sealed record FatDirectoryEntry
{
    /// <summary>Where the entry stands, in bytes from the start of the volume. It never moves while the file system is open.</summary>
    public required long Position { get; init; }

    public required byte Attributes { get; init; }

    public required uint FirstCluster { get; init; }

    public required uint Size { get; init; }

    public required DateTimeOffset Modified { get; init; }

    public required string ShortName { get; init; }

    /// <summary>The long name, or the short one when there is none that belongs to it.</summary>
    public required string Name { get; init; }

    public bool IsDirectory => (Attributes & FatFormat.AttributeDirectory) != 0;

    /// <param name="entry">32 bytes.</param>
    /// <param name="position">Where they stand.</param>
    /// <param name="bits">12, 16 or 32: the upper half of the cluster has another meaning before FAT32.</param>
    /// <param name="longName">The long name that precedes the entry and belongs to it; null when there is none.</param>
    public static FatDirectoryEntry Parse(ReadOnlySpan<byte> entry, long position, int bits, string? longName)
    {
        string shortName = FatName.ReadShort(entry);
        uint high = bits == 32 ? BinaryPrimitives.ReadUInt16LittleEndian(entry[FatFormat.ClusterHighOffset..]) : 0u;
        return new FatDirectoryEntry
        {
            Position = position,
            Attributes = entry[FatFormat.AttributesOffset],
            FirstCluster = (high << 16) | BinaryPrimitives.ReadUInt16LittleEndian(entry[FatFormat.ClusterLowOffset..]),
            Size = BinaryPrimitives.ReadUInt32LittleEndian(entry[FatFormat.FileSizeOffset..]),
            Modified = ReadTime(BinaryPrimitives.ReadUInt16LittleEndian(entry[FatFormat.WriteDateOffset..]), BinaryPrimitives.ReadUInt16LittleEndian(entry[FatFormat.WriteTimeOffset..])),
            ShortName = shortName,
            Name = longName ?? shortName,
        };
    }

    /// <summary>The time an entry notes, taken as UTC; 1980-01-01, where these times begin, when it is no date.</summary>
    private static DateTimeOffset ReadTime(int date, int time)
    {
        int year = 1980 + (date >> 9);
        int month = (date >> 5) & 0xF;
        int day = date & 0x1F;
        int hour = time >> 11;
        int minute = (time >> 5) & 0x3F;
        int second = (time & 0x1F) * 2;
        return month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) && hour < 24 && minute < 60 && second < 60
            ? new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero)
            : new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
