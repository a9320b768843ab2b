using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>A tree block: struct btrfs_header followed by items (level 0) or by pointers to blocks one level below.</summary>
internal sealed class BtrfsBlock
{
    internal const string Structure = "Btrfs tree block";

    private readonly byte[] _data;

    private BtrfsBlock(byte[] data, ulong logical, long position)
    {
        _data = data;
        Logical = logical;
        Position = position;
        Generation = BinaryPrimitives.ReadUInt64LittleEndian(data.AsSpan(0x50));
        Owner = BinaryPrimitives.ReadUInt64LittleEndian(data.AsSpan(0x58));
        Count = (int)BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(0x60));
        Level = data[0x64];
    }

    public ulong Logical { get; }

    /// <summary>Offset in bytes within the volume of the copy that was read.</summary>
    public long Position { get; }

    public ulong Generation { get; }

    /// <summary>objectid of the tree the block was written for; blocks of subvolumes are shared with their snapshots.</summary>
    public ulong Owner { get; }

    /// <summary>Number of items or pointers.</summary>
    public int Count { get; }

    public int Level { get; }

    /// <summary>Parses a block and checks its header, and that all keys ascend and all items lie in it one after the other.</summary>
    /// <param name="data">The nodesize bytes of the block, whose checksum is right. They are kept.</param>
    /// <param name="logical">The address it was read from.</param>
    /// <param name="position">Offset in bytes within the volume.</param>
    /// <param name="superblock">The superblock.</param>
    /// <exception cref="DiskFormatException">The block is damaged or another one than expected.</exception>
    public static BtrfsBlock Parse(byte[] data, ulong logical, long position, BtrfsSuperblock superblock)
    {
        ulong bytenr = BinaryPrimitives.ReadUInt64LittleEndian(data.AsSpan(0x30));
        Guid fsid = new(data.AsSpan(0x20, 16), bigEndian: true);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(0x60));
        int entrySize = data[0x64] == 0 ? BtrfsFormat.ItemSize : BtrfsFormat.PointerSize;
        if (bytenr != logical || fsid != superblock.MetadataUuid || data[0x64] > BtrfsFormat.MaxLevel
            || count > (data.Length - BtrfsFormat.HeaderSize) / entrySize || (count == 0 && data[0x64] > 0))
        {
            throw Corrupt(position, $"bytenr is {bytenr}, expected {logical}; fsid is {fsid}, expected {superblock.MetadataUuid}; level is {data[0x64]} and nritems {count}");
        }

        BtrfsBlock block = new(data, logical, position);
        block.CheckOrder();
        if (block.Level == 0)
        {
            block.CheckItems();
        }
        else
        {
            block.CheckPointers(superblock.SectorSize);
        }

        return block;
    }

    /// <summary>Key of an item or a pointer.</summary>
    public BtrfsKey Key(int index) => BtrfsKey.Parse(_data.AsSpan(EntryOffset(index)));

    /// <summary>Address and generation of the block below a pointer.</summary>
    public (ulong Logical, ulong Generation) Pointer(int index)
    {
        ReadOnlySpan<byte> pointer = _data.AsSpan(EntryOffset(index) + BtrfsFormat.KeySize);
        return (BinaryPrimitives.ReadUInt64LittleEndian(pointer), BinaryPrimitives.ReadUInt64LittleEndian(pointer[8..]));
    }

    /// <summary>The bytes of an item of a leaf.</summary>
    public ReadOnlySpan<byte> ItemData(int index) => _data.AsSpan(ItemOffset(index), ItemLength(index));

    /// <summary>Offset in bytes within the volume of the bytes of an item.</summary>
    public long ItemPosition(int index) => Position + ItemOffset(index);

    /// <summary>The last entry whose key is not above the key; -1 when all are.</summary>
    public int FindLast(BtrfsKey key)
    {
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Key(middle) <= key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    private int EntryOffset(int index) => BtrfsFormat.HeaderSize + (index * (Level == 0 ? BtrfsFormat.ItemSize : BtrfsFormat.PointerSize));

    // struct btrfs_item: key, offset u32 from the end of the header, size u32.
    private int ItemOffset(int index) => BtrfsFormat.HeaderSize + (int)BinaryPrimitives.ReadUInt32LittleEndian(_data.AsSpan(EntryOffset(index) + BtrfsFormat.KeySize));

    private int ItemLength(int index) => (int)BinaryPrimitives.ReadUInt32LittleEndian(_data.AsSpan(EntryOffset(index) + BtrfsFormat.KeySize + sizeof(uint)));

    private void CheckOrder()
    {
        for (int i = 1; i < Count; i++)
        {
            if (Key(i - 1) >= Key(i))
            {
                throw Corrupt(Position, $"the keys {Key(i - 1)} and {Key(i)} of entries {i - 1} and {i} do not ascend");
            }
        }
    }

    // The data of the first item ends where the block ends, that of each other one where the data of the item before begins.
    private void CheckItems()
    {
        long end = _data.Length - BtrfsFormat.HeaderSize;
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<byte> item = _data.AsSpan(EntryOffset(i) + BtrfsFormat.KeySize);
            long offset = BinaryPrimitives.ReadUInt32LittleEndian(item);
            long size = BinaryPrimitives.ReadUInt32LittleEndian(item[sizeof(uint)..]);
            if (offset + size != end || offset < Count * BtrfsFormat.ItemSize)
            {
                throw Corrupt(Position, $"item {i} has {size} bytes at {offset}, they should end at {end} and begin after the {Count} items");
            }

            end = offset;
        }
    }

    private void CheckPointers(int sectorSize)
    {
        for (int i = 0; i < Count; i++)
        {
            if (Pointer(i).Logical % (uint)sectorSize != 0)
            {
                throw Corrupt(Position, $"pointer {i} is to address {Pointer(i).Logical}");
            }
        }
    }

    private static DiskFormatException Corrupt(long position, string detail) => DiskFormatException.Corrupt(Structure, position, detail);
}
