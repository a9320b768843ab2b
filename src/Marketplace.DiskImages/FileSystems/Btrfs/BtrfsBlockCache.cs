namespace Marketplace.DiskImages.FileSystems.Btrfs;

/// <summary>Tree blocks read lately: the least recently used one makes room, so memory stays at <see cref="BtrfsFormat.CacheBytes"/>.</summary>
internal sealed class BtrfsBlockCache(int nodeSize)
{
    private readonly int _capacity = BtrfsFormat.CacheBytes / nodeSize;
    private readonly Dictionary<ulong, LinkedListNode<BtrfsBlock>> _index = [];
    private readonly LinkedList<BtrfsBlock> _recent = new();

    public BtrfsBlock? Find(ulong logical)
    {
        if (!_index.TryGetValue(logical, out LinkedListNode<BtrfsBlock>? node))
        {
            return null;
        }

        if (node != _recent.First)
        {
            _recent.Remove(node);
            _recent.AddFirst(node);
        }

        return node.Value;
    }

    public void Add(BtrfsBlock block)
    {
        if (_index.Count >= _capacity && _recent.Last is { } oldest)
        {
            _recent.RemoveLast();
            _index.Remove(oldest.Value.Logical);
        }

        _index.Add(block.Logical, _recent.AddFirst(block));
    }
}
