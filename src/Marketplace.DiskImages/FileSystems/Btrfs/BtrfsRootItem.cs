using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>Where a tree of the root tree begins, and of a subvolume where its files begin: struct btrfs_root_item.</summary>
/// <param name="Root">The tree.</param>
/// <param name="DirectoryId">root_dirid: the inode of the root directory of a subvolume.</param>
/// <param name="References">refs: 0 for a subvolume that is being deleted.</param>
/// <param name="Flags">flags.</param>
internal readonly record struct BtrfsRootItem(BtrfsTreeRoot Root, ulong DirectoryId, uint References, BtrfsRootFlags Flags)
{
    internal const string Structure = "Btrfs root item";

    /// <summary>Bytes of the item of Linux before 3.6, and of all later ones.</summary>
    private const int OldSize = 239;

    private const int NewSize = 439;

    /// <summary>Parses a root item. It begins with an inode item, of which only old tools made use.</summary>
    /// <exception cref="DiskFormatException">The item is damaged.</exception>
    public static BtrfsRootItem Parse(BtrfsItem item)
    {
        ReadOnlySpan<byte> raw = item.Data;
        if (raw.Length is not (OldSize or NewSize) || raw[0xEE] > BtrfsFormat.MaxLevel)
        {
            throw DiskFormatException.Corrupt(Structure, item.Position, $"the item {item.Key} has {raw.Length} bytes" + (raw.Length > 0xEE ? $" and level {raw[0xEE]}" : ""));
        }

        BtrfsTreeRoot root = new(item.Key.ObjectId, U64(raw, 0xB0), raw[0xEE], U64(raw, 0xA0));
        return new BtrfsRootItem(root, U64(raw, 0xA8), BinaryPrimitives.ReadUInt32LittleEndian(raw[0xD8..]), (BtrfsRootFlags)U64(raw, 0xD0));
    }

    private static ulong U64(ReadOnlySpan<byte> raw, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(raw[offset..]);
}
