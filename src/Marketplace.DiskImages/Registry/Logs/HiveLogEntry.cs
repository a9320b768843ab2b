using System.Buffers.Binary;
using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Registry.Logs;

/// <summary>A page that a log holds for the hive.</summary>
/// <param name="HiveOffset">Where it belongs, from the start of the bins.</param>
/// <param name="Length">Length in bytes, a multiple of 512.</param>
/// <param name="LogOffset">Where it stands in the log.</param>
internal readonly record struct LoggedPage(uint HiveOffset, int Length, long LogOffset);

/// <summary>An entry of a log (<c>HvLE</c>), which Windows writes since 8.1. Both of its hashes are right.</summary>
/// <param name="Size">Size in bytes.</param>
/// <param name="Sequence">Sequence number.</param>
/// <param name="BinsSize">Size of the bins in bytes once the entry is applied.</param>
/// <param name="Pages">Its pages.</param>
internal sealed record HiveLogEntry(int Size, uint Sequence, uint BinsSize, IReadOnlyList<LoggedPage> Pages)
{
    /// <summary>Reads the entry at an offset; null when there is none, or one that was not written to its end.</summary>
    /// <exception cref="DiskFormatException">The hashes are right and the pages are nonsense.</exception>
    public static HiveLogEntry? Read(DiskContent log, long offset)
    {
        if (log.Length - offset < HiveLogFormat.EntryHeaderSize)
        {
            return null;
        }

        byte[] header = new byte[HiveLogFormat.EntryHeaderSize];
        log.Read(offset, header);
        uint size = U32(header, HiveLogFormat.EntrySizeOffset);
        if (!header.AsSpan().StartsWith(HiveLogFormat.EntrySignature) || size == 0 || size % HiveLogFormat.SectorSize != 0 || size > log.Length - offset)
        {
            return null;
        }

        if (Marvin32.Hash(header.AsSpan(0, HiveLogFormat.EntryHash2Length)) != U64(header, HiveLogFormat.EntryHash2Offset) ||
            HashBody(log, offset + HiveLogFormat.EntryHeaderSize, (int)size - HiveLogFormat.EntryHeaderSize) != U64(header, HiveLogFormat.EntryHash1Offset))
        {
            return null;
        }

        uint binsSize = U32(header, HiveLogFormat.EntryBinsSizeOffset);
        return binsSize == 0 || binsSize % RegistryFormat.BinAlignment != 0
            ? null
            : new HiveLogEntry((int)size, U32(header, HiveLogFormat.EntrySequenceOffset), binsSize, ReadPages(log, offset, (int)size, binsSize, U32(header, HiveLogFormat.EntryPageCountOffset)));
    }

    private static List<LoggedPage> ReadPages(DiskContent log, long offset, int size, uint binsSize, uint count)
    {
        if (count > (size - HiveLogFormat.EntryHeaderSize) / HiveLogFormat.PageReferenceSize)
        {
            throw DiskFormatException.Corrupt(HiveLogFormat.EntryStructure, offset + HiveLogFormat.EntryPageCountOffset, $"{count} pages do not fit in {size} bytes");
        }

        byte[] references = new byte[(int)count * HiveLogFormat.PageReferenceSize];
        log.Read(offset + HiveLogFormat.EntryHeaderSize, references);
        List<LoggedPage> pages = [];
        long next = offset + HiveLogFormat.EntryHeaderSize + references.Length;
        for (int i = 0; i < references.Length; i += HiveLogFormat.PageReferenceSize)
        {
            uint target = U32(references, i);
            uint length = U32(references, i + 4);
            if (length == 0 || length % HiveLogFormat.SectorSize != 0 || target % HiveLogFormat.SectorSize != 0 || length > offset + size - next || (ulong)target + length > binsSize)
            {
                throw DiskFormatException.Corrupt(HiveLogFormat.EntryStructure, offset + HiveLogFormat.EntryHeaderSize + i, $"a page of {length} bytes for offset {target} of {binsSize} bytes of bins");
            }

            pages.Add(new LoggedPage(target, (int)length, next));
            next += length;
        }

        return pages;
    }

    private static ulong HashBody(DiskContent log, long offset, int length)
    {
        Marvin32 hash = new(Marvin32.RegistrySeed);
        byte[] buffer = new byte[Math.Min(length, 64 << 10)];
        while (length > buffer.Length)
        {
            log.Read(offset, buffer);
            hash.Add(buffer);
            offset += buffer.Length;
            length -= buffer.Length;
        }

        Span<byte> last = buffer.AsSpan(0, length);
        log.Read(offset, last);
        hash.Add(last[..(length & ~3)]);
        return hash.Finish(last[(length & ~3)..]);
    }

    private static uint U32(byte[] bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset));

    private static ulong U64(byte[] bytes, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(offset));
}
