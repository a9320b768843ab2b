using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems.Xfs;

namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>XFS of both versions with each family of features, and logs that wait for replay.</summary>
internal static class XfsTargets
{
    private static readonly string[] Images =
    [
        "xfs-1k", "xfs-rhel8", "xfs-1k-n8k", "xfs-n64k", "xfs-2k-i1024", "xfs-s4096", "xfs-ag", "xfs-64k", "xfs-parent", "xfs-metauuid",
        "log-default", "log-rhel8", "log-wrap-32k", "log-wrap-256k", "log-1k-n8k", "log-stripe", "log-s4096", "log-reflink",
    ];

    // Version 4 has no checksums.
    private static readonly string[] ImagesV4 = ["xfs-v4", "xfs-v4-512", "xfs-v4-ci", "log-v4", "log-v4-v1", "log-v4-wrap"];

    public static IEnumerable<MutationTarget> All =>
    [
        .. Images.Concat(ImagesV4).Select(Damaged),

        // With checksums made right again the fields themselves are what is wrong.
        .. Images.Select(name =>
        {
            XfsChecksumRepair? repair = null;
            return Damaged(name) with
            {
                Name = name.Replace("log-", "xfs-log-", StringComparison.Ordinal) + "-repaired",
                Load = () =>
                {
                    MemoryContent image = Fixture.Load("Xfs/" + name);
                    repair = new XfsChecksumRepair(image);
                    return image;
                },
                Repair = mutant => repair!.Run(mutant),
            };
        }),
    ];

    private static MutationTarget Damaged(string name) =>
        new(name.Replace("log-", "xfs-log-", StringComparison.Ordinal), () => Fixture.Load("Xfs/" + name), Read);

    private static void Read(DiskContent volume, MemoryMeter meter) => FileSystemWalk.Run(() => XfsFileSystem.Open(volume), meter);
}
