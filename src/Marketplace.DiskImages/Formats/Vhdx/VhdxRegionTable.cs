using System.Buffers.Binary;
using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Formats.Vhdx;

/// <summary>Where the block allocation table and the metadata are.</summary>
/// <param name="Table">The region of the block allocation table.</param>
/// <param name="Metadata">The region of the metadata.</param>
internal sealed record VhdxRegionTable(Extent Table, Extent Metadata)
{
    private const int HeaderSize = 16;
    private const int EntrySize = 32;

    /// <summary>Reads the first sound copy.</summary>
    /// <param name="file">The bytes of the file, its log replayed.</param>
    /// <exception cref="DiskFormatException">Neither copy is sound, or a region is unknown or misplaced.</exception>
    public static VhdxRegionTable Read(DiskContent file)
    {
        byte[] bytes = new byte[VhdxFormat.RegionTableSize];
        foreach (int offset in (ReadOnlySpan<int>)[VhdxFormat.RegionTable1Offset, VhdxFormat.RegionTable2Offset])
        {
            file.Read(offset, bytes);
            if (bytes.AsSpan().StartsWith(VhdxFormat.RegionTableSignature) && VhdxChecksum.IsRight(bytes))
            {
                return Parse(bytes, offset, file.Length);
            }
        }

        throw DiskFormatException.Corrupt(VhdxFormat.RegionTableStructure, VhdxFormat.RegionTable1Offset, "neither copy has its signature and its checksum");
    }

    /// <summary>Reads a region table whose checksum was verified.</summary>
    /// <param name="bytes">64 KiB.</param>
    /// <param name="offset">Where it stands, for messages.</param>
    /// <param name="fileLength">Length of the file in bytes.</param>
    public static VhdxRegionTable Parse(ReadOnlySpan<byte> bytes, long offset, long fileLength)
    {
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]); // EntryCount
        if (count > VhdxFormat.MaxRegions)
        {
            throw Corrupt(offset + 8, $"{count} regions, {VhdxFormat.MaxRegions} are the most");
        }

        Extent? table = null;
        Extent? metadata = null;
        for (int i = 0; i < count; i++)
        {
            long at = offset + HeaderSize + (i * EntrySize);
            ReadOnlySpan<byte> entry = bytes.Slice(HeaderSize + (i * EntrySize), EntrySize);
            Guid id = new(entry[..16]); // Guid
            bool required = (BinaryPrimitives.ReadUInt32LittleEndian(entry[28..]) & 1) != 0; // Required
            if (id == VhdxFormat.TableRegion)
            {
                table = ReadRegion(entry, at, table, fileLength);
            }
            else if (id == VhdxFormat.MetadataRegion)
            {
                metadata = ReadRegion(entry, at, metadata, fileLength);
            }
            else if (required)
            {
                throw DiskFormatException.Unsupported(VhdxFormat.RegionTableStructure, at, $"the unknown region {id}, which is required");
            }
        }

        if (table is not { } tableRegion || metadata is not { } metadataRegion)
        {
            throw Corrupt(offset, $"the region of the {(table is null ? "block allocation table" : "metadata")} is missing");
        }

        return tableRegion.Offset < metadataRegion.End && metadataRegion.Offset < tableRegion.End
            ? throw Corrupt(offset, "the regions lie over each other")
            : new VhdxRegionTable(tableRegion, metadataRegion);
    }

    private static Extent ReadRegion(ReadOnlySpan<byte> entry, long at, Extent? earlier, long fileLength)
    {
        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]); // FileOffset
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(entry[24..]); // Length
        if (earlier is not null)
        {
            throw Corrupt(at, "a region is there twice");
        }

        if (offset < VhdxFormat.HeaderSectionSize || offset % VhdxFormat.MiB != 0 || length == 0 || length % VhdxFormat.MiB != 0)
        {
            throw Corrupt(at, $"a region of {length} bytes at byte {offset}, which are not whole MiB after the headers");
        }

        return offset > (ulong)fileLength || length > fileLength - (long)offset
            ? throw DiskFormatException.Truncated(VhdxFormat.RegionTableStructure, at, $"a region of {length} bytes at byte {offset}, the file has {fileLength} bytes")
            : new Extent((long)offset, length);
    }

    private static DiskFormatException Corrupt(long offset, string detail) => DiskFormatException.Corrupt(VhdxFormat.RegionTableStructure, offset, detail);
}
