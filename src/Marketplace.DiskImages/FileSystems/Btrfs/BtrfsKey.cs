using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>The key of an item; the items of a tree are in the order of their keys.</summary>
/// <param name="ObjectId">objectid: an inode, a tree, …</param>
/// <param name="Type">type: what the item is.</param>
/// <param name="Offset">offset: a position, a hash, an id, as the type has it.</param>
internal readonly record struct BtrfsKey(ulong ObjectId, byte Type, ulong Offset) : IComparable<BtrfsKey>
{
    // struct btrfs_disk_key: objectid u64, type u8, offset u64.
    public static BtrfsKey Parse(ReadOnlySpan<byte> raw) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(raw), raw[8], BinaryPrimitives.ReadUInt64LittleEndian(raw[9..]));

    public int CompareTo(BtrfsKey other)
    {
        int order = ObjectId.CompareTo(other.ObjectId);
        order = order != 0 ? order : Type.CompareTo(other.Type);
        return order != 0 ? order : Offset.CompareTo(other.Offset);
    }

    public static bool operator <(BtrfsKey left, BtrfsKey right) => left.CompareTo(right) < 0;

    public static bool operator >(BtrfsKey left, BtrfsKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(BtrfsKey left, BtrfsKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(BtrfsKey left, BtrfsKey right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"({ObjectId} {Type} {Offset})";
}
