using System.Buffers.Binary;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Formats.Mapping;

namespace Marketplace.DiskImages.Formats.Vhdx;

/// <summary>Checks the block allocation table once, before anything is read through it: states, places, and that no two things lie over each other.</summary>
internal static class VhdxTableCheck
{
    /// <summary>Reads the whole table piece by piece.</summary>
    /// <param name="file">The bytes of the file, its log replayed.</param>
    /// <param name="header">The header that counts.</param>
    /// <param name="regions">The regions.</param>
    /// <param name="metadata">What the metadata tells.</param>
    /// <exception cref="DiskFormatException">The table is damaged or too large, or the file is cut.</exception>
    public static void Run(DiskContent file, VhdxHeader header, VhdxRegionTable regions, VhdxMetadata metadata)
    {
        bool hasParent = metadata.Parent is not null;
        long ratio = metadata.ChunkRatio;
        long blocks = (metadata.DiskSize + metadata.BlockSize - 1) / metadata.BlockSize;
        long chunks = (blocks + ratio - 1) / ratio;
        long entries = hasParent ? chunks * (ratio + 1) : blocks + ((blocks - 1) / ratio);
        if (entries * VhdxFormat.EntrySize > regions.Table.Length)
        {
            throw Corrupt(regions.Table.Offset, $"{entries} entries are needed, the region has {regions.Table.Length} bytes");
        }

        if (entries > VhdxFormat.MaxTableEntries || file.Length / VhdxFormat.MiB >= uint.MaxValue)
        {
            throw DiskFormatException.Unsupported(VhdxFormat.TableStructure, regions.Table.Offset, $"{entries} entries for a file of {file.Length} bytes, at most {VhdxFormat.MaxTableEntries} are read");
        }

        long end = (file.Length + VhdxFormat.MiB - 1) / VhdxFormat.MiB;
        BlockPlaces payload = new(blocks, metadata.BlockSize / VhdxFormat.MiB, end);
        BlockPlaces bitmaps = new(chunks, 1, end);
        List<(long Start, long End)> reserved = [Range(0, VhdxFormat.HeaderSectionSize), Range((long)Math.Min(header.LogOffset, (ulong)file.Length), header.LogLength), Range(regions.Table.Offset, regions.Table.Length), Range(regions.Metadata.Offset, regions.Metadata.Length)];
        List<(long Start, long End)> bitmapRanges = [];
        bool needsBitmap = false;
        byte[] piece = new byte[Math.Min(TablePages.PageSize, entries * VhdxFormat.EntrySize)];
        for (long index = 0; index < entries; index++)
        {
            int at = (int)(index * VhdxFormat.EntrySize % piece.Length);
            long offset = regions.Table.Offset + (index * VhdxFormat.EntrySize);
            if (at == 0)
            {
                file.Read(offset, piece.AsSpan(0, (int)Math.Min(piece.Length, (entries - index) * VhdxFormat.EntrySize)));
            }

            VhdxEntry entry = new(BinaryPrimitives.ReadUInt64LittleEndian(piece.AsSpan(at)));
            bool isBitmap = index % (ratio + 1) == ratio;
            if (isBitmap)
            {
                bool present = CheckState(entry, offset, hasParent, isBitmap);
                if (needsBitmap && !present)
                {
                    throw Corrupt(offset, "a block of the chunk is partially present, and the chunk has no sector bitmap");
                }

                needsBitmap = false;
                if (present)
                {
                    Add(file, bitmaps, entry, offset, VhdxFormat.BitmapStructure, VhdxFormat.BitmapBlockSize);
                    bitmapRanges.Add(((long)entry.Megabyte, (long)entry.Megabyte + 1));
                }
            }
            else if (CheckState(entry, offset, hasParent, isBitmap))
            {
                needsBitmap |= entry.State == VhdxBlockState.PartiallyPresent;

                // qemu-img ends a file after the last sector of the disk, in the middle of the last block.
                long block = index - (index / (ratio + 1));
                Add(file, payload, entry, offset, VhdxFormat.BlockStructure, Math.Min(metadata.BlockSize, metadata.DiskSize - (block * metadata.BlockSize)));
            }
        }

        if ((bitmaps.FindOverlap([.. reserved]) ?? payload.FindOverlap([.. reserved, .. bitmapRanges])) is { } overlap)
        {
            throw Corrupt(regions.Table.Offset, $"the block at MiB {overlap} lies over another block, a region, the log or the headers");
        }
    }

    /// <summary>Whether the entry has a place in the file.</summary>
    private static bool CheckState(VhdxEntry entry, long offset, bool hasParent, bool isBitmap)
    {
        VhdxBlockState state = entry.State;
        bool isKnown = isBitmap
            ? state is VhdxBlockState.NotPresent or VhdxBlockState.FullyPresent
            : state is not (VhdxBlockState)4 and not (VhdxBlockState)5 && (state != VhdxBlockState.PartiallyPresent || hasParent);
        return isKnown
            ? state is VhdxBlockState.FullyPresent or VhdxBlockState.PartiallyPresent
            : throw Corrupt(offset, $"a {(isBitmap ? "sector bitmap" : "payload")} block of the state {(int)state}");
    }

    private static void Add(DiskContent file, BlockPlaces places, VhdxEntry entry, long offset, string structure, long length)
    {
        if (entry.Megabyte >= (ulong)(file.Length / VhdxFormat.MiB) + 1 || ((long)entry.Megabyte * VhdxFormat.MiB) + length > file.Length)
        {
            throw DiskFormatException.Truncated(structure, offset, $"a block of {length} bytes at MiB {entry.Megabyte}, the file has {file.Length} bytes");
        }

        if (!places.TryAdd((uint)entry.Megabyte))
        {
            throw Corrupt(offset, $"the file of {file.Length} bytes cannot hold all blocks the table has");
        }
    }

    private static (long Start, long End) Range(long offset, long length) => (offset / VhdxFormat.MiB, (offset + length) / VhdxFormat.MiB);

    private static DiskFormatException Corrupt(long offset, string detail) => DiskFormatException.Corrupt(VhdxFormat.TableStructure, offset, detail);
}
