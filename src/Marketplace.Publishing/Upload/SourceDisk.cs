using System.Security.Cryptography;
using System.Text;
using Marketplace.DiskImages;
using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Formats;
using Marketplace.Publishing.Remote;

namespace Marketplace.Publishing.Upload;

/// <summary>An opened disk whose bytes as a fixed VHD, footer included, become a blob.</summary>
internal sealed class SourceDisk : IDisposable
{
    private readonly IDisposable _owner;
    private readonly (long Length, DateTime Modified) _opened;

    /// <summary>Wraps an opened content.</summary>
    /// <param name="source">What was asked for.</param>
    /// <param name="content">The bytes of the file, footer included.</param>
    /// <param name="owner">Closes the content.</param>
    /// <exception cref="PublishingException">MKT4033 when the length cannot be a page blob's.</exception>
    public SourceDisk(DiskSource source, DiskContent content, IDisposable owner)
    {
        Source = source;
        Content = content;
        _owner = owner;
        _opened = Look();
        if (content.Length <= PageBlobFormat.FooterSize || content.Length % PageBlobFormat.SectorSize != 0 || content.Length > PageBlobFormat.MaximumBlobSize)
        {
            throw NotPublishable(source.Path, $"it has {content.Length} bytes; a page blob has whole sectors of 512 bytes and at most 8 TiB");
        }
    }

    /// <summary>What was asked for.</summary>
    public DiskSource Source { get; }

    /// <summary>The bytes of the file, footer included: those of the blob.</summary>
    public DiskContent Content { get; }

    /// <summary>Virtual size in bytes: everything before the footer.</summary>
    public long VirtualSize => Content.Length - PageBlobFormat.FooterSize;

    /// <summary>The blob the disk is, when the service can copy it as it is; null when its bytes are sent.</summary>
    public RemoteDisk? CopySource { get; private init; }

    /// <summary>Opens a disk.</summary>
    /// <param name="source">What to open.</param>
    /// <param name="openRemote">Opens a disk at an address; null when there are none.</param>
    /// <exception cref="PublishingException">MKT4033 when it cannot be read or is not a fixed VHD, MKT4031 when a blob is not the one that was validated, and what opening a remote disk throws.</exception>
    public static SourceDisk Open(DiskSource source, Func<string, RemoteDisk>? openRemote = null)
    {
        DiskImage? image = null;
        try
        {
            RemoteDisk? remote = RemoteDiskAddress.IsAddress(source.Path) ? openRemote?.Invoke(source.Path) ?? throw new IOException("disks at an address are not read here") : null;
            if (remote is not null && source.RemoteVersion.Length > 0 && remote.ETag.ToString() != source.RemoteVersion)
            {
                remote.Dispose();
                throw new PublishingException("MKT4031", $"The blob '{source.Path}' was changed after it was validated. Build again and publish again.", source.Path);
            }

            image = remote is null ? DiskImage.Open(source.Path) : DiskImage.Open(remote);
            return new SourceDisk(source, Publishable(source, image), image) { CopySource = remote is { IsPageBlob: true } && image.Format == DiskFormat.FixedVhd ? remote : null };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or DiskFormatException)
        {
            image?.Dispose();
            throw NotPublishable(source.Path, exception.Message);
        }
        catch
        {
            image?.Dispose();
            throw;
        }
    }

    private static DiskContent Publishable(DiskSource source, DiskImage image) =>
        image.Format == DiskFormat.FixedVhd ? image.File
        : source.Convert && image.Disk is { Length: > 0 } disk ? new FixedVhdView(disk, IdentifierOf(source), TimeOf(source))
        : throw NotPublishable(source.Path, $"its bytes are those of: {image.Format}{(image.Problem is { } problem ? $" ({problem.Message})" : "")}");

    /// <summary>The same for the same file, so that publishing again makes the same footer.</summary>
    private static Guid IdentifierOf(DiskSource source) => new(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFileName(source.Path))).AsSpan(0, 16));

    private static DateTimeOffset TimeOf(DiskSource source) => RemoteDiskAddress.IsAddress(source.Path) ? DateTimeOffset.UnixEpoch.AddYears(30) : File.GetLastWriteTimeUtc(source.Path);

    /// <summary>The last 512 bytes.</summary>
    public byte[] ReadFooter()
    {
        byte[] footer = new byte[PageBlobFormat.FooterSize];
        Content.Read(VirtualSize, footer);
        return footer;
    }

    /// <summary>Checks that the file is still as it was when it was opened.</summary>
    /// <exception cref="PublishingException">MKT4031.</exception>
    public void CheckUnchanged()
    {
        if (Look() != _opened)
        {
            throw new PublishingException("MKT4031", $"The disk '{Source.Path}' was changed while it was uploaded. What was sent is a mixture and is not published. End what writes to it, build again and publish again.", Source.Path);
        }
    }

    /// <summary>Runs work on the disk's bytes; a failure to read them becomes a <see cref="PublishingException"/>.</summary>
    /// <param name="work">The work.</param>
    public async Task<T> ReadingAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is IOException or DiskFormatException)
        {
            CheckUnchanged();
            throw NotPublishable(Source.Path, exception.Message);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _owner.Dispose();

    private static PublishingException NotPublishable(string path, string why) =>
        new("MKT4033", $"The disk '{path}' cannot be published: {why.TrimEnd('.')}. Build the project to see what is wrong with it.", path);

    private (long Length, DateTime Modified) Look()
    {
        if (RemoteDiskAddress.IsAddress(Source.Path))
        {
            // Every read of a blob is pinned to the entity tag it was opened with.
            return default;
        }

        var file = new FileInfo(Source.Path);
        return file.Exists ? (file.Length, file.LastWriteTimeUtc) : (-1, default);
    }
}
