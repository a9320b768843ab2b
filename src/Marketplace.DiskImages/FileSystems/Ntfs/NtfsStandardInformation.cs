using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>$STANDARD_INFORMATION: times and flags of a file.</summary>
/// <param name="Modified">Time of the last change of the data.</param>
/// <param name="Flags">File attributes as Windows has them.</param>
/// <param name="IsCaseSensitive">Whether case decides in this directory, as WSL and fsutil set it.</param>
internal readonly record struct NtfsStandardInformation(DateTimeOffset Modified, uint Flags, bool IsCaseSensitive)
{
    private const int Size = 0x30;

    /// <exception cref="DiskFormatException">It is missing or too short.</exception>
    public static NtfsStandardInformation Read(NtfsFile file)
    {
        NtfsAttribute attribute = file.Find(NtfsFormat.StandardInformation, "")
            ?? throw DiskFormatException.Corrupt(file.Record.Structure, file.Record.Position, "the file has no $STANDARD_INFORMATION");
        return Parse(attribute.Value.Span, attribute.Structure, attribute.Position);
    }

    /// <param name="raw">The value of the attribute.</param>
    /// <param name="structure">The structure in messages.</param>
    /// <param name="position">Offset of the attribute in bytes within the volume, for messages.</param>
    /// <exception cref="DiskFormatException">It is too short.</exception>
    public static NtfsStandardInformation Parse(ReadOnlySpan<byte> raw, string structure, long position)
    {
        if (raw.Length < Size)
        {
            throw DiskFormatException.Corrupt(structure, position, $"the value has {raw.Length} bytes, expected at least {Size}");
        }

        // The directory is case sensitive when the maximum number of versions is 0 and the version is 1 (libfsntfs).
        bool isCaseSensitive = BinaryPrimitives.ReadUInt32LittleEndian(raw[0x24..]) == 0 && BinaryPrimitives.ReadUInt32LittleEndian(raw[0x28..]) == 1;
        return new NtfsStandardInformation(ToTime(BinaryPrimitives.ReadInt64LittleEndian(raw[0x08..])), BinaryPrimitives.ReadUInt32LittleEndian(raw[0x20..]), isCaseSensitive);
    }

    /// <summary>A FILETIME: 100 ns since 1601. What .NET cannot hold becomes the nearest time it can.</summary>
    private static DateTimeOffset ToTime(long fileTime)
    {
        long epoch = new DateTime(1601, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
        return new DateTimeOffset(Math.Clamp(fileTime, -epoch, DateTime.MaxValue.Ticks - epoch) + epoch, TimeSpan.Zero);
    }
}
