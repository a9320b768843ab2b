using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Marketplace.DiskImages.Content;
using Marketplace.Publishing.Storage;

namespace Marketplace.Publishing.Remote;

/// <summary>
/// Reads ranges of a blob through a small cache. A read that goes on where the last one ended asks for more and more at once;
/// ranges that are not allocated are zeros and never asked for.
/// </summary>
/// <param name="blob">The blob.</param>
/// <param name="length">Its length in bytes.</param>
/// <param name="etag">The entity tag every answer must have.</param>
/// <param name="translate">Turns a failure of the service into the exception to throw.</param>
internal sealed class BlobRangeReader(BlobBaseClient blob, long length, ETag etag, Func<Exception, IOException> translate)
{
    private const int BlockSize = 64 * 1024;

    /// <summary>Blocks of one request at most: 4 MiB.</summary>
    private const int MaxBlocksOfRequest = 64;

    /// <summary>Blocks that are kept: 16 MiB.</summary>
    private const int MaxBlocksKept = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, LinkedListNode<(long Number, byte[] Data)>> _blocks = [];
    private readonly LinkedList<(long Number, byte[] Data)> _order = [];
    private long _next = -1;
    private int _readAhead = 1;
    private long _bytesRead;

    /// <summary>Bytes asked of the service so far.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>Fills a range that lies inside the blob.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="destination">Receives the bytes.</param>
    /// <param name="allocated">The allocated extents of the blob, ascending.</param>
    public void Read(long offset, Span<byte> destination, IReadOnlyList<Extent> allocated)
    {
        while (!destination.IsEmpty)
        {
            long number = offset / BlockSize;
            int within = (int)(offset % BlockSize);
            int count = Math.Min(destination.Length, BlockSize - within);
            if (Find(number) is { } kept)
            {
                kept.AsSpan(within, count).CopyTo(destination);
            }
            else if (!IsAllocated(number, allocated))
            {
                destination[..count].Clear();
            }
            else
            {
                int wanted = (int)Math.Min(MaxBlocksOfRequest, ((long)within + destination.Length + BlockSize - 1) / BlockSize);
                byte[] data = Fetch(number, Extend(number, wanted, allocated));
                count = Math.Min(destination.Length, data.Length - within);
                data.AsSpan(within, count).CopyTo(destination);
            }

            destination = destination[count..];
            offset += count;
        }
    }

    private byte[]? Find(long number)
    {
        lock (_lock)
        {
            if (!_blocks.TryGetValue(number, out LinkedListNode<(long Number, byte[] Data)>? node))
            {
                return null;
            }

            _order.Remove(node);
            _order.AddFirst(node);
            return node.Value.Data;
        }
    }

    /// <summary>How many blocks to ask for: what is wanted, and more while reading goes on in sequence; ends where nothing is allocated or a block is there.</summary>
    private int Extend(long number, int wanted, IReadOnlyList<Extent> allocated)
    {
        lock (_lock)
        {
            _readAhead = number == _next ? Math.Min(_readAhead * 2, MaxBlocksOfRequest) : 1;
            int most = Math.Max(wanted, _readAhead);
            int count = 1;
            while (count < most && (number + count) * BlockSize < length && !_blocks.ContainsKey(number + count) && IsAllocated(number + count, allocated))
            {
                count++;
            }

            _next = number + count;
            return count;
        }
    }

    private byte[] Fetch(long number, int count)
    {
        long start = number * BlockSize;
        byte[] data = new byte[(int)Math.Min((long)count * BlockSize, length - start)];
        try
        {
            Response<BlobDownloadStreamingResult> answer = blob.DownloadStreaming(new BlobDownloadOptions { Range = new HttpRange(start, data.Length), Conditions = new BlobRequestConditions { IfMatch = etag } });
            using Stream body = answer.Value.Content;
            body.ReadExactly(data);
        }
        catch (Exception exception) when (exception is EndOfStreamException || ServiceErrors.IsServiceError(exception))
        {
            throw translate(exception);
        }

        Interlocked.Add(ref _bytesRead, data.Length);
        lock (_lock)
        {
            for (int i = 0; i < count; i++)
            {
                Keep(number + i, data.AsSpan(i * BlockSize, Math.Min(BlockSize, data.Length - (i * BlockSize))).ToArray());
            }
        }

        return data;
    }

    private void Keep(long number, byte[] block)
    {
        if (_blocks.Remove(number, out LinkedListNode<(long Number, byte[] Data)>? old))
        {
            _order.Remove(old);
        }

        _blocks.Add(number, _order.AddFirst((number, block)));
        if (_blocks.Count > MaxBlocksKept)
        {
            _blocks.Remove(_order.Last!.Value.Number);
            _order.RemoveLast();
        }
    }

    /// <summary>Whether any byte of a block is allocated.</summary>
    private static bool IsAllocated(long number, IReadOnlyList<Extent> allocated)
    {
        long start = number * BlockSize;
        int low = 0;
        int high = allocated.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = allocated[middle].End <= start ? (middle + 1, high) : (low, middle);
        }

        return low < allocated.Count && allocated[low].Offset < start + BlockSize;
    }
}
