namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>Every reader with the images that are damaged for it.</summary>
internal static class MutationTargets
{
    /// <summary>All targets, one file of them for each format.</summary>
    public static IReadOnlyList<MutationTarget> All { get; } =
    [
        .. FormatTargets.All,
        .. PartitionTargets.All,
        .. VolumeTargets.All,
        .. FatTargets.All,
        .. ExtTargets.All,
        .. XfsTargets.All,
        .. TreeTargets.All,
    ];
}
