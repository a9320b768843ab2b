using System.Globalization;

namespace Marketplace.Publishing.Upload;

/// <summary>Names of blobs: <c>publisher/offer/sku/version/os-name.vhd</c> and <c>…/lun0-name.vhd</c>.</summary>
internal static class BlobNames
{
    private const string Extension = ".vhd";

    /// <summary>The name of a disk's blob. Disks of one version differ by their prefix even where their files have equal names.</summary>
    /// <param name="identity">The version.</param>
    /// <param name="disk">The disk.</param>
    public static string Of(VersionIdentity identity, DiskSource disk)
    {
        string prefix = disk.Lun is { } lun ? string.Create(CultureInfo.InvariantCulture, $"lun{lun}") : "os";
        // White space, % and quotation marks break the portal's reading of a URI (MKT1016, MKT4009).
        string name = string.Concat(Path.GetFileNameWithoutExtension(disk.Path).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-'));
        return $"{Directory(identity)}/{prefix}-{name}{Extension}";
    }

    /// <summary>The directory of a version.</summary>
    /// <param name="identity">The version.</param>
    /// <exception cref="PublishingException">MKT4024 when a part cannot stand in a name.</exception>
    public static string Directory(VersionIdentity identity) =>
        $"{Part(identity.Publisher, "publisher")}/{Part(identity.Offer, "offer")}/{Part(identity.Sku, "SKU")}/{Part(identity.Version, "version")}";

    /// <summary>A part of a name, checked: two versions never share a blob because a character was replaced.</summary>
    /// <param name="value">The part.</param>
    /// <param name="what">What it is.</param>
    /// <exception cref="PublishingException">MKT4024.</exception>
    public static string Part(string value, string what) =>
        value.Length > 0 && value.Trim('.').Length == value.Length && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? value
            : throw new PublishingException("MKT4024", $"The {what} '{value}' cannot be part of a blob's name: it must be letters, digits, hyphens, underscores and full stops, and neither empty nor begin or end with a full stop. Correct it in the project.");
}
