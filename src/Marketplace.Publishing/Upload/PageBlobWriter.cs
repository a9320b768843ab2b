using System.Security.Cryptography;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Marketplace.DiskImages.Content;
using Marketplace.Publishing.Storage;

namespace Marketplace.Publishing.Upload;

/// <summary>Writes pages of one leased blob and proves that they arrived as they were sent.</summary>
internal sealed class PageBlobWriter(StorageConnection connection, PageBlobClient blob, string leaseId)
{
    private readonly List<Extent> _written = [];
    private long _bytesSent;
    private long _requests;

    /// <summary>Bytes of page writes so far.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    /// <summary>Page writes so far.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>What was written, ascending, adjacent runs joined.</summary>
    public IReadOnlyList<Extent> Written
    {
        get
        {
            lock (_written)
            {
                return PageRanges.Join(_written);
            }
        }
    }

    /// <summary>
    /// Writes runs of a buffer. Each carries its MD5; where the service answers with the MD5 it computed, that proves the write,
    /// else (the emulator) the span of the runs is read back and compared.
    /// </summary>
    /// <param name="offset">Offset of the buffer in the blob, in bytes.</param>
    /// <param name="bytes">The buffer; must not change until this ends.</param>
    /// <param name="runs">Runs of the buffer, ascending, relative to its start.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="PublishingException">MKT4030, MKT4034 when bytes arrive changed again and again, MKT5xxx.</exception>
    public async Task WriteAsync(long offset, ReadOnlyMemory<byte> bytes, IReadOnlyList<Extent> runs, CancellationToken cancellationToken)
    {
        if (runs.Count == 0)
        {
            return;
        }

        for (int attempt = 1; ; attempt++)
        {
            bool proven = true;
            foreach (Extent run in runs)
            {
                proven &= await WriteRunAsync(offset + run.Offset, bytes.Slice((int)run.Offset, (int)run.Length), cancellationToken);
            }

            int start = (int)runs[0].Offset;
            if (proven || await IsEqualAsync(offset + start, bytes[start..(int)runs[^1].End], cancellationToken))
            {
                break;
            }

            if (attempt == PageBlobFormat.MaximumWriteTries)
            {
                throw BlobVerification.Failed(blob, $"bytes at offset {offset} arrived changed {attempt} times");
            }
        }

        lock (_written)
        {
            _written.AddRange(runs.Select(run => new Extent(offset + run.Offset, run.Length)));
        }
    }

    /// <summary>Whether the blob has these bytes.</summary>
    /// <param name="offset">Offset in the blob, in bytes.</param>
    /// <param name="expected">What it should have there.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<bool> IsEqualAsync(long offset, ReadOnlyMemory<byte> expected, CancellationToken cancellationToken) =>
        BlobVerification.IsEqualAsync(connection, blob, offset, expected, cancellationToken);

    private async Task<bool> WriteRunAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        CheckBounds(offset, bytes.Length);
        byte[] hash = ComputeMd5(bytes.Span);
        for (int attempt = 1; ; attempt++)
        {
            Interlocked.Increment(ref _requests);
            Interlocked.Add(ref _bytesSent, bytes.Length);
            PageInfo? answer = await connection.CallAsync("writing pages", () => PutAsync(offset, bytes, hash, cancellationToken), cancellationToken);
            if (answer is not null)
            {
                return answer.ContentHash is { } computed && computed.AsSpan().SequenceEqual(hash);
            }

            if (attempt == PageBlobFormat.MaximumWriteTries)
            {
                throw BlobVerification.Failed(blob, $"the service refused the bytes at offset {offset} as changed on the way {attempt} times");
            }
        }
    }

    // Null when the service found that the bytes changed on the way.
    private async Task<PageInfo?> PutAsync(long offset, ReadOnlyMemory<byte> bytes, byte[] hash, CancellationToken cancellationToken)
    {
        var options = new PageBlobUploadPagesOptions
        {
            Conditions = new PageBlobRequestConditions { LeaseId = leaseId },
            TransferValidation = new UploadTransferValidationOptions { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5, PrecalculatedChecksum = hash },
        };
        try
        {
            using Stream body = BinaryData.FromBytes(bytes).ToStream();
            return await blob.UploadPagesAsync(body, offset, options, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.Md5Mismatch)
        {
            return null;
        }
        catch (RequestFailedException exception) when (HeldLease.IsConflict(exception))
        {
            throw HeldLease.Taken(blob);
        }
    }

    // The emulator accepts writes the service refuses, so nothing below may rely on its judgement.
    private static void CheckBounds(long offset, int length)
    {
        if (offset % PageBlobFormat.SectorSize != 0 || length % PageBlobFormat.SectorSize != 0 || length is <= 0 or > PageBlobFormat.CellSize)
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, "A page write is 512 bytes to 4 MiB, in whole sectors.");
        }
    }

    private static byte[] ComputeMd5(ReadOnlySpan<byte> bytes)
    {
#pragma warning disable CA5351 // Content-MD5 is the checksum Put Page takes; it guards against accidents, not against attackers.
        return MD5.HashData(bytes);
#pragma warning restore CA5351
    }
}
