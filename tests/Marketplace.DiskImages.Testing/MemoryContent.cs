using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Testing;

/// <summary>A sparse disk in memory. It never changes: <see cref="Patched"/> and <see cref="Resized"/> give another one that shares the pages.</summary>
internal sealed class MemoryContent : DiskContent
{
    public const int PageSize = 4096;

    private readonly SortedDictionary<long, byte[]> _pages;
    private readonly long _length;

    public MemoryContent(long length)
        : this(length, [])
    {
    }

    public MemoryContent(ReadOnlySpan<byte> data)
        : this(data.Length, []) => Write(0, data);

    private MemoryContent(long length, SortedDictionary<long, byte[]> pages)
    {
        _length = length;
        _pages = pages;
    }

    public override long Length => _length;

    /// <summary>Number of bytes that were asked for so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The same disk with other bytes at one place.</summary>
    public MemoryContent Patched(long offset, params ReadOnlySpan<byte> bytes)
    {
        MemoryContent copy = new(_length, new(_pages));
        copy.Write(offset, bytes);
        return copy;
    }

    /// <summary>The same disk cut or extended with zeros.</summary>
    public MemoryContent Resized(long length)
    {
        MemoryContent copy = new(length, []);
        byte[] page = new byte[PageSize];
        foreach (Extent extent in GetAllocatedExtents())
        {
            for (long offset = extent.Offset; offset < Math.Min(extent.End, length); offset += PageSize)
            {
                int count = (int)Math.Min(PageSize, Math.Min(length, _length) - offset);
                Read(offset, page.AsSpan(0, count));
                copy.Write(offset, page.AsSpan(0, count));
            }
        }

        return copy;
    }

    public byte[] ReadBytes(long offset, int count)
    {
        byte[] bytes = new byte[count];
        Read(offset, bytes);
        return bytes;
    }

    public override IEnumerable<Extent> GetAllocatedExtents()
    {
        long start = 0;
        long end = 0;
        foreach (long page in _pages.Keys)
        {
            long offset = page * PageSize;
            if (offset != end && end > start)
            {
                yield return new Extent(start, end - start);
            }

            start = offset == end ? start : offset;
            end = Math.Min(offset + PageSize, _length);
        }

        if (end > start)
        {
            yield return new Extent(start, end - start);
        }
    }

    /// <summary>Fills a disk that is being made; the pages are never shared with another one.</summary>
    internal void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, _length - offset);
        while (!bytes.IsEmpty)
        {
            int within = (int)(offset % PageSize);
            int count = Math.Min(bytes.Length, PageSize - within);
            byte[] page = _pages.TryGetValue(offset / PageSize, out byte[]? old) ? (byte[])old.Clone() : new byte[PageSize];
            bytes[..count].CopyTo(page.AsSpan(within));
            _pages[offset / PageSize] = page;
            bytes = bytes[count..];
            offset += count;
        }
    }

    protected override void ReadCore(long offset, Span<byte> destination)
    {
        BytesRead += destination.Length;
        while (!destination.IsEmpty)
        {
            int within = (int)(offset % PageSize);
            int count = Math.Min(destination.Length, PageSize - within);
            if (_pages.TryGetValue(offset / PageSize, out byte[]? page))
            {
                page.AsSpan(within, count).CopyTo(destination);
            }
            else
            {
                destination[..count].Clear();
            }

            destination = destination[count..];
            offset += count;
        }
    }
}
