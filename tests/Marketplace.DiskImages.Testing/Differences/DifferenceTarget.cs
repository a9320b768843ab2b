using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Testing.Differences;

/// <summary>An image whose metadata has checksums, and what a reader says about it.</summary>
/// <param name="Name">The format first.</param>
/// <param name="Load">The good image.</param>
/// <param name="Describe">Reads all that the reader gives. Data without a checksum is read by single bytes only when the ranges of metadata are looked for.</param>
/// <param name="Regions">Where the metadata is that has a checksum and that the reader reads.</param>
internal sealed record DifferenceTarget(string Name, Func<MemoryContent> Load, Func<DiskContent, ContentDigest> Describe, Func<MemoryContent, IReadOnlyList<Extent>> Regions)
{
    /// <summary>Other places that hold the same bytes and are to be damaged alike, because a good copy would be read instead.</summary>
    public Func<MemoryContent, Func<long, IEnumerable<long>>> Copies { get; init; } = _ => _ => [];
}
