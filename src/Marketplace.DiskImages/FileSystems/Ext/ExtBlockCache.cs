using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.FileSystems.Ext;

/// <summary>Metadata blocks read lately: the least recently used one makes room, so memory stays at <see cref="ExtFormat.CacheBytes"/>.</summary>
internal sealed class ExtBlockCache(DiskContent content, int blockSize)
{
    private readonly int _capacity = ExtFormat.CacheBytes / blockSize;
    private readonly Dictionary<long, LinkedListNode<(long Block, byte[] Data)>> _index = [];
    private readonly LinkedList<(long Block, byte[] Data)> _recent = new();

    /// <summary>The bytes of a block, which the caller must not change.</summary>
    /// <param name="block">A block inside the file system.</param>
    public byte[] Read(long block)
    {
        if (_index.TryGetValue(block, out LinkedListNode<(long Block, byte[] Data)>? node))
        {
            _recent.Remove(node);
            _recent.AddFirst(node);
            return node.Value.Data;
        }

        byte[] data = new byte[blockSize];
        content.Read(block * blockSize, data);
        if (_index.Count >= _capacity && _recent.Last is { } oldest)
        {
            _recent.RemoveLast();
            _index.Remove(oldest.Value.Block);
        }

        _index.Add(block, _recent.AddFirst((block, data)));
        return data;
    }
}
