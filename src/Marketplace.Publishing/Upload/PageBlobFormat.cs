namespace Marketplace.Publishing.Upload;

/// <summary>Sizes and limits of page blobs and of the grid the content is divided by.</summary>
internal static class PageBlobFormat
{
    /// <summary>A page of a page blob in bytes: offsets and lengths of writes are multiples of it (Put Page).</summary>
    public const int SectorSize = 512;

    /// <summary>Length of a VHD footer in bytes.</summary>
    public const int FooterSize = 512;

    /// <summary>Granularity of the zero scan in bytes: the block of the file systems images hold.</summary>
    public const int ScanSize = 4096;

    /// <summary>A cell of the grid in bytes: the most one Put Page may carry, so that no write crosses a cell.</summary>
    public const int CellSize = 4 * 1024 * 1024;

    /// <summary>The largest page blob in bytes (8 TiB).</summary>
    public const long MaximumBlobSize = 8L * 1024 * 1024 * 1024 * 1024;

    /// <summary>
    /// The widest gap of zeros worth sending, in bytes: one blob takes 500 requests/s and 60 MiB/s (scalability targets of
    /// page blobs), so a request costs as much as 60 MiB / 500 = 123 KiB.
    /// </summary>
    public const int MaximumGap = 60 * 1024 * 1024 / 500 / ScanSize * ScanSize;

    /// <summary>Zeros that may be sent are at most a fifth of the non-zero bytes of a cell: below the 1.25 the whole upload is held to.</summary>
    public const int GapShare = 5;

    /// <summary>Tries of a write whose bytes did not arrive as they were sent.</summary>
    public const int MaximumWriteTries = 3;
}
