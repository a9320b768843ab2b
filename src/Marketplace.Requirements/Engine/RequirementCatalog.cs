using Marketplace.Requirements.Declaration;
using Marketplace.Requirements.Disks;
using Marketplace.Requirements.Linux;

namespace Marketplace.Requirements.Engine;

/// <summary>Every requirement, ordered by id.</summary>
internal static class RequirementCatalog
{
    /// <summary>The requirements; those of the container come first because what they find silences what follows from it.</summary>
    public static IReadOnlyList<Requirement> All { get; } =
    [
        new VhdFooterIsValid(),
        new VhdIsFixed(),
        new FileLengthMatchesFooter(),
        new SizeIsWholeMiB(),
        new DiskIsNotTooSmall(),
        new LinuxOSDiskSize(),
        new WindowsOSDiskSize(),
        new DataDiskSize(),
        new ZerosAreNotStored(),
        new FirstMebibyteIsFree(),
        new OneVhdPerDisk(),
        new DataDiskCount(),
        new DataDiskLuns(),
        new VersionForm(),
        new SameDataDiskCount(),
        new VhdFileName(),
        new BootGeneration(),
        new OSFamilyMatchesDisk(),
        new IdentifierForm(),
        new RecommendedSizeCount(),
        new AgentIsInstalled(),
        new AgentIsEnabled(),
        new HyperVDrivers(),
        new StorageDriverReset(),
        new NoLvm(),
        new SingleRootPartition(),
        new NoSwap(),
        new KernelConsole(),
        new KernelEarlyPrintk(),
        new KernelRootDelay(),
        new KernelParametersToAvoid(),
        new SshServerIsEnabled(),
        new SshKeepAlive(),
        new ResolverConfiguration(),
        new NoDefaultAccounts(),
        new NoShellHistory(),
        new Deprovisioned(),
        new SshHostKeys(),
        new RootPassword(),
        new KernelOptions(),
    ];
}
