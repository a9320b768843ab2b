using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Registry.Cells;

/// <summary>Blocks of a hive read lately: the least recently used one makes room, so memory stays at <see cref="RegistryFormat.CacheBytes"/>.</summary>
/// <param name="content">The hive.</param>
/// <param name="length">What of the content is read, in bytes.</param>
internal sealed class HiveBlockCache(DiskContent content, long length)
{
    private const int BlockSize = RegistryFormat.CacheBlockSize;

    private readonly Dictionary<long, LinkedListNode<(long Block, byte[] Data)>> _index = [];
    private readonly LinkedList<(long Block, byte[] Data)> _recent = new();

    /// <param name="offset">First byte; the range lies inside the length.</param>
    /// <param name="destination">Receives the bytes.</param>
    public void Read(long offset, Span<byte> destination)
    {
        // What would push out everything else is not kept.
        if (destination.Length > BlockSize * 4)
        {
            content.Read(offset, destination);
            return;
        }

        while (!destination.IsEmpty)
        {
            int within = (int)(offset % BlockSize);
            int count = Math.Min(destination.Length, BlockSize - within);
            Block(offset / BlockSize).AsSpan(within, count).CopyTo(destination);
            destination = destination[count..];
            offset += count;
        }
    }

    private byte[] Block(long block)
    {
        if (_index.TryGetValue(block, out LinkedListNode<(long Block, byte[] Data)>? node))
        {
            _recent.Remove(node);
            _recent.AddFirst(node);
            return node.Value.Data;
        }

        byte[] data = new byte[(int)Math.Min(BlockSize, length - (block * BlockSize))];
        content.Read(block * BlockSize, data);
        if (_index.Count >= RegistryFormat.CacheBytes / BlockSize && _recent.Last is { } oldest)
        {
            _recent.RemoveLast();
            _index.Remove(oldest.Value.Block);
        }

        _index.Add(block, _recent.AddFirst((block, data)));
        return data;
    }
}
