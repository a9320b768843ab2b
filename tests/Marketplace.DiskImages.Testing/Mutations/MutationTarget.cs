using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>A reader and a good image for it, to be damaged in many small ways.</summary>
/// <param name="Name">For example <c>xfs-v5</c>: the format first, so that a run of one format can be asked for.</param>
/// <param name="Load">The good image.</param>
/// <param name="Read">Reads all that the reader gives; only <see cref="DiskFormatException"/> may come of it. Calls <see cref="MemoryMeter.Step"/> often.</param>
internal sealed record MutationTarget(string Name, Func<MemoryContent> Load, Action<DiskContent, MemoryMeter> Read)
{
    /// <summary>Where bytes are changed; by default where the reader reads in the good image.</summary>
    public Func<MemoryContent, IReadOnlyList<Extent>>? Regions { get; init; }

    /// <summary>Makes checksums of a mutant right again, so that the fields themselves are what is wrong.</summary>
    public Action<MutantContent>? Repair { get; init; }
}
