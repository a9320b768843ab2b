namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>An item of a tree.</summary>
/// <param name="Leaf">The leaf that holds it.</param>
/// <param name="Index">Its number in the leaf.</param>
internal readonly record struct BtrfsItem(BtrfsBlock Leaf, int Index)
{
    public BtrfsKey Key => Leaf.Key(Index);

    public ReadOnlySpan<byte> Data => Leaf.ItemData(Index);

    /// <summary>Offset in bytes within the volume.</summary>
    public long Position => Leaf.ItemPosition(Index);
}
