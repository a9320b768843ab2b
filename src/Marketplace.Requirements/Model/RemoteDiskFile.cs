using Marketplace.DiskImages.Content;

namespace Marketplace.Requirements.Model;

/// <summary>A disk image that is read in place from elsewhere.</summary>
/// <param name="Content">All bytes of the file, footer included.</param>
/// <param name="Modified">Time of the last change.</param>
/// <param name="Version">What changes with every change of it, such as the entity tag of a blob.</param>
public sealed record RemoteDiskFile(DiskContent Content, DateTimeOffset Modified, string Version);
