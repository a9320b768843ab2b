using System.Buffers.Binary;
using System.Numerics;
using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Formats.Vhdx;

/// <summary>What the metadata tells about the disk.</summary>
internal sealed record VhdxMetadata
{
    private const int HeaderSize = 32;
    private const int EntrySize = 32;
    private const uint IsRequired = 4;

    /// <summary>Bytes of a payload block; a power of two.</summary>
    public required uint BlockSize { get; init; }

    /// <summary>Virtual size in bytes, whole sectors.</summary>
    public required long DiskSize { get; init; }

    /// <summary>Bytes of a logical sector: 512 or 4096.</summary>
    public required uint SectorSize { get; init; }

    /// <summary>The parent of a differencing disk; null when the disk stands alone.</summary>
    public required VhdxParentLocator? Parent { get; init; }

    /// <summary>Payload blocks that one sector bitmap block describes.</summary>
    public long ChunkRatio => VhdxFormat.SectorsPerBitmapBlock * SectorSize / BlockSize;

    /// <summary>Reads the metadata region.</summary>
    /// <param name="file">The bytes of the file, its log replayed.</param>
    /// <param name="region">The region, inside the file.</param>
    /// <exception cref="DiskFormatException">It is damaged, or an item that is required is unknown.</exception>
    public static VhdxMetadata Read(DiskContent file, Extent region)
    {
        if (region.Length > VhdxFormat.MaxMetadataRegion)
        {
            throw DiskFormatException.Unsupported(VhdxFormat.MetadataStructure, region.Offset, $"a region of {region.Length} bytes, at most {VhdxFormat.MaxMetadataRegion} are read");
        }

        byte[] table = new byte[VhdxFormat.MetadataTableSize];
        file.Read(region.Offset, table);
        Dictionary<Guid, byte[]> items = ReadItems(file, region, table);
        (uint blockSize, bool hasParent) = ReadFileParameters(Require(items, VhdxFormat.FileParametersItem, 8, VhdxFormat.FileParametersStructure, region), region);
        uint sectorSize = BinaryPrimitives.ReadUInt32LittleEndian(Require(items, VhdxFormat.LogicalSectorSizeItem, 4, VhdxFormat.SectorSizeStructure, region));
        if (sectorSize is not (512 or 4096))
        {
            throw DiskFormatException.Corrupt(VhdxFormat.SectorSizeStructure, region.Offset, $"sectors of {sectorSize} bytes");
        }

        ulong size = BinaryPrimitives.ReadUInt64LittleEndian(Require(items, VhdxFormat.DiskSizeItem, 8, VhdxFormat.DiskSizeStructure, region));
        if (size == 0 || size % sectorSize != 0 || size > (ulong)VhdxFormat.MaxDiskSize)
        {
            throw DiskFormatException.Corrupt(VhdxFormat.DiskSizeStructure, region.Offset, $"{size} bytes in sectors of {sectorSize}, {VhdxFormat.MaxDiskSize} are the most");
        }

        return new VhdxMetadata
        {
            BlockSize = blockSize,
            DiskSize = (long)size,
            SectorSize = sectorSize,
            Parent = hasParent ? VhdxParentLocator.Parse(Require(items, VhdxFormat.ParentLocatorItem, VhdxParentLocator.HeaderSize, VhdxFormat.LocatorStructure, region)) : null,
        };
    }

    private static Dictionary<Guid, byte[]> ReadItems(DiskContent file, Extent region, ReadOnlySpan<byte> table)
    {
        if (!table.StartsWith(VhdxFormat.MetadataSignature))
        {
            throw DiskFormatException.Corrupt(VhdxFormat.MetadataStructure, region.Offset, "the signature 'metadata' is missing");
        }

        ushort count = BinaryPrimitives.ReadUInt16LittleEndian(table[10..]); // EntryCount
        if (count > VhdxFormat.MaxMetadataItems)
        {
            throw DiskFormatException.Corrupt(VhdxFormat.MetadataStructure, region.Offset + 10, $"{count} items, {VhdxFormat.MaxMetadataItems} are the most");
        }

        Dictionary<Guid, byte[]> items = [];
        for (int i = 0; i < count; i++)
        {
            long at = region.Offset + HeaderSize + (i * EntrySize);
            ReadOnlySpan<byte> entry = table.Slice(HeaderSize + (i * EntrySize), EntrySize);
            Guid id = new(entry[..16]); // ItemId
            uint flags = BinaryPrimitives.ReadUInt32LittleEndian(entry[24..]); // IsUser, IsVirtualDisk, IsRequired
            if (!IsKnown(id))
            {
                if ((flags & IsRequired) != 0)
                {
                    throw DiskFormatException.Unsupported(VhdxFormat.MetadataStructure, at, $"the unknown item {id}, which is required");
                }

                continue;
            }

            uint offset = BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]); // Offset
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(entry[20..]); // Length
            if (length > VhdxFormat.MaxMetadataItem || offset < VhdxFormat.MetadataTableSize || offset + (long)length > region.Length)
            {
                throw DiskFormatException.Corrupt(VhdxFormat.MetadataStructure, at, $"an item of {length} bytes at byte {offset} of the region of {region.Length} bytes");
            }

            byte[] item = new byte[length];
            file.Read(region.Offset + offset, item);
            if (!items.TryAdd(id, item))
            {
                throw DiskFormatException.Corrupt(VhdxFormat.MetadataStructure, at, $"the item {id} is there twice");
            }
        }

        return items;
    }

    private static bool IsKnown(Guid id) =>
        id == VhdxFormat.FileParametersItem || id == VhdxFormat.DiskSizeItem || id == VhdxFormat.LogicalSectorSizeItem
        || id == VhdxFormat.ParentLocatorItem || id == VhdxFormat.DiskIdItem || id == VhdxFormat.PhysicalSectorSizeItem;

    private static byte[] Require(Dictionary<Guid, byte[]> items, Guid id, int length, string structure, Extent region) =>
        !items.TryGetValue(id, out byte[]? item) ? throw DiskFormatException.Corrupt(structure, region.Offset, "the item is missing")
        : item.Length < length ? throw DiskFormatException.Corrupt(structure, region.Offset, $"the item has {item.Length} bytes, {length} are needed")
        : item;

    private static (uint BlockSize, bool HasParent) ReadFileParameters(ReadOnlySpan<byte> item, Extent region)
    {
        uint blockSize = BinaryPrimitives.ReadUInt32LittleEndian(item);
        return !BitOperations.IsPow2(blockSize) || blockSize is < VhdxFormat.MinBlockSize or > VhdxFormat.MaxBlockSize
            ? throw DiskFormatException.Corrupt(VhdxFormat.FileParametersStructure, region.Offset, $"the block size is {blockSize}, not a power of two from 1 to 256 MiB")
            : (blockSize, (BinaryPrimitives.ReadUInt32LittleEndian(item[4..]) & 2) != 0);
    }
}
