using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Marketplace.DiskImages.Content;
using Marketplace.Publishing.Storage;

namespace Marketplace.Publishing.Remote;

/// <summary>A blob read in place as a disk image: pinned to the length and the entity tag it had when it was opened.</summary>
public sealed class RemoteDisk : DiskContent
{
    /// <summary>More page ranges than this are not listed; the blob is then one allocated extent.</summary>
    private const int MaxRanges = 1_000_000;

    private readonly PageBlobClient _blob;
    private readonly BlobRangeReader _reader;
    private readonly Lazy<IReadOnlyList<Extent>> _allocated;

    private RemoteDisk(RemoteDiskAddress address, RemoteDiskClient client, BlobProperties properties)
    {
        Address = address;
        Client = client;
        Length = properties.ContentLength;
        ETag = properties.ETag;
        Modified = properties.LastModified;
        IsPageBlob = properties.BlobType == BlobType.Page;
        _blob = client.Blob;
        _reader = new BlobRangeReader(_blob, Length, ETag, Translate);
        _allocated = new(() => IsPageBlob ? ListRanges() : Whole());
    }

    /// <summary>Where the blob is.</summary>
    public RemoteDiskAddress Address { get; }

    /// <inheritdoc />
    public override long Length { get; }

    /// <summary>The entity tag: it changes with every write to the blob.</summary>
    public ETag ETag { get; }

    /// <summary>Time of the last change of the blob.</summary>
    public DateTimeOffset Modified { get; }

    /// <summary>Whether it is a page blob, of which the service knows the allocated ranges and which it can copy into an image.</summary>
    public bool IsPageBlob { get; }

    /// <summary>Bytes asked of the service so far.</summary>
    public long BytesRead => _reader.BytesRead;

    /// <summary>What opened the blob.</summary>
    internal RemoteDiskClient Client { get; }

    /// <summary>Opens a blob for reading; asks for its properties, not for its bytes.</summary>
    /// <param name="address">The blob.</param>
    /// <param name="account">The storage account the image is published to, whose credential serves for its own blobs; may be empty.</param>
    /// <param name="environment">Reads an environment variable: <c>AZURE_STORAGE_SOURCE_SAS_TOKEN</c> and the variables of the account.</param>
    /// <exception cref="PublishingException">MKT4022 or MKT4023 for the credential, MKT5001 to MKT5008 for what the service answered, MKT4035 when there is no such blob.</exception>
    public static RemoteDisk Open(RemoteDiskAddress address, string account, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(environment);
        var client = RemoteDiskClient.Find(address, account, environment);
        try
        {
            return new RemoteDisk(address, client, client.Blob.GetProperties());
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 409 || (exception.Status is 401 or 403 && client.IsAnonymous))
        {
            throw new PublishingException("MKT4035", $"There is no blob at {address.Uri}, or it is private and nothing that opens it is at hand (HTTP {exception.Status}). Check the address, and set AZURE_STORAGE_SOURCE_SAS_TOKEN to a SAS token that reads it, or the credential of its storage account when the image is published there.");
        }
        catch (Exception exception) when (ServiceErrors.IsServiceError(exception))
        {
            throw ServiceErrors.Translate(exception, address.Uri.Authority, "opening the disk");
        }
    }

    /// <inheritdoc />
    public override IEnumerable<Extent> GetAllocatedExtents() => _allocated.Value;

    /// <inheritdoc />
    protected override void ReadCore(long offset, Span<byte> destination) => _reader.Read(offset, destination, _allocated.Value);

    private IReadOnlyList<Extent> ListRanges()
    {
        List<Extent> ranges = [];
        try
        {
            foreach (PageRangeItem range in _blob.GetAllPageRanges(new GetPageRangesOptions { Conditions = new PageBlobRequestConditions { IfMatch = ETag } }))
            {
                if (!range.IsClear)
                {
                    ranges.Add(new Extent(range.Range.Offset, range.Range.Length ?? 0));
                }

                if (ranges.Count > MaxRanges)
                {
                    return Whole();
                }
            }
        }
        catch (Exception exception) when (ServiceErrors.IsServiceError(exception))
        {
            throw Translate(exception);
        }

        return Upload.PageRanges.Join(ranges);
    }

    private Extent[] Whole() => Length > 0 ? [new Extent(0, Length)] : [];

    /// <summary>The contract of a content: what the medium cannot do is an <see cref="IOException"/>.</summary>
    private IOException Translate(Exception exception) =>
        exception is RequestFailedException { Status: 412 }
            ? new IOException($"the blob {Address.Uri} was changed while it was read")
            : new IOException(ServiceErrors.Translate(exception, Address.Uri.Authority, "reading the disk").Message);
}
