using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>A range of a file and where its bytes are: struct btrfs_file_extent_item.</summary>
internal readonly struct BtrfsFileExtent
{
    internal const string DataStructure = "Btrfs file data";

    /// <summary>Bytes before the data of an inline extent.</summary>
    private const int InlineHeaderSize = 21;

    private const int RegularSize = 53;

    private BtrfsFileExtent(BtrfsItem item, BtrfsExtentType type, BtrfsCompression compression, long start, long length)
    {
        Item = item;
        Type = type;
        Compression = compression;
        Start = start;
        Length = length;
    }

    public BtrfsItem Item { get; }

    public BtrfsExtentType Type { get; }

    public BtrfsCompression Compression { get; }

    /// <summary>First byte of the file.</summary>
    public long Start { get; }

    /// <summary>Bytes of the file that it covers; of an inline extent all of the sector it begins.</summary>
    public long Length { get; }

    /// <summary>The byte of the file after the last one.</summary>
    public long End => Start + Length;

    /// <summary>ram_bytes: bytes of the whole extent before compression.</summary>
    public long RamBytes { get; private init; }

    /// <summary>disk_bytenr: logical address of the extent; 0 for a hole.</summary>
    public ulong DiskAddress { get; private init; }

    /// <summary>disk_num_bytes: bytes of the extent on disk.</summary>
    public long DiskBytes { get; private init; }

    /// <summary>offset: where in the extent, before compression, the range begins; a rewritten file keeps parts of its old extents.</summary>
    public long Offset { get; private init; }

    /// <summary>Whether the range reads as zeros.</summary>
    public bool IsZeros => Type == BtrfsExtentType.Preallocated || (Type == BtrfsExtentType.Regular && DiskAddress == 0);

    /// <summary>The bytes of an inline extent as they are stored.</summary>
    public ReadOnlySpan<byte> InlineData => Item.Data[InlineHeaderSize..];

    /// <summary>Parses an extent and checks that its parts lie in each other.</summary>
    /// <param name="item">An item of type EXTENT_DATA.</param>
    /// <param name="sectorSize">Bytes of a sector.</param>
    /// <exception cref="DiskFormatException">The extent is damaged.</exception>
    public static BtrfsFileExtent Parse(BtrfsItem item, int sectorSize)
    {
        // generation u64, ram_bytes u64, compression u8, encryption u8, other_encoding u16, type u8.
        ReadOnlySpan<byte> raw = item.Data;
        ulong start = item.Key.Offset;
        if (raw.Length < InlineHeaderSize || start > long.MaxValue || start % (uint)sectorSize != 0)
        {
            throw Corrupt(item, $"the extent at byte {start} has {raw.Length} bytes");
        }

        BtrfsCompression compression = (BtrfsCompression)raw[16];
        if (raw[20] > (byte)BtrfsExtentType.Preallocated)
        {
            throw Corrupt(item, $"type is {raw[20]}");
        }

        if (compression > BtrfsCompression.Zstd || raw[17] != 0 || raw[18] != 0 || raw[19] != 0)
        {
            throw DiskFormatException.Unsupported(StructureOf(item), item.Position, $"compression is {raw[16]}, encryption {raw[17]}, other_encoding {raw[18] | (raw[19] << 8)}; compression 0 to 3 is known, encryption is not");
        }

        ulong ramBytes = U64(raw, 8);
        return (BtrfsExtentType)raw[20] == BtrfsExtentType.Inline
            ? ParseInline(item, compression, ramBytes, sectorSize)
            : ParseRegular(item, (BtrfsExtentType)raw[20], compression, ramBytes, sectorSize);
    }

    private static BtrfsFileExtent ParseInline(BtrfsItem item, BtrfsCompression compression, ulong ramBytes, int sectorSize)
    {
        int stored = item.Data.Length - InlineHeaderSize;
        if (item.Key.Offset != 0 || ramBytes > (ulong)sectorSize || (compression == BtrfsCompression.None && ramBytes != (ulong)stored))
        {
            throw Corrupt(item, $"inline at byte {item.Key.Offset}, ram_bytes is {ramBytes} and {stored} bytes are stored");
        }

        return new BtrfsFileExtent(item, BtrfsExtentType.Inline, compression, 0, sectorSize) { RamBytes = (long)ramBytes };
    }

    // disk_bytenr u64 at 21, disk_num_bytes u64, offset u64, num_bytes u64.
    private static BtrfsFileExtent ParseRegular(BtrfsItem item, BtrfsExtentType type, BtrfsCompression compression, ulong ramBytes, int sectorSize)
    {
        ReadOnlySpan<byte> raw = item.Data;
        if (raw.Length != RegularSize)
        {
            throw Corrupt(item, $"the extent has {raw.Length} bytes, expected {RegularSize}");
        }

        (ulong address, ulong diskBytes, ulong offset, ulong length) = (U64(raw, 21), U64(raw, 29), U64(raw, 37), U64(raw, 45));
        ulong whole = compression == BtrfsCompression.None ? diskBytes : ramBytes;
        bool isHole = address == 0;
        if (length == 0 || length > long.MaxValue - item.Key.Offset || ((address | diskBytes | offset | length) & (uint)(sectorSize - 1)) != 0
            || (!isHole && (diskBytes > long.MaxValue || offset > whole || length > whole - offset)))
        {
            throw Corrupt(item, $"disk_bytenr is {address}, disk_num_bytes {diskBytes}, offset {offset}, num_bytes {length}, ram_bytes {ramBytes}");
        }

        if (compression != BtrfsCompression.None && !isHole && (type != BtrfsExtentType.Regular || ramBytes > BtrfsFormat.MaxCompressedExtent || diskBytes > BtrfsFormat.MaxCompressedExtent))
        {
            throw Corrupt(item, $"compressed, disk_num_bytes is {diskBytes} and ram_bytes {ramBytes}, at most {BtrfsFormat.MaxCompressedExtent} is allowed");
        }

        return new BtrfsFileExtent(item, type, compression, (long)item.Key.Offset, (long)length)
        {
            RamBytes = (long)ramBytes,
            DiskAddress = address,
            DiskBytes = (long)diskBytes,
            Offset = (long)offset,
        };
    }

    private static string StructureOf(BtrfsItem item) => $"Btrfs file extent of inode {item.Key.ObjectId}";

    private static DiskFormatException Corrupt(BtrfsItem item, string detail) => DiskFormatException.Corrupt(StructureOf(item), item.Position, detail);

    private static ulong U64(ReadOnlySpan<byte> raw, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(raw[offset..]);
}
