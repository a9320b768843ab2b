using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Marketplace.DiskImages.Content;
using Marketplace.Publishing.Storage;

namespace Marketplace.Publishing.Upload;

/// <summary>Compares a blob with what should be in it.</summary>
internal static class BlobVerification
{
    private const int ReadSize = 128 * 1024;
    private const int MaximumReads = 8;

    /// <summary>Whether a blob has these bytes.</summary>
    /// <param name="connection">The container.</param>
    /// <param name="blob">The blob.</param>
    /// <param name="offset">Offset in the blob, in bytes.</param>
    /// <param name="expected">What it should have there.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static Task<bool> IsEqualAsync(StorageConnection connection, BlobBaseClient blob, long offset, ReadOnlyMemory<byte> expected, CancellationToken cancellationToken) =>
        CompareAsync(connection, blob, offset, expected.Length, (position, bytes) => bytes.SequenceEqual(expected.Span.Slice(position, bytes.Length)), cancellationToken);

    /// <summary>Checks that the service lists what was written as the blob's page ranges, and that anything else it lists is zeros.</summary>
    /// <param name="connection">The container.</param>
    /// <param name="blob">The blob.</param>
    /// <param name="written">What was written, joined.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="PublishingException">MKT4034.</exception>
    public static async Task CheckRangesAsync(StorageConnection connection, PageBlobClient blob, IReadOnlyList<Extent> written, CancellationToken cancellationToken)
    {
        IReadOnlyList<Extent> listed = await connection.CallAsync("listing page ranges", ListAsync, cancellationToken);
        if (PageRanges.Subtract(written, listed).Select(extent => (Extent?)extent).FirstOrDefault() is { } missing)
        {
            throw Failed(blob, $"{missing.Length} bytes at offset {missing.Offset} were sent and are not there");
        }

        foreach (Extent extra in PageRanges.Subtract(listed, written))
        {
            for (long position = extra.Offset; position < extra.End; position += PageBlobFormat.CellSize)
            {
                int length = (int)Math.Min(PageBlobFormat.CellSize, extra.End - position);
                if (!await CompareAsync(connection, blob, position, length, (_, bytes) => bytes.IndexOfAnyExcept((byte)0) < 0, cancellationToken))
                {
                    throw Failed(blob, $"{length} bytes at offset {position} are there and were not sent");
                }
            }
        }

        async Task<IReadOnlyList<Extent>> ListAsync()
        {
            List<Extent> ranges = [];
            await foreach (PageRangeItem range in blob.GetAllPageRangesAsync(cancellationToken: cancellationToken))
            {
                if (!range.IsClear)
                {
                    ranges.Add(new Extent(range.Range.Offset, range.Range.Length ?? 0));
                }
            }

            return PageRanges.Join(ranges);
        }
    }

    /// <summary>A blob is not what was sent.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="what">What differs.</param>
    public static PublishingException Failed(BlobBaseClient blob, string what) =>
        new("MKT4034", $"The blob '{blob.Name}' is not what was sent: {what}. It stays marked as incomplete and is not published. Something between this machine and the service changes data (a proxy, a faulty network device), or another program wrote to the blob; publish again.");

    private delegate bool CompareBytes(int position, ReadOnlySpan<byte> bytes);

    private static Task<bool> CompareAsync(StorageConnection connection, BlobBaseClient blob, long offset, int length, CompareBytes compare, CancellationToken cancellationToken)
    {
        return connection.CallAsync("reading back what was written", TryReadAsync, cancellationToken);

        async Task<bool> TryReadAsync()
        {
            for (int attempt = 1; ; attempt++)
            {
                try
                {
                    return await ReadAsync();
                }
                catch (Exception exception) when (attempt < MaximumReads && exception is (IOException or RequestFailedException { Status: 412 }))
                {
                    // An answer that broke off is continued by the client library only while the blob stays as it was, and other
                    // senders write to it; and not always even then: begin again.
                }
            }
        }

        async Task<bool> ReadAsync()
        {
            Response<BlobDownloadStreamingResult> answer = await blob.DownloadStreamingAsync(new BlobDownloadOptions { Range = new HttpRange(offset, length) }, cancellationToken);
            await using Stream body = answer.Value.Content;
            byte[] buffer = new byte[Math.Min(ReadSize, length)];
            int position = 0;
            while (position < length)
            {
                int read = await body.ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, length - position)), cancellationToken);
                if (read == 0 || !compare(position, buffer.AsSpan(0, read)))
                {
                    return false;
                }

                position += read;
            }

            return true;
        }
    }
}
