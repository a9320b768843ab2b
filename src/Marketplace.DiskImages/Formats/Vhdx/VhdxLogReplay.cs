using System.Buffers.Binary;
using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Formats.Vhdx;

/// <summary>Replays the log of a file that was not closed, over the file and in memory; the file is not touched.</summary>
internal static class VhdxLogReplay
{
    /// <summary>The file as it is after replay; the file itself when its log is empty.</summary>
    /// <param name="file">The file.</param>
    /// <param name="header">The header that counts.</param>
    /// <exception cref="DiskFormatException">The log is in use and damaged, or the file is shorter than the log says it was.</exception>
    public static DiskContent Apply(ImageFile file, VhdxHeader header)
    {
        if (header.LogGuid == Guid.Empty)
        {
            return file.Content;
        }

        if (header.LogLength is 0 or > VhdxFormat.MaxLogLength)
        {
            throw DiskFormatException.Unsupported(VhdxFormat.LogStructure, -1, $"a log of {header.LogLength} bytes that is in use, at most {VhdxFormat.MaxLogLength} are replayed");
        }

        if (header.LogOffset > (ulong)file.Content.Length || header.LogLength > file.Content.Length - (long)header.LogOffset)
        {
            throw DiskFormatException.Truncated(VhdxFormat.LogStructure, (long)Math.Min(header.LogOffset, long.MaxValue), $"{header.LogLength} bytes, the file has {file.Content.Length}");
        }

        VhdxLogRing ring = new(file.Content, header);
        IReadOnlyList<VhdxLogEntry> sequence = ring.FindActiveSequence();
        VhdxLogEntry head = sequence[^1];
        if (head.FlushedFileOffset > (ulong)file.Content.Length)
        {
            throw DiskFormatException.Truncated(VhdxFormat.LogStructure, ring.FileOffset(head.Position), $"the file had {head.FlushedFileOffset} bytes when the entry was written, now it has {file.Content.Length}");
        }

        if (head.LastFileOffset > (ulong)VhdxFormat.MaxDiskSize * 2)
        {
            throw DiskFormatException.Corrupt(VhdxFormat.LogStructure, ring.FileOffset(head.Position), $"the file would have {head.LastFileOffset} bytes");
        }

        long length = Math.Max(file.Content.Length, (long)head.LastFileOffset);
        List<VhdxLogRecord> records = [];
        foreach (VhdxLogEntry entry in sequence)
        {
            ReadEntry(ring, entry, length, records);
        }

        file.Note($"the VHDX was not closed properly: {sequence.Count} entries of its log were replayed in memory");
        return new VhdxLogOverlay(file.Content, length, records);
    }

    private static void ReadEntry(VhdxLogRing ring, VhdxLogEntry entry, long length, List<VhdxLogRecord> records)
    {
        if (records.Count + entry.DescriptorCount > VhdxFormat.MaxLogRecords)
        {
            throw DiskFormatException.Unsupported(VhdxFormat.LogStructure, ring.FileOffset(entry.Position), $"more than {VhdxFormat.MaxLogRecords} records to replay");
        }

        byte[] descriptors = new byte[entry.DescriptorBytes];
        for (int done = 0; done < descriptors.Length; done += VhdxFormat.LogSectorSize)
        {
            ring.ReadSector(entry.Position + (long)done, descriptors.AsSpan(done, VhdxFormat.LogSectorSize));
        }

        long data = entry.Position + entry.DescriptorBytes;
        for (int i = 0; i < entry.DescriptorCount; i++)
        {
            ReadOnlySpan<byte> descriptor = descriptors.AsSpan(VhdxLogEntry.HeaderSize + (i * VhdxLogEntry.DescriptorSize), VhdxLogEntry.DescriptorSize);
            ulong target = BinaryPrimitives.ReadUInt64LittleEndian(descriptor[16..]); // FileOffset
            bool isZero = descriptor.StartsWith(VhdxFormat.ZeroDescriptorSignature);
            ulong count = isZero ? BinaryPrimitives.ReadUInt64LittleEndian(descriptor[8..]) : VhdxFormat.LogSectorSize; // ZeroLength
            bool isSound = (isZero || descriptor.StartsWith(VhdxFormat.DataDescriptorSignature))
                && BinaryPrimitives.ReadUInt64LittleEndian(descriptor[24..]) == entry.SequenceNumber
                && target % VhdxFormat.LogSectorSize == 0 && count % VhdxFormat.LogSectorSize == 0;
            if (!isSound || target > (ulong)length || count > (ulong)length - target)
            {
                throw DiskFormatException.Corrupt(VhdxFormat.LogStructure, ring.FileOffset(entry.Position), $"descriptor {i} of the entry {entry.SequenceNumber} is damaged");
            }

            if (isZero)
            {
                records.Add(new VhdxLogRecord((long)target, (long)count, -1, 0, 0));
                continue;
            }

            CheckDataSector(ring, entry, data, i);
            records.Add(new VhdxLogRecord(
                (long)target,
                VhdxFormat.LogSectorSize,
                ring.FileOffset(data),
                BinaryPrimitives.ReadUInt64LittleEndian(descriptor[8..]), // LeadingBytes
                BinaryPrimitives.ReadUInt32LittleEndian(descriptor[4..]))); // TrailingBytes
            data += VhdxFormat.LogSectorSize;
        }
    }

    private static void CheckDataSector(VhdxLogRing ring, VhdxLogEntry entry, long data, int number)
    {
        Span<byte> sector = stackalloc byte[VhdxFormat.LogSectorSize];
        bool isInside = data + VhdxFormat.LogSectorSize <= entry.Position + (long)entry.Length;
        if (isInside)
        {
            ring.ReadSector(data, sector);
        }

        if (!isInside || !sector.StartsWith(VhdxFormat.DataSectorSignature)
            || BinaryPrimitives.ReadUInt32LittleEndian(sector[4..]) != (uint)(entry.SequenceNumber >> 32) // SequenceHigh
            || BinaryPrimitives.ReadUInt32LittleEndian(sector[^4..]) != (uint)entry.SequenceNumber) // SequenceLow
        {
            throw DiskFormatException.Corrupt(VhdxFormat.LogStructure, ring.FileOffset(data), $"the data of descriptor {number} of the entry {entry.SequenceNumber} is damaged");
        }
    }
}
