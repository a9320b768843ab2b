using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ntfs;

/// <summary>The state of $LogFile as its restart pages tell it. The log itself is not replayed.</summary>
internal static class NtfsLogFile
{
    private const int PageSize = 4096;
    private const int MaxPageSize = 64 * 1024;
    private const int RestartAreaOffset = 0x18;
    private const int RestartAreaSize = 0x30;
    private const ushort NoClient = 0xFFFF;
    private const ushort VolumeIsClean = 2;

    /// <summary>
    /// Why the metadata may be older than the log: changes that were logged and not yet written to their places. Null when the
    /// log was closed, as by a clean shutdown, or emptied.
    /// </summary>
    /// <exception cref="DiskFormatException">The file cannot be read.</exception>
    public static string? FindPendingChanges(NtfsVolume volume)
    {
        NtfsFile file = new(volume, volume.ReadRecord(NtfsFormat.RecordLogFile));
        NtfsStream stream = file.OpenStream(NtfsFormat.Data, "")
            ?? throw DiskFormatException.Corrupt(file.Record.Structure, file.Record.Position, "$LogFile has no $DATA");
        if (stream.Length < 2 * PageSize)
        {
            throw DiskFormatException.Corrupt(stream.Attribute.Structure, stream.Attribute.Position, $"$LogFile has {stream.Length} bytes");
        }

        byte[] first = ReadPage(stream, 0, PageSize);
        if (!first.AsSpan().ContainsAnyExcept((byte)0xFF))
        {
            // Emptied, as by formatting and by ntfs-3g.
            return null;
        }

        uint pageSize = BinaryPrimitives.ReadUInt32LittleEndian(first.AsSpan(0x10));
        (long Lsn, bool IsClean)? newest = ParseRestart(first);
        if (newest is not null && pageSize is >= PageSize and <= MaxPageSize && pageSize % NtfsFormat.FixupStride == 0 && 2 * pageSize <= stream.Length
            && ParseRestart(ReadPage(stream, pageSize, (int)pageSize)) is { } second && second.Lsn > newest.Value.Lsn)
        {
            newest = second;
        }

        return newest switch
        {
            null => "the restart page of $LogFile is damaged, so that it is not known whether the log holds changes",
            { IsClean: false } => "$LogFile was not closed, as by a power cut or a copy of a running machine: changes that are only in the log are not seen",
            _ => null,
        };
    }

    private static byte[] ReadPage(NtfsStream stream, long offset, int size)
    {
        byte[] page = new byte[size];
        stream.Read(offset, page);
        return page;
    }

    /// <summary>Parses RESTART_PAGE_HEADER and RESTART_AREA; null when they are damaged.</summary>
    private static (long Lsn, bool IsClean)? ParseRestart(byte[] page)
    {
        // CHKD is what chkdsk leaves instead of RSTR.
        if (!page.AsSpan().StartsWith("RSTR"u8) && !page.AsSpan().StartsWith("CHKD"u8))
        {
            return null;
        }

        int offset = BinaryPrimitives.ReadUInt16LittleEndian(page.AsSpan(RestartAreaOffset));
        if (offset % 8 != 0 || offset < RestartAreaOffset || offset + RestartAreaSize > NtfsFormat.FixupStride - sizeof(ushort))
        {
            return null;
        }

        ReadOnlySpan<byte> area = page.AsSpan(offset);
        bool isClean = BinaryPrimitives.ReadUInt16LittleEndian(area[0x0C..]) == NoClient || (BinaryPrimitives.ReadUInt16LittleEndian(area[0x0E..]) & VolumeIsClean) != 0;
        return (BinaryPrimitives.ReadInt64LittleEndian(area), isClean);
    }
}
