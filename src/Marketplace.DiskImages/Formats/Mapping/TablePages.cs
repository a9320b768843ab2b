using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Formats.Mapping;

/// <summary>
/// A table of a file, read in pages as it is asked for: the least recently used page makes room, so memory does not follow
/// the size of the disk. Safe for several threads.
/// </summary>
/// <param name="file">The bytes of the file.</param>
/// <param name="pageSize">Bytes that are read at once: <see cref="PageSize"/>, or less for small tables with other data between them.</param>
internal sealed class TablePages(DiskContent file, int pageSize = TablePages.PageSize)
{
    /// <summary>Large enough that a table is read in few pieces, small enough for a disk that is read over a network.</summary>
    public const int PageSize = 64 << 10;

    /// <summary>Bytes kept: the tables of 1 TiB of VHD or 16 GiB of QCOW2 in clusters of 64 KiB.</summary>
    private const int MaxBytes = 2 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, LinkedListNode<(long Number, byte[] Data)>> _index = [];
    private readonly LinkedList<(long Number, byte[] Data)> _recent = new();

    /// <summary>Bytes of the file from an offset on, up to the end of their page; at least one.</summary>
    /// <param name="offset">An offset inside the file.</param>
    /// <param name="limit">The most bytes that are wanted.</param>
    public ReadOnlySpan<byte> Read(long offset, long limit)
    {
        int within = (int)(offset % pageSize);
        byte[] page = GetPage(offset / pageSize);
        return page.AsSpan(within, (int)Math.Min(limit, page.Length - within));
    }

    private byte[] GetPage(long number)
    {
        lock (_lock)
        {
            if (_index.TryGetValue(number, out LinkedListNode<(long Number, byte[] Data)>? node))
            {
                if (node != _recent.First)
                {
                    _recent.Remove(node);
                    _recent.AddFirst(node);
                }

                return node.Value.Data;
            }

            byte[] data = new byte[Math.Min(pageSize, file.Length - (number * pageSize))];
            file.Read(number * pageSize, data);
            if (_index.Count >= MaxBytes / pageSize && _recent.Last is { } oldest)
            {
                _recent.RemoveLast();
                _index.Remove(oldest.Value.Number);
            }

            _index.Add(number, _recent.AddFirst((number, data)));
            return data;
        }
    }
}
