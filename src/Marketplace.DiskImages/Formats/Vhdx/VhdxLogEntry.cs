using System.Buffers.Binary;

namespace Marketplace.DiskImages.Formats.Vhdx;

/// <summary>The header of a log entry: 64 bytes, followed by descriptors and, from the next sector of 4 KiB on, by data sectors.</summary>
/// <param name="Position">Where the entry begins, from the start of the log.</param>
/// <param name="Length">EntryLength in bytes, whole sectors.</param>
/// <param name="Tail">Tail: where the sequence begins that ends with this entry, from the start of the log.</param>
/// <param name="SequenceNumber">SequenceNumber.</param>
/// <param name="DescriptorCount">DescriptorCount.</param>
/// <param name="LogGuid">LogGuid.</param>
/// <param name="FlushedFileOffset">FlushedFileOffset: the file had at least this length when the entry was written.</param>
/// <param name="LastFileOffset">LastFileOffset: the length the file has after replay, at least.</param>
internal sealed record VhdxLogEntry(uint Position, uint Length, uint Tail, ulong SequenceNumber, uint DescriptorCount, Guid LogGuid, ulong FlushedFileOffset, ulong LastFileOffset)
{
    public const int HeaderSize = 64;
    public const int DescriptorSize = 32;

    /// <summary>Bytes of the sectors that hold header and descriptors.</summary>
    public long DescriptorBytes => (HeaderSize + (DescriptorCount * (long)DescriptorSize) + VhdxFormat.LogSectorSize - 1) / VhdxFormat.LogSectorSize * VhdxFormat.LogSectorSize;

    /// <summary>Reads a header that may be one; null when the bytes are none that fits the log.</summary>
    /// <param name="bytes">At least 64 bytes.</param>
    /// <param name="position">Where they stand, from the start of the log.</param>
    /// <param name="logLength">Length of the log in bytes.</param>
    public static VhdxLogEntry? TryParse(ReadOnlySpan<byte> bytes, uint position, uint logLength)
    {
        if (!bytes.StartsWith(VhdxFormat.LogEntrySignature))
        {
            return null;
        }

        VhdxLogEntry entry = new(
            position,
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]),
            new Guid(bytes.Slice(32, 16)),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[56..]));
        bool fits = entry.Length > 0 && entry.Length <= logLength && entry.Length % VhdxFormat.LogSectorSize == 0
            && entry.Tail < logLength && entry.Tail % VhdxFormat.LogSectorSize == 0
            && entry.SequenceNumber > 0 && entry.DescriptorBytes <= entry.Length;
        return fits ? entry : null;
    }
}
