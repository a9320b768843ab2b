using System.Globalization;
using System.Text;
using Marketplace.Publishing.Storage;
using Marketplace.Publishing.Upload;

namespace Marketplace.Publishing.Signing;

/// <summary>A signed URI.</summary>
/// <param name="Disk">The disk it opens.</param>
/// <param name="Uri">The URI with its signature: a secret.</param>
/// <param name="Expires">When it stops working.</param>
public sealed record SignedDisk(UploadedDisk Disk, Uri Uri, DateTimeOffset Expires)
{
    // The text of a record shows all members; this one must not show its signature.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(CultureInfo.InvariantCulture, $"{nameof(Uri)} = {StorageConnection.WithoutQuery(Uri)}?<redacted>, {nameof(Expires)} = {Expires:O}");
        return true;
    }
}
