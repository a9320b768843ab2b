using Marketplace.DiskImages.FileSystems.Fat;

namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>FAT file systems.</summary>
internal static class FatTargets
{
    public static IEnumerable<MutationTarget> All => ((string[])["fat12", "fat16", "fat32"]).Select(name =>
        new MutationTarget(name, () => Fixture.Load("Fat/" + name), (volume, meter) => FileSystemWalk.Run(() => FatFileSystem.Open(volume), meter)));
}
