using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.FileSystems.Btrfs;

namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>Btrfs with each family of features, as it is, with the checksums of its metadata made right again, and with files whose data has no checksums.</summary>
internal static class BtrfsTargets
{
    private const int InodeFlagsOffset = 0x40;

    public static IEnumerable<MutationTarget> All =>
    [
        .. ((string[])["default", "zstd", "sha256", "subvolumes", "log-data", "log-names", "raid0", "raid1"]).Select(name => new MutationTarget("btrfs-" + name, () => Load(name), Read)),
        .. ((string[])["lzo", "xxhash", "blake2", "old", "subvolumes", "suse", "fedora", "nodatasum", "log-data", "log-names"]).Select(Repaired),
        .. ((string[])["zlib", "lzo", "zstd", "sha256"]).Select(name => new MutationTarget($"btrfs-{name}-unverified", () => WithoutDataChecksums(Load(name)), Read)),
    ];

    private static MutationTarget Repaired(string name)
    {
        Lazy<BtrfsImage> image = new(() => new BtrfsImage(Load(name)));
        return new MutationTarget($"btrfs-{name}-repaired", () => image.Value.Content, Read)
        {
            Regions = _ => image.Value.UsedMetadata(),
            Repair = mutant => image.Value.Repair(mutant),
        };
    }

    private static MemoryContent Load(string name) => Fixture.Load("Btrfs/" + name);

    private static MemoryContent WithoutDataChecksums(MemoryContent image) =>
        new BtrfsImage(image).WithItem(BtrfsFormat.TopLevelId, key => key.Type == BtrfsFormat.InodeItemKey, InodeFlagsOffset, (byte)BtrfsInodeFlags.NoDataSum).Content;

    private static void Read(DiskContent volume, MemoryMeter meter)
    {
        FileSystemWalk.Run(() => BtrfsFileSystem.Open(volume), meter);
        foreach (FileNode root in BtrfsFileSystem.Open(volume).OtherRoots)
        {
            _ = root.Find("etc");
            meter.Step();
        }
    }
}
