namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>Every reader with the images that are damaged for it.</summary>
internal static class MutationTargets
{
    /// <summary>All targets, one file of them for each format.</summary>
    public static IReadOnlyList<MutationTarget> All { get; } =
    [
        .. FormatTargets.All,
        .. ContainerTargets.All,
        .. PartitionTargets.All,
        .. VolumeTargets.All,
        .. LvmTargets.All,
        .. FatTargets.All,
        .. ExtTargets.All,
        .. BtrfsTargets.All,
        .. NtfsTargets.All,
        .. XfsTargets.All,
        .. TreeTargets.All,
        .. RegistryTargets.All,
        .. ExecutableTargets.All,
        .. PackageTargets.All,
        .. InitialRamDiskTargets.All,
    ];
}
