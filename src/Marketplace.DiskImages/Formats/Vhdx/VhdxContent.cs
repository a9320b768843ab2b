using System.Buffers.Binary;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Formats.Mapping;

namespace Marketplace.DiskImages.Formats.Vhdx;

/// <summary>The virtual disk of a VHDX: its payload blocks through the block allocation table.</summary>
/// <param name="file">The bytes of the file, its log replayed.</param>
/// <param name="table">The region of the block allocation table, which was checked.</param>
/// <param name="metadata">What the metadata tells.</param>
/// <param name="parent">The parent of a differencing disk.</param>
internal sealed class VhdxContent(DiskContent file, Extent table, VhdxMetadata metadata, DiskContent? parent) : MappedContent(file, metadata.DiskSize, parent)
{
    private readonly TablePages _tables = new(file);

    protected override MappedRun Map(long offset, long limit)
    {
        long block = offset / metadata.BlockSize;
        long within = offset % metadata.BlockSize;
        long length = Math.Min(metadata.BlockSize - within, limit);
        VhdxEntry entry = Entry(block + (block / metadata.ChunkRatio));
        return entry.State switch
        {
            VhdxBlockState.NotPresent => new MappedRun(Absent, length),
            VhdxBlockState.FullyPresent => new MappedRun(MappedSource.File, length, Place(entry) + within),
            VhdxBlockState.PartiallyPresent => MapSectors(offset, length, Place(entry) + within),
            _ => new MappedRun(MappedSource.Zeros, length),
        };
    }

    // Every chunk has one bitmap block, whose entry follows those of its payload blocks.
    private MappedRun MapSectors(long offset, long length, long position)
    {
        long chunk = offset / metadata.BlockSize / metadata.ChunkRatio;
        VhdxEntry bitmap = Entry((chunk * (metadata.ChunkRatio + 1)) + metadata.ChunkRatio);
        long sector = offset / metadata.SectorSize % VhdxFormat.SectorsPerBitmapBlock;
        long sectors = ((offset % metadata.SectorSize) + length + metadata.SectorSize - 1) / metadata.SectorSize;
        ReadOnlySpan<byte> bits = _tables.Read(Place(bitmap) + (sector / 8), ((sector + sectors + 7) / 8) - (sector / 8));
        (bool present, long count) = SectorBitmap.Run(bits, sector % 8, mostSignificantFirst: false);
        length = Math.Min((count * metadata.SectorSize) - (offset % metadata.SectorSize), length);
        return present ? new MappedRun(MappedSource.File, length, position) : new MappedRun(Absent, length);
    }

    private static long Place(VhdxEntry entry) => (long)entry.Megabyte * VhdxFormat.MiB;

    private VhdxEntry Entry(long index) => new(BinaryPrimitives.ReadUInt64LittleEndian(_tables.Read(table.Offset + (index * VhdxFormat.EntrySize), VhdxFormat.EntrySize)));
}
