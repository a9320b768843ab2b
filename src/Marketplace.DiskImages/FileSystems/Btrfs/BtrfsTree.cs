namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>
/// A tree of items. Each step down is checked against the pointer above it (address, generation, level, first key) and
/// against the range of keys it may hold, so that no walk can come back to a block it has left.
/// </summary>
internal sealed class BtrfsTree(BtrfsStorage storage, BtrfsTreeRoot root)
{
    public ulong Id => root.TreeId;

    public BtrfsStorage Storage => storage;

    /// <summary>Whether the tree holds files.</summary>
    public bool IsSubvolume => root.TreeId is BtrfsFormat.TopLevelId or (>= BtrfsFormat.FirstFreeId and < 1UL << BtrfsFormat.IdBits);

    /// <summary>The item of that key; null when there is none.</summary>
    /// <exception cref="DiskFormatException">A block on the way is damaged.</exception>
    public BtrfsItem? Find(BtrfsKey key) => FindLast(key) is { } item && item.Key == key ? item : null;

    /// <summary>The item with the highest key that is not above the key; null when there is none.</summary>
    /// <exception cref="DiskFormatException">A block on the way is damaged.</exception>
    public BtrfsItem? FindLast(BtrfsKey key)
    {
        BtrfsBlock leaf = storage.RecentLeafOf(this) is { Count: > 0 } last && last.Key(0) <= key && last.Key(last.Count - 1) >= key ? last : Descend(key, null);
        int index = leaf.FindLast(key);
        return index < 0 ? null : new BtrfsItem(leaf, index);
    }

    /// <summary>The items from a key on, in the order of keys.</summary>
    /// <param name="start">The lowest key.</param>
    /// <exception cref="DiskFormatException">A block on the way is damaged.</exception>
    public IEnumerable<BtrfsItem> From(BtrfsKey start)
    {
        Stack<Step> path = new(BtrfsFormat.MaxLevel);
        BtrfsBlock leaf = Descend(start, path);
        int index = leaf.FindLast(start);
        index = index >= 0 && leaf.Key(index) == start ? index : index + 1;
        while (true)
        {
            for (; index < leaf.Count; index++)
            {
                yield return new BtrfsItem(leaf, index);
            }

            if (Next(path) is not { } next)
            {
                yield break;
            }

            leaf = next;
            index = 0;
        }
    }

    /// <summary>The leaf that holds the key if any does; the path receives the blocks above it, lowest on top.</summary>
    private BtrfsBlock Descend(BtrfsKey key, Stack<Step>? path)
    {
        Step step = new(Root(), 0, null);
        while (step.Block.Level > 0)
        {
            step = step with { Index = Math.Max(0, step.Block.FindLast(key)) };
            path?.Push(step);
            step = Below(step);
        }

        storage.SetRecentLeaf(this, step.Block);
        return step.Block;
    }

    /// <summary>The leaf after the one the path leads to; null after the last one.</summary>
    private BtrfsBlock? Next(Stack<Step> path)
    {
        while (path.TryPop(out Step step))
        {
            if (step.Index + 1 >= step.Block.Count)
            {
                continue;
            }

            step = step with { Index = step.Index + 1 };
            path.Push(step);
            for (Step below = Below(step); ; below = Below(below))
            {
                if (below.Block.Level == 0)
                {
                    storage.SetRecentLeaf(this, below.Block);
                    return below.Block;
                }

                path.Push(below);
            }
        }

        return null;
    }

    private BtrfsBlock Root()
    {
        BtrfsBlock block = storage.ReadBlock(root.Logical, root.Level, root.Generation);
        if (!IsOwner(block.Owner))
        {
            throw DiskFormatException.Corrupt(BtrfsBlock.Structure, block.Position, $"owner is {block.Owner}, the block is the root of tree {root.TreeId}");
        }

        return block;
    }

    /// <summary>The block below a pointer, with its first entry.</summary>
    private Step Below(Step step)
    {
        BtrfsBlock parent = step.Block;
        (ulong logical, ulong generation) = parent.Pointer(step.Index);
        BtrfsBlock block = storage.ReadBlock(logical, parent.Level - 1, generation);
        BtrfsKey? end = step.Index + 1 < parent.Count ? parent.Key(step.Index + 1) : step.End;
        if (block.Count == 0 || block.Key(0) != parent.Key(step.Index) || (end is { } limit && block.Key(block.Count - 1) >= limit) || !IsOwner(block.Owner))
        {
            throw DiskFormatException.Corrupt(
                BtrfsBlock.Structure,
                block.Position,
                $"the block of owner {block.Owner} does not hold the keys from {parent.Key(step.Index)} to below {end?.ToString() ?? "the end"} that the block above says (tree {root.TreeId})");
        }

        return new Step(block, 0, end);
    }

    // A subvolume shares blocks with those it is or was a snapshot of; every other tree has its own.
    private bool IsOwner(ulong owner) => IsSubvolume || owner == root.TreeId;

    /// <summary>A block on the way, the pointer that is followed, and the key all keys below must stay under.</summary>
    private readonly record struct Step(BtrfsBlock Block, int Index, BtrfsKey? End);
}
