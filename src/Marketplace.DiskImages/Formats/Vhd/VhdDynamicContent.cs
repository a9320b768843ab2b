using System.Buffers.Binary;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Formats.Mapping;

namespace Marketplace.DiskImages.Formats.Vhd;

/// <summary>
/// A dynamic or differencing disk. A block is its sector bitmap, then its data; a sector whose bit is clear is zero in a
/// dynamic disk and the parent's in a differencing one.
/// </summary>
internal sealed class VhdDynamicContent : MappedContent
{
    private const int EntrySize = 4;

    /// <summary>A bitmap mostly has 512 bytes, and the data of its block follow it.</summary>
    private const int BitmapPageSize = 4096;

    private readonly VhdDynamicHeader _header;
    private readonly TablePages _tables;
    private readonly TablePages _bitmaps;
    private readonly long _table;
    private readonly long _bitmapSize;

    private VhdDynamicContent(DiskContent file, VhdFooter footer, VhdDynamicHeader header, DiskContent? parent)
        : base(file, footer.CurrentSize, parent)
    {
        _header = header;
        _tables = new TablePages(file);
        _bitmaps = new TablePages(file, BitmapPageSize);
        _table = (long)header.TableOffset;
        _bitmapSize = BitmapSize(header);
    }

    /// <summary>Opens a disk whose table and blocks all lie inside the file.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="end">Where its blocks must have ended: the offset of the footer, or the end of the file when the footer is missing.</param>
    /// <param name="footer">Its footer or the copy of it, known to be right.</param>
    /// <param name="header">Its header.</param>
    /// <param name="parent">The parent of a differencing disk.</param>
    /// <exception cref="DiskFormatException">The table is damaged, or the file is cut.</exception>
    public static VhdDynamicContent Open(DiskContent file, long end, VhdFooter footer, VhdDynamicHeader header, DiskContent? parent)
    {
        long needed = (footer.CurrentSize / header.BlockSize) + (footer.CurrentSize % header.BlockSize == 0 ? 0 : 1);
        if (footer.CurrentSize <= 0 || header.MaxTableEntries < needed)
        {
            throw DiskFormatException.Corrupt(VhdFormat.DynamicHeaderStructure, VhdFormat.MaxTableEntriesOffset, $"{header.MaxTableEntries} blocks of {header.BlockSize} bytes do not hold the disk of {footer.CurrentSize} bytes");
        }

        if (needed > VhdFormat.MaxTableEntries)
        {
            throw DiskFormatException.Unsupported(VhdFormat.DynamicHeaderStructure, VhdFormat.MaxTableEntriesOffset, $"a disk of {needed} blocks, at most {VhdFormat.MaxTableEntries} are read");
        }

        if (header.TableOffset % VhdFormat.SectorSize != 0)
        {
            throw DiskFormatException.Corrupt(VhdFormat.DynamicHeaderStructure, VhdFormat.TableOffsetOffset, $"the table begins at byte {header.TableOffset}, not at a sector");
        }

        if (header.TableOffset > (ulong)file.Length || needed * EntrySize > file.Length - (long)header.TableOffset)
        {
            throw DiskFormatException.Truncated(VhdFormat.TableStructure, (long)Math.Min(header.TableOffset, long.MaxValue), $"{needed} entries, the file has {file.Length} bytes");
        }

        CheckBlocks(file, end, footer, header, (int)needed);
        return new VhdDynamicContent(file, footer, header, parent);
    }

    protected override MappedRun Map(long offset, long limit)
    {
        long within = offset % _header.BlockSize;
        uint sector = BinaryPrimitives.ReadUInt32BigEndian(_tables.Read(_table + (offset / _header.BlockSize * EntrySize), EntrySize));
        long length = Math.Min(_header.BlockSize - within, limit);
        if (sector == VhdFormat.UnusedEntry)
        {
            return new MappedRun(Absent, length);
        }

        long block = sector * (long)VhdFormat.SectorSize;
        long bit = within / VhdFormat.SectorSize;
        long bits = _header.BlockSize / VhdFormat.SectorSize;
        ReadOnlySpan<byte> bitmap = _bitmaps.Read(block + (bit / 8), ((bits + 7) / 8) - (bit / 8));
        (bool present, long count) = SectorBitmap.Run(bitmap, bit % 8, mostSignificantFirst: true);
        length = Math.Min((count * VhdFormat.SectorSize) - (within % VhdFormat.SectorSize), length);
        return present ? new MappedRun(MappedSource.File, length, block + _bitmapSize + within) : new MappedRun(Absent, length);
    }

    /// <summary>One bit for each sector, filled up to whole sectors.</summary>
    private static long BitmapSize(VhdDynamicHeader header)
    {
        const int BitsPerSector = VhdFormat.SectorSize * 8;
        long sectors = header.BlockSize / VhdFormat.SectorSize;
        return (sectors + BitsPerSector - 1) / BitsPerSector * VhdFormat.SectorSize;
    }

    // Every block once, as the table is read piece by piece; only where blocks begin is kept, and only while checking.
    private static void CheckBlocks(DiskContent file, long end, VhdFooter footer, VhdDynamicHeader header, int count)
    {
        long blockLength = BitmapSize(header) + header.BlockSize;
        BlockPlaces places = new(count, blockLength / VhdFormat.SectorSize, end / VhdFormat.SectorSize);
        byte[] piece = new byte[(int)Math.Min(TablePages.PageSize, (long)count * EntrySize)];
        for (int first = 0; first < count; first += piece.Length / EntrySize)
        {
            Span<byte> entries = piece.AsSpan(0, Math.Min(piece.Length, (count - first) * EntrySize));
            file.Read((long)header.TableOffset + ((long)first * EntrySize), entries);
            for (int i = 0; i < entries.Length; i += EntrySize)
            {
                uint sector = BinaryPrimitives.ReadUInt32BigEndian(entries[i..]);
                if (sector == VhdFormat.UnusedEntry)
                {
                    continue;
                }

                long start = sector * (long)VhdFormat.SectorSize;
                if (start + blockLength > end)
                {
                    throw DiskFormatException.Truncated(VhdFormat.BlockStructure, start, $"block {first + (i / EntrySize)} has {blockLength} bytes, blocks end before byte {end}");
                }

                if (!places.TryAdd(sector))
                {
                    throw Overlap(header, $"the file of {file.Length} bytes cannot hold all blocks the table has");
                }
            }
        }

        if (places.FindOverlap(Sectors(0, VhdFormat.FooterSize), Sectors((long)footer.DataOffset, VhdFormat.DynamicHeaderSize), Sectors((long)header.TableOffset, (long)count * EntrySize)) is { } overlap)
        {
            throw Overlap(header, $"the block at sector {overlap} lies over another block, a header or the table");
        }
    }

    private static (long Start, long End) Sectors(long offset, long length) =>
        (offset / VhdFormat.SectorSize, (offset + length + VhdFormat.SectorSize - 1) / VhdFormat.SectorSize);

    private static DiskFormatException Overlap(VhdDynamicHeader header, string detail) => DiskFormatException.Corrupt(VhdFormat.TableStructure, (long)header.TableOffset, detail);
}
