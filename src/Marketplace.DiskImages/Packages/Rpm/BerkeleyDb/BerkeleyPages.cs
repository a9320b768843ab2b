using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Packages.Rpm.BerkeleyDb;

/// <summary>The pages of a hash file. Each belongs to one bucket or to one value, so each is read once: chains cannot run in circles.</summary>
/// <param name="content">The file.</param>
/// <param name="meta">Its meta page.</param>
internal sealed class BerkeleyPages(DiskContent content, BerkeleyHashMeta meta)
{
    private readonly HashSet<long> _seen = [];

    /// <summary>Reads a page.</summary>
    /// <param name="page">Its number.</param>
    /// <param name="types">The types it may have.</param>
    /// <exception cref="DiskFormatException">It is no such page, or was read before.</exception>
    public byte[] Read(long page, params ReadOnlySpan<byte> types)
    {
        long offset = page * meta.PageSize;
        if (page == 0 || page > meta.LastPage)
        {
            throw DiskFormatException.Corrupt(BerkeleyHashFormat.PageStructure, offset, $"the pages are numbered 1 to {meta.LastPage}");
        }

        if (!_seen.Add(page))
        {
            throw DiskFormatException.Corrupt(BerkeleyHashFormat.PageStructure, offset, "the page is used twice");
        }

        byte[] bytes = new byte[meta.PageSize];
        content.Read(offset, bytes);
        uint number = meta.U32(bytes, BerkeleyHashFormat.PageNumberOffset);
        byte type = bytes[BerkeleyHashFormat.PageTypeOffset];
        return number == page && types.Contains(type)
            ? bytes
            : throw DiskFormatException.Corrupt(BerkeleyHashFormat.PageStructure, offset, $"the page says it is number {number} of type {type}");
    }
}
