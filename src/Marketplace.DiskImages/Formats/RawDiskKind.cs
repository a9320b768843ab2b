namespace Marketplace.DiskImages.Formats;

/// <summary>What a file without a VHD footer seems to be.</summary>
public enum RawDiskKind
{
    /// <summary>Nothing in it looks like a disk.</summary>
    Unknown,

    /// <summary>A whole disk that was never given a footer.</summary>
    RawDisk,

    /// <summary>A disk whose partition table describes more bytes than the file has: the end is missing, and with it the footer.</summary>
    Truncated,

    /// <summary>A VHD after whose footer bytes were appended.</summary>
    TrailingBytes,

    /// <summary>A VHD whose last 512 bytes are a footer but for its cookie.</summary>
    DamagedCookie,
}
