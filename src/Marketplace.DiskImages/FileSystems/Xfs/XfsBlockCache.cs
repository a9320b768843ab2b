using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.FileSystems.Xfs;

/// <summary>Ranges of metadata read lately: the least recently used ones make room, so memory stays at <see cref="XfsFormat.CacheBytes"/>.</summary>
internal sealed class XfsBlockCache(DiskContent content)
{
    private readonly Dictionary<(long Offset, int Length), LinkedListNode<(long Offset, byte[] Data)>> _index = [];
    private readonly LinkedList<(long Offset, byte[] Data)> _recent = new();
    private long _bytes;

    /// <summary>The bytes of a range, which the caller must not change.</summary>
    /// <param name="offset">Offset in bytes within the volume.</param>
    /// <param name="length">Length in bytes, at most a directory block.</param>
    public byte[] Read(long offset, int length)
    {
        if (_index.TryGetValue((offset, length), out LinkedListNode<(long Offset, byte[] Data)>? node))
        {
            _recent.Remove(node);
            _recent.AddFirst(node);
            return node.Value.Data;
        }

        byte[] data = new byte[length];
        content.Read(offset, data);
        _bytes += length;
        while (_bytes > XfsFormat.CacheBytes && _recent.Last is { } oldest)
        {
            _recent.RemoveLast();
            _index.Remove((oldest.Value.Offset, oldest.Value.Data.Length));
            _bytes -= oldest.Value.Data.Length;
        }

        _index.Add((offset, length), _recent.AddFirst((offset, data)));
        return data;
    }
}
