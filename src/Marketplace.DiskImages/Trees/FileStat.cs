using Marketplace.DiskImages.FileSystems;

namespace Marketplace.DiskImages.Trees;

/// <summary>What <c>stat</c> tells about a file in a tree.</summary>
/// <param name="Path">The absolute path after links in its directories were followed.</param>
/// <param name="Kind">The type of the file.</param>
/// <param name="Mode">Permission bits, 0 to 0o7777.</param>
/// <param name="UserId">The owner's number.</param>
/// <param name="GroupId">The group's number.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Modified">Time of the last change of the data.</param>
public sealed record FileStat(string Path, FileKind Kind, int Mode, uint UserId, uint GroupId, long Size, DateTimeOffset Modified);
