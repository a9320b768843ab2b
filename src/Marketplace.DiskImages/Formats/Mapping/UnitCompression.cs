namespace Marketplace.DiskImages.Formats.Mapping;

/// <summary>How a unit of a disk is compressed.</summary>
internal enum UnitCompression
{
    /// <summary>Raw deflate (RFC 1951).</summary>
    Deflate,

    /// <summary>zlib (RFC 1950).</summary>
    Zlib,

    /// <summary>Zstandard (RFC 8878).</summary>
    Zstd,
}
