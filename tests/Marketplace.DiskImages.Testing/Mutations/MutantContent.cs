using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>A good image with a few bytes changed, or cut off; the image itself is shared and stays as it is.</summary>
internal sealed class MutantContent(MemoryContent image) : DiskContent
{
    private readonly Dictionary<long, byte[]> _pages = [];
    private long _length = image.Length;

    public override long Length => _length;

    public override IEnumerable<Extent> GetAllocatedExtents() =>
        image.GetAllocatedExtents().Where(extent => extent.Offset < _length).Select(extent => extent with { Length = Math.Min(extent.End, _length) - extent.Offset });

    /// <summary>Where the pages begin that are not those of the image.</summary>
    public IEnumerable<long> ChangedPages => _pages.Keys.Select(number => number * MemoryContent.PageSize);

    /// <summary>Changes bytes; what would lie past the end is left out.</summary>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        for (int done = 0; done < bytes.Length && offset + done < image.Length;)
        {
            long number = (offset + done) / MemoryContent.PageSize;
            if (!_pages.TryGetValue(number, out byte[]? page))
            {
                page = new byte[MemoryContent.PageSize];
                image.Read(number * MemoryContent.PageSize, page.AsSpan(0, (int)Math.Min(page.Length, image.Length - (number * MemoryContent.PageSize))));
                _pages.Add(number, page);
            }

            int within = (int)((offset + done) % MemoryContent.PageSize);
            int count = Math.Min(bytes.Length - done, page.Length - within);
            bytes.Slice(done, count).CopyTo(page.AsSpan(within));
            done += count;
        }
    }

    public byte[] ReadBytes(long offset, int count)
    {
        byte[] bytes = new byte[count];
        Read(offset, bytes);
        return bytes;
    }

    /// <summary>Cuts the image off.</summary>
    public void Cut(long length) => _length = Math.Min(_length, length);

    protected override void ReadCore(long offset, Span<byte> destination)
    {
        image.Read(offset, destination);
        long end = offset + destination.Length;
        foreach ((long number, byte[] page) in _pages)
        {
            long start = number * MemoryContent.PageSize;
            long from = Math.Max(start, offset);
            long to = Math.Min(start + MemoryContent.PageSize, end);
            if (from < to)
            {
                page.AsSpan((int)(from - start), (int)(to - from)).CopyTo(destination[(int)(from - offset)..]);
            }
        }
    }
}
